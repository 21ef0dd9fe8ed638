#include <ctgan/backend/cpu.hpp>
#include <ctgan/io/gan_state.hpp>
#include <ctgan/io/load_network.hpp>
#include <ctgan/layers/activations.hpp>
#include <ctgan/layers/branches.hpp>
#include <ctgan/layers/input.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/network/sequential.hpp>

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <algorithm>
#include <array>
#include <deque>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace io = ctgan::io;
using ctgan::LayerNames;

namespace {

using Net = ctgan::Network<ctgan::Sequential<ctgan::Linear<3, 2>, ctgan::ReLU, ctgan::Linear<2, 1>>>;
constexpr std::array<std::string_view, 2> fixed{"first", "second"};
// Names in an array can be a constant.
constexpr LayerNames constant(fixed);
static_assert(constant.size() == 2 && constant[1] == "second");

// Input has no position and Identity has one; tests/golden/automatic_names.cpp has names in all branches.
using Nested = ctgan::Sequential<ctgan::Input<4>, ctgan::Identity, ctgan::Linear<4, 4>,
                                 ctgan::Sequential<ctgan::ReLU, ctgan::Residual<ctgan::Linear<4, 4>>>,
                                 ctgan::Residual<ctgan::Sequential<ctgan::Input<4>, ctgan::Linear<4, 2>>,
                                                 ctgan::Concat<ctgan::Linear<4, 1>, ctgan::Linear<4, 1>>>>;
static_assert(ctgan::automatic_names<Nested> == std::array<std::string_view, 5>{"1", "2.1.body", "3.body.0",
                                                                                "3.shortcut.branches.0",
                                                                                "3.shortcut.branches.1"});
static_assert(&ctgan::automatic_names<ctgan::Network<Nested>> == &ctgan::automatic_names<Nested>);
static_assert(ctgan::automatic_names<ctgan::Sequential<ctgan::Linear<1, 1>>>[0] == "0");
static_assert(ctgan::automatic_names<ctgan::Sequential<ctgan::Input<1>, ctgan::ReLU>>.empty());
struct Derived : ctgan::Sequential<ctgan::Input<4>, ctgan::ReLU, ctgan::Linear<4, 1>> {};
static_assert(ctgan::automatic_names<Derived>[0] == "1");

std::string text_of(const LayerNames& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) text.append(names[i]).append(" ");
    const std::span<const std::string_view> span = names;
    BOOST_TEST(span.size() == names.size());
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(layer_names)

BOOST_AUTO_TEST_CASE(names_are_taken_from_any_range_of_strings) {
    const std::string expected = "first second ";
    const std::vector<std::string> strings{"first", "second"};
    const std::vector<std::string_view> views{"first", "second"};
    const std::vector<const char*> pointers{"first", "second"};
    const std::array<std::string, 2> array{"first", "second"};
    const std::deque<std::string> deque{"first", "second"};
    const char* const plain[] = {"first", "second"};
    std::vector<std::string> not_const = strings;
    BOOST_TEST(text_of({"first", "second"}) == expected);
    BOOST_TEST(text_of({std::string("first"), "second"}) == expected);
    BOOST_TEST(text_of(strings) == expected);
    BOOST_TEST(text_of(not_const) == expected);
    BOOST_TEST(text_of(std::vector<std::string>{"first", "second"}) == expected);
    BOOST_TEST(text_of(views) == expected);
    BOOST_TEST(text_of(pointers) == expected);
    BOOST_TEST(text_of(array) == expected);
    BOOST_TEST(text_of(deque) == expected);
    BOOST_TEST(text_of(plain) == expected);
    BOOST_TEST(text_of(fixed) == expected);
    BOOST_TEST(text_of(std::span<const std::string_view>(fixed)) == expected);
    BOOST_TEST(text_of(constant) == expected);
    BOOST_TEST(text_of({"only"}) == "only ");
    BOOST_TEST(text_of({}) == "");
    BOOST_TEST(text_of(std::vector<std::string>{}) == "");
}

/// Run with the address sanitizer, this test also shows that nothing is read after it was freed.
BOOST_AUTO_TEST_CASE(names_outlive_what_they_were_taken_from) {
    const auto long_name = [](char letter) {
        return std::string(100, letter);
    }; // not stored in the string itself
    const std::string expected = long_name('a') + " " + long_name('b') + " ";
    LayerNames names;
    {
        std::vector<std::string> strings{long_name('a'), long_name('b')};
        names = strings;
        strings.assign(100, "other");
        BOOST_TEST(text_of(names) == expected);
    }
    BOOST_TEST(text_of(names) == expected);
    const LayerNames copy = names, moved = std::move(names);
    BOOST_TEST(names.size() == 0U); // NOLINT(bugprone-use-after-move)
    names = {"other"};
    BOOST_TEST(text_of(copy) == expected);
    BOOST_TEST(text_of(moved) == expected);
    BOOST_TEST(text_of(names) == "other ");
    names = moved;
    names = std::as_const(names);
    BOOST_TEST(text_of(names) == expected);
    const auto temporary = [&] {
        const std::string a = long_name('a'), b = long_name('b');
        return LayerNames(std::array<std::string_view, 2>{std::string_view(a), std::string_view(b)});
    }();
    BOOST_TEST(text_of(temporary) == expected);
    const io::GanNames gan{std::vector<std::string>{long_name('a')}, {"only", "two"}};
    const io::GanNames copied = gan; // NOLINT(performance-unnecessary-copy-initialization)
    BOOST_TEST(text_of(copied.generator) == long_name('a') + " ");
    BOOST_TEST(text_of(copied.discriminator) == "only two ");
    constexpr io::GanNames constants{fixed, fixed};
    BOOST_TEST(text_of(constants.discriminator) == "first second ");
}

BOOST_AUTO_TEST_CASE(empty_and_equal_names_are_refused_with_their_positions) {
    const auto message = [](const std::vector<std::string>& names) {
        std::string text;
        try {
            const LayerNames refused(names);
        } catch (const std::invalid_argument& error) {
            text = error.what();
        }
        const std::vector<std::string_view> views(names.begin(), names.end());
        BOOST_TEST(test::message_of(
                       [&] { const LayerNames same(std::span<const std::string_view>{views}); }) == text);
        return text;
    };
    const std::string expected = ", expected a name of its own for each layer";
    BOOST_TEST(message({""}) == "layer names: found an empty name at position 1" + expected);
    BOOST_TEST(message({"a", "b", ""}) == "layer names: found an empty name at position 3" + expected);
    BOOST_TEST(message({"a", "b", "a"}) == "layer names: found the name 'a' at positions 1 and 3" + expected);
    BOOST_TEST(message({"a", "b", "b", "a"}) ==
               "layer names: found the name 'b' at positions 2 and 3" + expected);
    BOOST_TEST(message({"a", "b", "A", "a.b"}) == "");
}

BOOST_AUTO_TEST_CASE(weights_are_saved_and_loaded_with_any_range_of_names) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "f", other = folder.path() / "g";
    const Net network(1);
    const std::vector<std::string> names{"first", "second"};
    io::save_weights(path, network, {"first", "second"});
    io::save_weights(other, network, names);
    BOOST_TEST((test::content(path) == test::content(other)));
    io::save_weights(other, network, fixed, {{"key", "value"}});
    const auto same = [&](const Net& loaded) {
        return std::equal(network.parameters(), network.parameters() + network.arena_size(),
                          loaded.parameters());
    };
    Net a(2), b(3), c(4);
    io::load_network(path, a, {"first", "second"}, "generator");
    io::load_network(path, b, names, "generator", io::NonFinite::refuse);
    io::load_weights(io::SafetensorsFile::open(path), c, std::vector<std::string>{"first", "second"});
    BOOST_TEST((same(a) && same(b) && same(c)));

    Net untouched(1);
    const std::string start = "layer names: found ", end = ", expected a name of its own for each layer";
    BOOST_TEST(test::message_of([&] {
                   io::load_network(path, untouched, {"first", ""}, "generator");
               }) == start + "an empty name at position 2" + end);
    BOOST_TEST(test::message_of([&] {
                   io::save_weights(folder.path() / "h", network, {"fc", "fc"});
               }) == start + "the name 'fc' at positions 1 and 2" + end);
    const std::vector<std::string> only{"first"};
    BOOST_TEST(test::message_of([&] { io::load_network(path, untouched, only, "generator"); }) ==
               "weights: found names for 1 layer, expected 2");
    BOOST_TEST(test::message_of([&] { io::load_network(path, untouched, LayerNames(), "generator"); }) ==
               "weights: found names for 0 layers, expected 2");
    BOOST_TEST(same(untouched));
    BOOST_TEST(!std::filesystem::exists(folder.path() / "h"));
}

BOOST_AUTO_TEST_CASE(names_that_are_left_out_are_the_automatic_ones) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "f", other = folder.path() / "g";
    const Net network(1);
    io::save_weights(path, network);
    io::save_weights(other, network, {"0", "2"});
    BOOST_TEST((test::content(path) == test::content(other)));
    io::save_weights(path, network, {}, {{"key", "value"}});
    io::save_weights(other, network, ctgan::automatic_names<Net>, {{"key", "value"}});
    BOOST_TEST((test::content(path) == test::content(other)));

    const auto same = [&](const Net& loaded) {
        return std::equal(network.parameters(), network.parameters() + network.arena_size(),
                          loaded.parameters());
    };
    Net a(2), b(3), c(4), d(5), e(6);
    io::load_weights(io::SafetensorsFile::open(path), a);
    io::load_network(path, b, "generator");
    io::load_network(path, c, {}, "generator");
    BOOST_TEST((same(a) && same(b) && same(c)));

    io::TensorsToWrite tensors;
    io::gather_weights(tensors, network, "average.");
    io::gather_weights(tensors, network, {}, "again.");
    io::write_safetensors(path, tensors.list(), {});
    const std::string prefix = "average.";
    io::load_weights(io::SafetensorsFile::open(path), d, prefix);
    io::load_weights(io::SafetensorsFile::open(path), e, {}, "again.");
    BOOST_TEST((same(d) && same(e)));

    std::string names;
    io::for_each_named_tensor(
        network, {}, [&](const std::string& name, const auto&, const float*) { names += name + " "; },
        [](const std::string&) {});
    BOOST_TEST(names == "0.weight 0.bias 2.weight 2.bias ");
}

BOOST_AUTO_TEST_CASE(checkpoints_of_a_gan_have_automatic_names_or_others) {
    using Gan = ctgan::Gan<ctgan::Sequential<ctgan::Linear<3, 2>>,
                           ctgan::Sequential<ctgan::Linear<2, 2>, ctgan::ReLU, ctgan::Linear<2, 1>>>;
    const Gan gan(1, 1, {}, {});
    const std::vector<std::string> automatic{"0"};
    constexpr std::array<std::string_view, 2> critic{"0", "2"};
    const io::GanNames both{automatic, critic};
    // In braces for each network, as ranges, and together.
    io::TensorsToWrite without, braces, ranges, together;
    io::gather_gan(without, gan);
    io::gather_gan(braces, gan, {{"0"}, {"0", "2"}});
    io::gather_gan(ranges, gan, {automatic, critic});
    io::gather_gan(together, gan, both);
    const auto names = [](const io::TensorsToWrite& tensors) {
        std::string all;
        for (const io::TensorToWrite& tensor : tensors.list()) all += tensor.name + " ";
        return all;
    };
    BOOST_TEST(names(without).starts_with("generator.0.weight generator.0.bias discriminator.0.weight "));
    BOOST_TEST(names(braces) == names(without));
    BOOST_TEST(names(ranges) == names(without));
    BOOST_TEST(names(together) == names(without));

    const test::TemporaryFolder folder;
    io::write_safetensors(folder.path() / "f", without.list(), {});
    Gan restored(2, 1, {}, {});
    io::restore_gan(io::SafetensorsFile::open(folder.path() / "f"), restored);
    BOOST_TEST(std::equal(gan.discriminator.parameters(),
                          gan.discriminator.parameters() + gan.discriminator.arena_size(),
                          restored.discriminator.parameters()));
}

BOOST_AUTO_TEST_SUITE_END()
