#include <ctgan/layers/linear.hpp>

#include "integers.hpp"

using namespace ctgan;

namespace {

template <int In, int Out>
void check(int batch) {
    integers::check_layer<Linear<In, Out>, Flat<In>>(batch, [](int count, const auto& visit) {
        for (Index n = 0; n < count; ++n)
            for (Index o = 0; o < Out; ++o)
                for (Index i = 0; i < In; ++i) visit(n * In + i, o * In + i, n * Out + o);
    });
}

template <int In, int Out>
void check_batches() {
    for (const int batch : {1, 2, 3, 4, 7, 16, 33}) check<In, Out>(batch);
}

} // namespace

BOOST_AUTO_TEST_CASE(linear_is_exact_on_whole_numbers) {
    check_batches<5, 7>();
    check_batches<1, 3>();
    check_batches<33, 17>();
    check_batches<100, 35>();
    check_batches<64, 16>();
}

BOOST_AUTO_TEST_CASE(linear_to_a_single_output_is_exact_on_whole_numbers) {
    check_batches<17, 1>();
    check_batches<360, 1>();
}
