#include <ctgan/io/error.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/safetensors_write.hpp>
#include <ctgan/io/tensors_checksum.hpp>
#include <ctgan/io/tensors_to_write.hpp>

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

using namespace ctgan::io;

namespace {

/// Two tensors, of which the second one is large enough for two calls of on_demand.
TensorsToWrite tensors(float first = 1, const std::string& name = "b") {
    TensorsToWrite list;
    list.add<float>("a", {3}, {first, 2, 3});
    list.add<double>(name, {40, 500}, std::vector<double>(20000, 0.5));
    return list;
}

std::string text(const TensorsToWrite& list) { return tensors_checksum(list.list()).text(); }

std::string content(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_file_has_the_checksum_of_the_tensors_that_were_written) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "w.safetensors";
    const auto list = tensors();
    write_with_checksum(path, list.list(), {{"of", "a test"}});
    const auto file = SafetensorsFile::open(path);
    BOOST_TEST(tensors_checksum(file).text() == text(list));
    BOOST_TEST(file.metadata().at(std::string(tensors_checksum_key)) == text(list));
    BOOST_TEST(file.metadata().at("of") == "a test");
    BOOST_TEST(require_checksum(file) == text(list));
}

BOOST_AUTO_TEST_CASE(the_checksum_depends_on_values_names_types_and_shapes_but_not_on_the_order) {
    const std::string of_list = text(tensors());
    BOOST_TEST(text(tensors(4)) != of_list);
    BOOST_TEST(text(tensors(1, "c")) != of_list);
    const auto of_shape = [](std::vector<std::uint64_t> shape) {
        TensorsToWrite list;
        list.add<float>("a", std::move(shape), {0, 0, 0, 0});
        return text(list);
    };
    BOOST_TEST(of_shape({2, 2}) != of_shape({4}));
    TensorsToWrite doubles;
    doubles.add<double>("a", {2}, {0, 0});
    TensorsToWrite integers;
    integers.add<std::int64_t>("a", {2}, {0, 0});
    BOOST_TEST(text(doubles) != text(integers));

    const auto list = tensors();
    std::vector<TensorToWrite> reversed(list.list().begin(), list.list().end());
    std::reverse(reversed.begin(), reversed.end());
    BOOST_TEST(tensors_checksum(reversed).text() == of_list);
}

BOOST_AUTO_TEST_CASE(a_file_that_was_changed_is_refused) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "w.safetensors";
    write_with_checksum(path, tensors().list(), {});
    std::string bytes = content(path);
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    const auto changed = SafetensorsFile::open(folder.put("changed", bytes));
    const std::string found = tensors_checksum(changed).text();
    BOOST_CHECK_EXCEPTION(require_checksum(changed), Error, [&](const Error& error) {
        return std::string(error.what()) == (folder.path() / "changed").string() +
                                                ": found tensors of CRC-32 " + found + ", expected " +
                                                text(tensors()) + ", as its __metadata__ says";
    });
    // A file without a checksum, such as PyTorch's, is accepted.
    write_safetensors(path, tensors().list());
    BOOST_TEST(require_checksum(SafetensorsFile::open(path)) == text(tensors()));
}
