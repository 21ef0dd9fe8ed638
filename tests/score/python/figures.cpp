// Prints the library's scores of the sets that figures.py makes, too. One line for each: NAME VALUE.

#include <ctgan/score/classes.hpp>
#include <ctgan/score/frechet.hpp>
#include <ctgan/score/kernel.hpp>
#include <ctgan/score/neighbours.hpp>

#include "../sets.hpp"
#include <cstdio>

using namespace ctgan;

namespace {

void print(const char* name, double value) { std::printf("%s %.17g\n", name, value); }

void print_sets(const char* names[6], const score::Features& real, const score::Features& generated, int k) {
    print(names[0], score::frechet(real, generated));
    print(names[1],
          score::kernel(real, generated, {.subsets = 1, .subset_size = real.count}).mean); // all rows
    const score::Neighbours neighbours = score::neighbours(real, generated, k);
    print(names[2], neighbours.precision);
    print(names[3], neighbours.recall);
    print(names[4], neighbours.density);
    print(names[5], neighbours.coverage);
}

} // namespace

int main() {
    const char* normal[] = {"normal.frechet", "normal.kernel",  "normal.precision",
                            "normal.recall",  "normal.density", "normal.coverage"};
    print_sets(normal, made_features(1000, 64, 1), made_features(1000, 64, 2, 1.0625, 0.125), 5);
    const char* few[] = {"few.frechet", "few.kernel",  "few.precision",
                         "few.recall",  "few.density", "few.coverage"};
    print_sets(few, made_features(60, 84, 3), made_features(60, 84, 4, 1.0625, 0.125), 3);
    const score::Classes classes = score::classes(made_features(1000, 10, 5, 4));
    print("classes.score", classes.score);
    print("classes.chi_square", classes.chi_square);
}
