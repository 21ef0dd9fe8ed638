#include "../../examples/replay/conditional_cases.hpp"

#include <ctgan/dcgan.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <cstddef>
#include <string>

namespace {

/// The networks with several inputs of layers2.safetensors, which PyTorch computed in double. `limit` is the
/// largest allowed relative L2 distance.
template <class T>
void check(double limit) {
    const auto file =
        ctgan::io::SafetensorsFile::open(std::string(CTGAN_GOLDEN_DIR) + "/layers2.safetensors");
    std::size_t compared = 0;
    for (const auto& [name, distances] :
         replay::replay_layers<T, TestBackend>(file, replay::conditional_cases))
        for (const auto& [what, distance] : distances) {
            BOOST_TEST(distance <= limit, name << " " << what << " is off by " << distance);
            ++compared;
        }
    BOOST_TEST(compared == 6U); // the output, also of a Frozen network, and four gradients
}

} // namespace

BOOST_AUTO_TEST_CASE(networks_with_several_inputs_in_double_equal_pytorch_s) { check<double>(1e-12); }
BOOST_AUTO_TEST_CASE(networks_with_several_inputs_in_float_equal_pytorch_s) { check<float>(2e-5); }
