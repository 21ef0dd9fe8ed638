#include <ctgan/backend/cpu.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/safetensors_write.hpp>
#include <ctgan/io/tensors_to_write.hpp>

#include <boost/test/unit_test.hpp>

#include "safetensors_support.hpp"
#include "support.hpp"
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

using ctgan::io::Dtype;
using ctgan::io::SafetensorsFile;
using ctgan::io::TensorToWrite;
using ctgan::io::write_safetensors;
using test::entry;
using test::file_of;

namespace {

template <class T>
std::span<const std::byte> bytes_of(const std::vector<T>& values) {
    return std::as_bytes(std::span(values));
}

} // namespace

BOOST_AUTO_TEST_SUITE(safetensors)

BOOST_AUTO_TEST_CASE(written_tensors_are_read_back) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "weights.safetensors";
    const std::vector<float> weights{1.5f, -2.25f, 0, std::numeric_limits<float>::infinity(), 1e-40f, 7};
    const std::vector<double> exact{0.1};
    const std::vector<std::int64_t> tracked{1234567890123};
    const std::vector<std::uint8_t> raw{0, 128, 255};
    const std::vector<TensorToWrite> tensors{
        {"raw", Dtype::U8, {3}, bytes_of(raw)},
        {"conv.weight", Dtype::F32, {2, 3}, bytes_of(weights)},
        {"bn.num_batches_tracked", Dtype::I64, {}, bytes_of(tracked)},
        {"exact", Dtype::F64, {1, 1}, bytes_of(exact)},
        {"nothing", Dtype::F32, {4, 0}, {}},
        {"quote \" backslash \\ tab \t gr\xc3\xbc\xc3\x9f", Dtype::F32, {0}, {}},
    };
    write_safetensors(path, tensors, {{"seed", "7"}, {"by", "a \"test\"\n"}});

    const auto file = SafetensorsFile::open(path);
    BOOST_TEST(file.path() == path);
    BOOST_TEST(file.tensors().size() == tensors.size());
    BOOST_TEST(file.metadata().at("seed") == "7");
    BOOST_TEST(file.metadata().at("by") == "a \"test\"\n");
    for (const TensorToWrite& tensor : tensors) {
        const auto& read = file.tensor(tensor.name);
        BOOST_TEST((read.dtype == tensor.dtype));
        BOOST_TEST(read.shape == tensor.shape, boost::test_tools::per_element());
        BOOST_TEST(std::ranges::equal(read.bytes, tensor.bytes));
        BOOST_TEST(read.offset % size_of(read.dtype) == 0u,
                   tensor.name << " is not aligned, as PyTorch requires");
        BOOST_TEST(test::content(path).substr(read.offset, read.bytes.size()) ==
                   std::string_view(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size()));
    }
    BOOST_TEST(file.values<float>("conv.weight") == weights, boost::test_tools::per_element());
    BOOST_TEST(file.values<std::int64_t>("bn.num_batches_tracked") == tracked,
               boost::test_tools::per_element());
    std::uint64_t header_length = 0;
    std::memcpy(&header_length, test::content(path).data(), 8);
    BOOST_TEST(header_length % 8 == 0u);
}

BOOST_AUTO_TEST_CASE(a_file_without_tensors_and_one_padded_with_white_space_are_valid) {
    const test::TemporaryFolder folder;
    for (const std::string header : {"{}", "{}      ", " \t\r\n{}", R"({"__metadata__":{}})"})
        BOOST_TEST(SafetensorsFile::open(folder.put("f", file_of(header))).tensors().empty());
    write_safetensors(folder.path() / "empty", {});
    BOOST_TEST(SafetensorsFile::open(folder.path() / "empty").tensors().empty());
}

BOOST_AUTO_TEST_CASE(tensors_may_be_in_any_order_and_empty_ones_anywhere) {
    const test::TemporaryFolder folder;
    const auto path = folder.put("f", file_of("{" + entry("last", 4, 6) + "," + entry("none", 4, 4) + "," +
                                                  entry("first", 0, 4) + "," + entry("end", 6, 6) + "}",
                                              6));
    const auto file = SafetensorsFile::open(path);
    BOOST_TEST(file.tensors().size() == 4u);
    BOOST_TEST(file.tensor("last").bytes.size() == 2u);
    BOOST_TEST(file.tensor("none").bytes.empty());
}

BOOST_AUTO_TEST_CASE(values_convert_or_the_reason_is_reported) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "f";
    const std::vector<double> doubles{0.5, 1e300, -3};
    const std::vector<std::int64_t> integers{3, 256, -1};
    const std::vector<std::uint8_t> bytes{1, 2, 255};
    const std::vector<float> floats{1, std::numeric_limits<float>::quiet_NaN(), 1e19f};
    const std::vector<TensorToWrite> tensors{
        {"doubles", Dtype::F64, {3}, bytes_of(doubles)},
        {"integers", Dtype::I64, {3}, bytes_of(integers)},
        {"floats", Dtype::F32, {3}, bytes_of(floats)},
        {"bytes", Dtype::U8, {3}, bytes_of(bytes)},
    };
    write_safetensors(path, tensors);
    const auto file = SafetensorsFile::open(path);
    const auto per_element = boost::test_tools::per_element();
    BOOST_TEST(file.values<double>("doubles") == doubles, per_element);
    BOOST_TEST(file.values<double>("integers") == (std::vector<double>{3, 256, -1}), per_element);
    BOOST_TEST(file.values<float>("bytes") == (std::vector<float>{1, 2, 255}), per_element);
    BOOST_TEST(file.values<int>("bytes") == (std::vector<int>{1, 2, 255}), per_element);
    // Compare the bits, because with -Ofast isnan returns false.
    BOOST_TEST(std::bit_cast<std::uint32_t>(file.values<float>("floats")[1]) ==
               std::bit_cast<std::uint32_t>(floats[1]));

    const auto expected_message = [&](const std::string& name, std::size_t index, const std::string& range) {
        const auto& tensor = file.tensor(name);
        return path.string() + ": offset " + std::to_string(tensor.offset + index * size_of(tensor.dtype)) +
               ": found a number in tensor '" + name + "' that the program's type cannot hold, expected " +
               range;
    };
    const std::string byte_range = "a whole number from 0 to 255";
    const std::string long_range = "a whole number from -9223372036854775808 to 9223372036854775807";
    BOOST_TEST(test::message_of([&] { file.values<float>("doubles"); }) ==
               expected_message("doubles", 1, "a magnitude of at most 3.4e38"));
    BOOST_TEST(test::message_of([&] { file.values<std::uint8_t>("doubles"); }) ==
               expected_message("doubles", 0, byte_range));
    BOOST_TEST(test::message_of([&] { file.values<std::uint8_t>("integers"); }) ==
               expected_message("integers", 1, byte_range));
    BOOST_TEST(test::message_of([&] { file.values<std::int64_t>("floats"); }) ==
               expected_message("floats", 1, long_range));
    BOOST_TEST(test::message_of([&] { file.values<float>("a\nb"); }) ==
               path.string() + ": found no tensor 'a\\x0ab', expected one");
}

/// The value of 16 bits by the definition of the format, with `exponent_bits` bits of exponent.
double value_of_half(unsigned bits, int exponent_bits) {
    const int fraction_bits = 15 - exponent_bits, bias = (1 << (exponent_bits - 1)) - 1;
    const auto exponent = static_cast<int>(bits >> fraction_bits & ((1U << exponent_bits) - 1));
    const unsigned fraction = bits & ((1U << fraction_bits) - 1);
    const bool normal = exponent > 0;
    const double magnitude = std::ldexp(static_cast<double>(fraction + (normal ? 1U << fraction_bits : 0U)),
                                        (normal ? exponent : 1) - bias - fraction_bits);
    return bits & 0x8000U ? -magnitude : magnitude;
}

/// Every number of 16 bits becomes the float and the double of the same value.
BOOST_AUTO_TEST_CASE(widening_is_exact_for_all_bit_patterns) {
    const test::TemporaryFolder folder;
    std::vector<std::uint16_t> all(65536);
    std::iota(all.begin(), all.end(), std::uint16_t{0});
    const std::vector<TensorToWrite> tensors{{"half", Dtype::F16, {65536}, bytes_of(all)},
                                             {"brain", Dtype::BF16, {256, 256}, bytes_of(all)}};
    write_safetensors(folder.path() / "f", tensors);
    const auto file = SafetensorsFile::open(folder.path() / "f");
    for (const auto& [name, exponent_bits] : {std::pair{"half", 5}, std::pair{"brain", 8}}) {
        const auto floats = file.values<float>(name);
        const auto doubles = file.values<double>(name);
        BOOST_REQUIRE(floats.size() == all.size());
        const unsigned fraction_bits = 15U - static_cast<unsigned>(exponent_bits);
        const unsigned largest_exponent = ((1U << exponent_bits) - 1) << fraction_bits;
        int wrong = 0;
        for (unsigned bits = 0; bits < all.size(); ++bits) {
            // Compare the bits: for the sign of zero, and because -Ofast assumes that there is no NaN.
            const auto found = std::bit_cast<std::uint32_t>(floats[bits]);
            std::uint32_t expected = 0;
            if ((bits & largest_exponent) == largest_exponent) { // infinity or NaN
                expected = (bits & 0x8000U) << 16 | 0x7f800000U |
                           (bits & ((1U << fraction_bits) - 1)) << (23 - fraction_bits);
                const auto wide = std::bit_cast<std::uint64_t>(doubles[bits]);
                wrong += (wide >> 52 & 0x7ffU) != 0x7ffU || (wide << 12 == 0) != (expected << 9 == 0);
            } else {
                const double value = value_of_half(bits, exponent_bits);
                expected = std::bit_cast<std::uint32_t>(static_cast<float>(value));
                wrong += static_cast<double>(static_cast<float>(value)) != value;
                wrong += std::bit_cast<std::uint64_t>(doubles[bits]) != std::bit_cast<std::uint64_t>(value);
            }
            wrong += found != expected;
        }
        BOOST_TEST(wrong == 0, name);
    }
}

BOOST_AUTO_TEST_CASE(types_of_two_and_four_bytes_convert_or_the_reason_is_reported) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "f";
    const std::vector<std::int32_t> counts{7, -2147483647 - 1, 2147483647};
    const std::vector<std::uint16_t> halves{0x4500, 0x3800, 0x7c00},
        large{0x7f80, 0x7f7f}; // 5, 0.5, infinity
    const std::vector<std::uint8_t> bytes{1};
    const std::vector<TensorToWrite> tensors{{"a", Dtype::U8, {1}, bytes_of(bytes)},
                                             {"halves", Dtype::F16, {3}, bytes_of(halves)},
                                             {"counts", Dtype::I32, {3}, bytes_of(counts)},
                                             {"large", Dtype::BF16, {2}, bytes_of(large)}};
    write_safetensors(path, tensors);
    const auto file = SafetensorsFile::open(path);
    const auto per_element = boost::test_tools::per_element();
    BOOST_TEST(file.values<std::int64_t>("counts") == (std::vector<std::int64_t>{7, -2147483648, 2147483647}),
               per_element);
    BOOST_TEST(file.values<double>("counts") == (std::vector<double>{7, -2147483648.0, 2147483647}),
               per_element);
    BOOST_TEST(file.values<int>("counts") == counts, per_element);
    BOOST_TEST(
        test::message_of([&] { file.values<std::uint8_t>("counts"); }) ==
        path.string() + ": offset " + std::to_string(file.tensor("counts").offset + 4) +
            ": found a number in tensor 'counts' that the program's type cannot hold, expected a whole "
            "number from 0 to 255");
    BOOST_TEST(
        test::message_of([&] { file.values<int>("halves"); }) ==
        path.string() + ": offset " + std::to_string(file.tensor("halves").offset + 2) +
            ": found a number in tensor 'halves' that the program's type cannot hold, expected a whole "
            "number from -2147483648 to 2147483647");
    BOOST_TEST(file.values<float>("large")[1] == 0x1.fep127F);
    BOOST_TEST((std::bit_cast<std::uint32_t>(file.values<float>("large")[0]) == 0x7f800000U));
}

BOOST_AUTO_TEST_CASE(views_outlive_a_move_of_the_file) {
    const test::TemporaryFolder folder;
    auto file = SafetensorsFile::open(folder.put("f", file_of("{" + entry("a", 0, 4) + "}", 4)));
    const auto view = file.tensor("a").bytes;
    const auto moved = std::move(file);
    BOOST_TEST(moved.tensor("a").bytes.data() == view.data());
    BOOST_TEST((moved.values<std::uint8_t>("a") == std::vector<std::uint8_t>(4, 'd')));
}

BOOST_AUTO_TEST_CASE(a_file_may_be_saved_over_itself) {
    const test::TemporaryFolder folder;
    const auto path = folder.put("f", file_of("{" + entry("a", 0, 4) + "}", 4));
    {
        const auto file = SafetensorsFile::open(path);
        const std::vector<TensorToWrite> tensors{{"b", Dtype::U8, {2, 2}, file.tensor("a").bytes}};
        write_safetensors(path, tensors);
    }
    BOOST_TEST((SafetensorsFile::open(path).values<std::uint8_t>("b") == std::vector<std::uint8_t>(4, 'd')));
}

BOOST_AUTO_TEST_CASE(a_list_of_tensors_keeps_its_values_when_copied_or_moved) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "f";
    const ctgan::TensorSpec weight{"weight", ctgan::Role::weight, 1, 1, {2}};
    const std::vector<float> values{3, 4};
    ctgan::io::TensorsToWrite list, other;
    list.add("kept", {2}, std::vector<double>{1, 2});
    const ctgan::io::TensorsToWrite copy(list);
    ctgan::io::TensorsToWrite moved(std::move(list));
    BOOST_TEST(list.list().empty()); // NOLINT(bugprone-use-after-move): documented as empty
    other = std::move(moved);
    other.add<ctgan::Cpu>("referred to", weight, values.data());
    moved = copy;
    // A list that was moved from takes new tensors.
    list.add<ctgan::Cpu>("referred to", weight, values.data());
    write_safetensors(path, other.list());
    BOOST_TEST((SafetensorsFile::open(path).values<double>("kept") == std::vector<double>{1, 2}));
    BOOST_TEST((SafetensorsFile::open(path).values<float>("referred to") == values));
    write_safetensors(path, moved.list());
    BOOST_TEST((SafetensorsFile::open(path).values<double>("kept") == std::vector<double>{1, 2}));
    write_safetensors(path, list.list());
    BOOST_TEST((SafetensorsFile::open(path).values<float>("referred to") == values));
}

BOOST_AUTO_TEST_CASE(tensors_of_an_invalid_file_are_not_written) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "f";
    const std::vector<float> two{1, 2};
    const TensorToWrite good{"w", Dtype::F32, {2}, bytes_of(two)};
    const std::string start = path.string() + ": found ";
    const auto message = [&](std::vector<TensorToWrite> tensors) {
        return test::message_of([&] { write_safetensors(path, tensors); });
    };
    BOOST_TEST(message({good, good}) == start + "the tensor name 'w' twice, expected a name of its own");
    BOOST_TEST(message({{"__metadata__", Dtype::F32, {2}, bytes_of(two)}}) ==
               start + "the tensor name '__metadata__', which is reserved, expected a name of its own");
    BOOST_TEST(message({{"w", Dtype::F32, {3}, bytes_of(two)}}) ==
               start + "8 bytes for tensor 'w', expected 12 of F32 [3]");
    BOOST_TEST(message({{"w", Dtype::F32, {std::uint64_t{1} << 63, 2}, {}}}) ==
               start + "0 bytes for tensor 'w', expected those of F32 [9223372036854775808, 2]");
    BOOST_TEST(message({{"\xff", Dtype::F32, {2}, bytes_of(two)}}) ==
               start + "the name or metadata '\\xff', expected UTF-8");
    BOOST_TEST(message({{std::string(5 << 20, 'n'), Dtype::F32, {2}, bytes_of(two)}}) ==
               start + "a header of 5242936 bytes, expected at most 4194304");
    BOOST_TEST(folder.entries() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
