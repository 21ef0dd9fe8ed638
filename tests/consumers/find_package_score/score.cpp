// The Fréchet distance of two sets of two rows, which differ by 3 in one column and by 4 in the other.

#include <ctgan/score/frechet.hpp>

#include <cstdio>

using namespace ctgan;

int main() {
    const score::Features real{2, 2, {0, 0, 1, 1}}, generated{2, 2, {3, 4, 4, 5}};
    std::printf("Frechet distance %.6f, of equal sets %.6f\n", score::frechet(real, generated),
                score::frechet(real, real));
}
