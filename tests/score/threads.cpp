#include <ctgan/score/classes.hpp>
#include <ctgan/score/frechet.hpp>
#include <ctgan/score/kernel.hpp>
#include <ctgan/score/nearest.hpp>
#include <ctgan/score/neighbours.hpp>

#include <boost/test/unit_test.hpp>

#include "../with_threads.hpp"
#include "sets.hpp"
#include <vector>

using namespace ctgan;

namespace {

/// Every number that the scores of two sets have.
std::vector<double> all_numbers(const score::Features& real, const score::Features& generated) {
    const score::Moments moments = score::moments(real);
    std::vector<double> numbers = moments.mean;
    const auto append = [&](const std::vector<double>& more) {
        numbers.insert(numbers.end(), more.begin(), more.end());
    };
    append(moments.r);
    numbers.push_back(score::frechet(real, generated));
    const score::Kernel kernel =
        score::kernel(real, generated, {.subsets = 9, .subset_size = 100, .seed = 1});
    append({kernel.mean, kernel.deviation});
    append(score::radii(real).squared);
    const score::Neighbours neighbours = score::neighbours(real, generated);
    append({neighbours.precision, neighbours.recall, neighbours.density, neighbours.coverage});
    const score::Nearest nearest = score::nearest(generated, real);
    append({nearest.index.begin(), nearest.index.end()});
    append(nearest.distance);
    const score::Classes classes = score::classes(generated);
    append({classes.score, classes.chi_square});
    return numbers;
}

} // namespace

BOOST_AUTO_TEST_CASE(scores_are_the_same_bits_for_any_number_of_threads) {
    const score::Features real = made_features(2100, 21, 1),
                          generated = made_features(1500, 21, 2, 1.0625, 0.125);
    std::vector<std::vector<double>> numbers;
    for (const int threads : {1, 2, 3, 8}) {
        const WithThreads scope(threads);
        numbers.push_back(all_numbers(real, generated));
    }
    for (const auto& others : numbers) BOOST_TEST((others == numbers.front()));
}
