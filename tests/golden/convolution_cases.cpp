#include "../../examples/replay/convolution_cases.hpp"

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <cstddef>
#include <string>

namespace {

/// Convolutions of every geometry and layers without bias against layers2.safetensors; `limit` is the largest
/// allowed relative L2 distance.
template <class T>
void check_convolutions(double limit) {
    const auto file =
        ctgan::io::SafetensorsFile::open(std::string(CTGAN_GOLDEN_DIR) + "/layers2.safetensors");
    std::size_t compared = 0;
    for (const auto& [name, distances] :
         replay::replay_layers<T, TestBackend>(file, replay::convolution_cases))
        for (const auto& [what, distance] : distances) {
            BOOST_TEST(distance <= limit, name << " " << what << " is off by " << distance);
            ++compared;
        }
    // Thirteen layers: output, output of Frozen, gradients with respect to input and weight; ten have a bias.
    BOOST_TEST(compared == 13U * 4 + 10);
}

} // namespace

BOOST_AUTO_TEST_CASE(convolutions_of_every_geometry_in_double_equal_pytorch_s) {
    check_convolutions<double>(1e-12);
}

BOOST_AUTO_TEST_CASE(convolutions_of_every_geometry_in_float_equal_pytorch_s) {
    check_convolutions<float>(2e-5);
}
