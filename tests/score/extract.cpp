// Features and logits of pictures: which bytes a generated picture becomes, and that a row depends on its
// picture alone.

#include <ctgan/core/random.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/find_labels.hpp>
#include <ctgan/io/idx.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/tensors_checksum.hpp>
#include <ctgan/io/weights.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/score/extract.hpp>
#include <ctgan/score/lenet.hpp>

#include <boost/test/unit_test.hpp>

#include "../with_threads.hpp"
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ctgan;

namespace {

using Digit = Image<1, 28, 28>;
using LeNet = Network<score::LeNet<Digit>>;

const std::filesystem::path shipped = std::filesystem::path(CTGAN_GOLDEN_DIR) / "../../examples/data";

/// Pictures of random bytes.
std::vector<std::uint8_t> noise(std::size_t count, std::uint64_t seed) {
    std::vector<std::uint8_t> bytes(count * Digit::size);
    const random::Stream stream{.seed = seed};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(stream.bits(static_cast<Index>(i)) >> 24);
    return bytes;
}

std::vector<double> row(const score::Features& features, Index i) {
    return {features.row(i), features.row(i) + features.width};
}

} // namespace

BOOST_AUTO_TEST_CASE(values_are_rounded_to_bytes_as_a_png_is) {
    Batch<Image<1, 2, 5>, float> pictures(1);
    const std::vector<float> values{
        -1.F, 1.F, 0.F, -2.F, 2.F, std::numeric_limits<float>::quiet_NaN(), -0.99F, .5F, 0.0039F, 0.0040F};
    std::copy(values.begin(), values.end(), pictures.data());
    const std::vector<std::uint8_t> expected{0, 255, 128, 0, 255, 0, 1, 191, 128, 128};
    BOOST_TEST(score::rounded(pictures) == expected, boost::test_tools::per_element());
    BOOST_TEST(score::rounded(pictures) == io::tile(as_view(pictures), 1, 0).pixels,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_byte_that_becomes_a_value_is_rounded_to_itself) {
    Batch<Image<1, 16, 16>> all(1);
    std::vector<std::uint8_t> bytes;
    for (int i = 0; i < 256; ++i) {
        bytes.push_back(static_cast<std::uint8_t>(i));
        all.data()[i] = normalized<float>(bytes.back());
    }
    BOOST_TEST(score::rounded(all) == bytes, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(features_and_logits_are_the_networks_outputs_for_values_from_minus_1_to_1) {
    const LeNet network(1);
    const auto pixels = noise(3, 1);
    const auto found = score::extract(network, pixels);
    BOOST_TEST(found.features.count == 3);
    BOOST_TEST(found.features.width == 84);
    BOOST_TEST(found.logits.count == 3);
    BOOST_TEST(found.logits.width == 10);

    Batch<Digit> batch(3);
    for (std::size_t i = 0; i < pixels.size(); ++i)
        batch.data()[i] = static_cast<float>(pixels[i] / 127.5 - 1);
    LeNet::Workspace workspace(3);
    const auto [features, logits] = network.forward(batch, workspace);
    double largest = 0;
    for (Index i = 0; i < 3; ++i) {
        for (int k = 0; k < 84; ++k) {
            largest = std::max(largest, found.features.row(i)[k]);
            BOOST_TEST(found.features.row(i)[k] >= 0);
            BOOST_TEST(std::abs(found.features.row(i)[k] - double{features.data[i * 84 + k]}) < 1e-5);
        }
        for (int k = 0; k < 10; ++k)
            BOOST_TEST(std::abs(found.logits.row(i)[k] - double{logits.data[i * 10 + k]}) < 1e-5);
    }
    BOOST_TEST(largest > 0.01); // they are not all 0
}

BOOST_AUTO_TEST_CASE(a_row_depends_on_its_picture_alone) {
    const LeNet network(2);
    const auto pixels = noise(131, 2); // two full blocks and a part of one
    const auto all = score::extract(network, pixels);
    for (const Index i : {0, 63, 64, 127, 128, 130}) {
        const auto alone = score::extract(
            network, std::span(pixels).subspan(static_cast<std::size_t>(i) * Digit::size, Digit::size));
        BOOST_TEST(row(alone.features, 0) == row(all.features, i), boost::test_tools::per_element());
        BOOST_TEST(row(alone.logits, 0) == row(all.logits, i), boost::test_tools::per_element());
    }
    BOOST_TEST((row(all.features, 0) != row(all.features, 1)));
}

BOOST_AUTO_TEST_CASE(the_bits_do_not_depend_on_the_number_of_threads) {
    const LeNet network(3);
    const auto pixels = noise(200, 3);
    const auto with = [&](int threads) {
        const WithThreads scope(threads);
        return score::extract(network, pixels);
    };
    const auto one = with(1);
    for (const int threads : {2, 3, 7}) {
        const auto several = with(threads);
        BOOST_TEST((several.features.values == one.features.values));
        BOOST_TEST((several.logits.values == one.logits.values));
    }
}

BOOST_AUTO_TEST_CASE(pictures_of_another_size_are_an_error) {
    const LeNet network(4);
    const auto message = [&](std::size_t bytes) {
        try {
            score::extract(network, std::vector<std::uint8_t>(bytes));
        } catch (const std::invalid_argument& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    BOOST_TEST(message(0) == "score::extract: found 0 bytes, expected 1 or more pictures of 784");
    BOOST_TEST(message(785) == "score::extract: found 785 bytes, expected 1 or more pictures of 784");
}

BOOST_AUTO_TEST_CASE(a_network_for_color_pictures_has_as_many_features) {
    const Network<score::LeNet<Image<3, 32, 32>, 7>> network(5);
    const auto found = score::extract(network, std::vector<std::uint8_t>(2 * 3 * 32 * 32, 9));
    BOOST_TEST(found.features.width == score::lenet_features);
    BOOST_TEST(found.logits.width == 7);
    BOOST_TEST(row(found.features, 0) == row(found.features, 1), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_shipped_network_recognizes_the_shipped_digits) {
    LeNet network(0);
    const auto file = io::SafetensorsFile::open(shipped / "lenet_digits.safetensors");
    io::load_weights(file, network, score::lenet_names);
    BOOST_TEST(file.metadata().contains(io::tensors_checksum_key));
    io::require_checksum(file);

    const auto images = shipped / "mnist/t10k-images-idx3-ubyte.gz";
    const auto digits = io::DataSet<Digit>::read(images);
    const auto labels = io::read_idx_labels(io::find_labels(images), {.count = digits.count()});
    const auto logits = score::extract(network, digits.pixels()).logits;
    int correct = 0;
    for (Index i = 0; i < logits.count; ++i)
        correct += std::max_element(logits.row(i), logits.row(i) + 10) - logits.row(i) ==
                   labels[static_cast<std::size_t>(i)];
    BOOST_TEST(correct >= 9930, correct << " of " << logits.count);
}
