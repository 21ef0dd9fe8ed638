#include <ctgan/io/checkpoint.hpp>

#include <boost/test/unit_test.hpp>

#include "safetensors_support.hpp"
#include "support.hpp"
#include <array>
#include <span>
#include <string>
#include <vector>

using ctgan::io::Checksum;
using ctgan::io::Dtype;
using ctgan::io::open_checkpoint;
using ctgan::io::SafetensorsFile;
using ctgan::io::TensorToWrite;
using ctgan::io::write_checkpoint;

namespace {

const std::vector<float> numbers{1.5F, -2.25F, 0.1F};
const std::vector<std::uint8_t> bytes{7, 0, 255};

/// Tensors of both element sizes; the checksum must come after all of them.
std::vector<TensorToWrite> tensors(const std::vector<float>& floats = numbers) {
    return {{"bytes", Dtype::U8, {3}, std::as_bytes(std::span(bytes))},
            {"numbers", Dtype::F32, {floats.size()}, std::as_bytes(std::span(floats))},
            {"nothing", Dtype::U8, {0}, {}}};
}

std::string message_about(const std::filesystem::path& path) {
    const std::string message = test::message_of([&] { open_checkpoint(path); });
    BOOST_TEST(message.starts_with(path.string() + ": "), message);
    BOOST_TEST(message.find('\n') == message.npos);
    return message.substr(std::min(message.size(), path.string().size() + 2));
}

} // namespace

BOOST_AUTO_TEST_SUITE(checkpoint)

BOOST_AUTO_TEST_CASE(checksums_equal_gzip_s) {
    Checksum sum;
    const auto add = [&](std::string_view text) {
        sum.add(std::as_bytes(std::span(text.data(), text.size())));
    };
    BOOST_TEST(sum.text() == "00000000");
    add("12345");
    add("");
    sum.add({});
    add("6789");
    BOOST_TEST(sum.value() == 0xCBF43926U); // the check value in descriptions of CRC-32
    BOOST_TEST(sum.text() == "cbf43926");
    BOOST_TEST(std::to_integer<int>(sum.bytes()[0]) == 0x26);
}

BOOST_AUTO_TEST_CASE(a_written_checkpoint_is_read_back_and_the_previous_one_is_kept) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "checkpoint.safetensors";
    const auto previous = ctgan::io::previous_of(path);
    BOOST_TEST(previous == folder.path() / "checkpoint.previous.safetensors");
    write_checkpoint(path, tensors(), {{"seed", "7"}});
    BOOST_TEST(folder.entries() == 1U);
    const auto first = open_checkpoint(path);
    BOOST_TEST(first.values<float>("numbers") == numbers, boost::test_tools::per_element());
    BOOST_TEST(first.values<std::uint8_t>("bytes") == bytes, boost::test_tools::per_element());
    BOOST_TEST(first.metadata().at("seed") == "7");
    BOOST_TEST(first.metadata().at("format") == "ctgan-checkpoint");
    // Every reader of safetensors can read the file, which ends with the checksum of all bytes in front of
    // it.
    const std::string content = test::content(path);
    BOOST_TEST(SafetensorsFile::open(path).tensor("checksum").offset == content.size() - 4);

    for (const float number : {3.F, 4.F}) {
        write_checkpoint(path, tensors({number}), {});
        BOOST_TEST(open_checkpoint(path).values<float>("numbers")[0] == number);
        BOOST_TEST(open_checkpoint(previous).values<float>("numbers")[0] == (number == 3.F ? 1.5F : 3.F));
        BOOST_TEST(folder.entries() == 2U);
    }
}

BOOST_AUTO_TEST_CASE(the_previous_checkpoint_stays_until_another_one_replaces_it) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "c", previous = ctgan::io::previous_of(path);
    const auto number = [](const auto& file) {
        return open_checkpoint(file).template values<float>("numbers")[0];
    };
    // Only the previous checkpoint exists, as after a run that resumed from it.
    write_checkpoint(previous, tensors({1}), {});
    write_checkpoint(path, tensors({2}), {});
    BOOST_TEST(number(previous) == 1.F);
    BOOST_TEST(number(path) == 2.F);
    // Both names refer to one file, as after a save that failed in its last step.
    std::filesystem::remove(previous);
    std::filesystem::create_hard_link(path, previous);
    write_checkpoint(path, tensors({3}), {});
    BOOST_TEST(number(previous) == 2.F);
    BOOST_TEST(number(path) == 3.F);
    BOOST_TEST(folder.entries() == 2U);
}

BOOST_AUTO_TEST_CASE(any_changed_bit_is_detected) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "c";
    write_checkpoint(path, tensors(), {{"a", "b"}});
    const std::string good = test::content(path);
    for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
        std::string bad = good;
        bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ 1 << bit % 8);
        BOOST_TEST(!message_about(folder.put("flipped", bad)).empty());
    }
    for (std::size_t length = 0; length < good.size(); ++length)
        BOOST_TEST(!message_about(folder.put("cut", good.substr(0, length))).empty());
    BOOST_TEST(!message_about(folder.put("longer", good + '\0')).empty());
    std::string bad = good;
    bad[good.size() - 12] ^= 1; // in a tensor
    Checksum sum;
    sum.add(std::as_bytes(std::span(bad)).first(bad.size() - 4));
    BOOST_TEST(message_about(folder.put("flipped", bad)) ==
               "offset " + std::to_string(good.size() - 4) + ": found a checksum that differs, expected " +
                   sum.text() + " for the bytes before it: the file is damaged");
}

BOOST_AUTO_TEST_CASE(other_files_are_refused_with_the_reason) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "f";
    const auto message_for = [&](const SafetensorsFile::Metadata& metadata, std::vector<TensorToWrite> list) {
        ctgan::io::write_safetensors(path, list, metadata);
        return message_about(path);
    };
    BOOST_TEST(message_about(path) == "found No such file or directory, expected a safetensors file");
    BOOST_TEST(message_for({}, tensors()) ==
               "found no 'format' in __metadata__, as in a file of weights alone, expected a checkpoint");
    BOOST_TEST(message_for({{"format", "pt"}}, tensors()) ==
               "found format 'pt', expected 'ctgan-checkpoint'");
    BOOST_TEST(message_for({{"format", "ctgan-checkpoint"}, {"version", "2"}}, tensors()) ==
               "found version '2', expected '1'");
    const SafetensorsFile::Metadata good{{"format", "ctgan-checkpoint"}, {"version", "1"}};
    BOOST_TEST(message_for(good, tensors()) == "found no tensor 'checksum', expected one");
    const std::vector<std::uint8_t> four{1, 2, 3, 4};
    const auto with_checksum = [&](std::size_t size, bool last) {
        auto list = tensors();
        list.insert(last ? list.end() : list.begin(),
                    {"checksum", Dtype::U8, {size}, std::as_bytes(std::span(four)).first(size)});
        return message_for(good, list);
    };
    BOOST_TEST(
        with_checksum(3, true).ends_with("found 3 bytes of checksum, expected 4, the last of the file"));
    BOOST_TEST(
        with_checksum(4, false).ends_with("found 4 bytes of checksum, expected 4, the last of the file"));
    BOOST_TEST(with_checksum(4, true).ends_with("the file is damaged"));
    BOOST_TEST(test::message_of([&] {
                   write_checkpoint(path, std::vector<TensorToWrite>{{"checksum", Dtype::U8, {0}, {}}}, {});
               }).ends_with("found the tensor name 'checksum' twice, expected a name of its own"));
}

BOOST_AUTO_TEST_CASE(the_latest_checkpoint_is_the_newest_intact_one) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "c.safetensors", previous = ctgan::io::previous_of(path);
    const auto latest = [&] { return ctgan::io::open_latest_checkpoint(path); };
    const auto number = [&] { return latest().file.values<float>("numbers")[0]; };
    BOOST_TEST(test::message_of(latest) ==
               path.string() + ": found No such file or directory, expected a safetensors file");
    for (const float n : {1.F, 2.F}) write_checkpoint(path, tensors({n}), {});
    BOOST_TEST(number() == 2.F);
    BOOST_TEST(latest().latest_error.empty());

    const std::string good = test::content(path), old = test::content(previous);
    folder.put("c.safetensors", good.substr(0, good.size() - 1) + "?");
    BOOST_TEST(number() == 1.F);
    BOOST_TEST(latest().latest_error.starts_with(path.string() + ": offset "));
    folder.put("c.previous.safetensors", "?");
    BOOST_TEST(test::message_of(latest).find(path.string() + ": offset ") == 0U);
    BOOST_TEST(test::message_of(latest).find("; and " + previous.string() + ": found 1 byte") !=
               std::string::npos);
    std::filesystem::remove(path);
    folder.put("c.previous.safetensors", old);
    BOOST_TEST(number() == 1.F);

    // An intact checkpoint of an unsupported version is refused, not skipped.
    const SafetensorsFile::Metadata of_a_later_version{{"format", "ctgan-checkpoint"}, {"version", "2"}};
    const std::array<std::byte, 4> empty{};
    auto list = tensors();
    list.push_back({"checksum", Dtype::U8, {4}, empty});
    ctgan::io::write_safetensors(path, list, of_a_later_version);
    std::string whole = test::content(path);
    Checksum sum;
    sum.add(std::as_bytes(std::span(whole)).first(whole.size() - 4));
    for (std::size_t i = 0; i < 4; ++i) whole[whole.size() - 4 + i] = static_cast<char>(sum.bytes()[i]);
    folder.put("c.safetensors", whole);
    BOOST_TEST(test::message_of(latest) == path.string() + ": found version '2', expected '1'");
}

BOOST_AUTO_TEST_CASE(a_symbolic_link_is_refused) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "c";
    std::filesystem::create_symlink("elsewhere", path);
    BOOST_TEST(test::message_of([&] { write_checkpoint(path, tensors(), {}); }) ==
               path.string() + ": found a symbolic link, expected a regular file, or a name that is free");
    BOOST_TEST(folder.entries() == 1U);
}

BOOST_AUTO_TEST_CASE(tensors_on_demand_are_requested_in_order_and_checked) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "c";
    std::vector<float> shared;
    const auto on_demand = [&](float number, std::uint64_t promised) {
        return TensorToWrite{std::string("t").append(std::to_string(static_cast<int>(number))),
                             Dtype::F32,
                             {promised},
                             {},
                             [&shared, number](std::uint64_t first) { // one value a call, two in all
                                 shared.assign(first < 8 ? 1 : 0, number + static_cast<float>(first));
                                 return std::as_bytes(std::span<const float>(shared));
                             }};
    };
    write_checkpoint(path, std::vector<TensorToWrite>{on_demand(1, 2), on_demand(2, 2)}, {});
    BOOST_TEST((open_checkpoint(path).values<float>("t1") == std::vector{1.F, 5.F}));
    BOOST_TEST((open_checkpoint(path).values<float>("t2") == std::vector{2.F, 6.F}));
    const std::string before = test::content(path);
    BOOST_TEST(test::message_of([&] {
                   write_checkpoint(path, std::vector<TensorToWrite>{on_demand(3, 3)}, {});
               }) == path.string() + ": found 8 bytes for tensor 't3', expected 12 of F32 [3]");
    BOOST_TEST(test::content(path) == before);
    BOOST_TEST(folder.entries() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
