#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/messages/arguments.hpp>
#include <ctgan/messages/require.hpp>
#include <ctgan/network/layer_facts.hpp>
#include <ctgan/network/layer_paths.hpp>
#include <ctgan/network/tensor_memory.hpp>
#include <ctgan/network/tensor_names.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// The names of the layers of a Sequential that have tensors, and their text.
template <class Net>
struct AutomaticNames {
    using Paths = PathsOfNetwork<Net>;

    static constexpr std::size_t count = [] {
        std::size_t sum = 0;
        for (const PathNode& node : Paths::nodes) sum += node.has_tensors ? 1U : 0U;
        return sum;
    }();
    static constexpr void write(TextWriter& writer, std::size_t* end) {
        for (int at = 0; at < Paths::count; ++at) {
            if (!Paths::nodes[at].has_tensors) continue;
            detail::write_path(writer, Paths::nodes.begin(), at);
            *end++ = writer.length();
        }
    }
    static constexpr std::array<std::size_t, count + 1> ends = [] {
        std::array<std::size_t, count + 1> result{};
        TextWriter writer;
        write(writer, result.data());
        result[count] = writer.length();
        return result;
    }();
    static constexpr std::array<char, ends[count] + 1> text = [] {
        std::array<char, ends[count] + 1> result{};
        std::array<std::size_t, count + 1> unused{};
        TextWriter writer(result.data());
        write(writer, unused.data());
        return result;
    }();
    static constexpr std::array<std::string_view, count> names = [] {
        std::array<std::string_view, count> result{};
        std::size_t begin = 0;
        for (std::size_t i = 0; i < count; ++i) {
            result[i] = std::string_view(text.data() + begin, ends[i] - begin);
            begin = ends[i];
        }
        return result;
    }();
};

/// The Sequential of a Network, or the Sequential itself.
template <class Network>
struct SequentialOf {
    using type = Network;
};
template <class Network>
    requires requires { typename Network::net; }
struct SequentialOf<Network> {
    using type = typename Network::net;
};

/// The number of layers of a network that have tensors.
constexpr std::size_t count_named_layers(std::span<const TensorAt> tensors) {
    std::size_t count = 0;
    int last = -1;
    for (const TensorAt& tensor : tensors) {
        if (tensor.layer != last) ++count;
        last = tensor.layer;
    }
    return count;
}

/// What is wrong with the number of names that are given for the layers of a network.
template <class Network, std::size_t Given, class Call = void>
struct ProblemOfNames {
    static constexpr std::size_t expected = count_named_layers(tensors_of<Network>);
    using type = messages::unless<expected == Given || !Network::net::valid, messages::names_of_layers,
                                  messages::one_for_each<expected>, messages::number_of_names<Given>>;
};

} // namespace detail

/// The names that PyTorch gives the layers of a network that have tensors if it is written as nn.Sequential:
/// positions from 0, "3" or "3.0" in a nested Sequential; in branches "3.body", "3.shortcut" and
/// "3.branches.1", with a position behind them if the branch is a Sequential: "3.body.0". An Input has no
/// position, as PyTorch has no such module. `Network` is a network or its Sequential.
template <class Network>
inline constexpr const auto& automatic_names =
    detail::AutomaticNames<typename detail::SequentialOf<Network>::type>::names;

/// The names of the layers of `Network` that have tensors: automatic_names, or those that are given as
/// LayerNames takes them. A wrong number of them is an error of the compiler for a std::array of
/// std::string_view and for names in braces, otherwise of the function that uses them.
template <class Network>
class LayerNamesFor {
  public:
    /// The automatic names.
    constexpr LayerNamesFor() : names_(automatic_names<Network>) {}
    /// These names, not copied.
    template <std::size_t N>
    constexpr LayerNamesFor(const std::array<std::string_view, N>& names) {
        using Problem = typename detail::ProblemOfNames<Network, N>::type;
        CTGAN_REQUIRE (Problem) {
            names_ = LayerNames(names);
        }
    }
    /// A copy of the names.
    template <std::size_t N>
    LayerNamesFor(const std::array<std::string_view, N>&& names) {
        using Problem = typename detail::ProblemOfNames<Network, N>::type;
        CTGAN_REQUIRE (Problem) {
            names_ = LayerNames(std::move(names));
        }
    }
    /// A copy of the name, of a network that needs one.
    template <class Call = void>
    LayerNamesFor(std::string_view name) {
        using Problem = typename detail::ProblemOfNames<Network, 1, Call>::type;
        CTGAN_REQUIRE (Problem) {
            names_ = LayerNames{name};
        }
    }
    /// A copy of the names.
    template <class... Names>
        requires(sizeof...(Names) > 1 && (std::convertible_to<const Names&, std::string_view> && ...))
    LayerNamesFor(Names... names) {
        using Problem = typename detail::ProblemOfNames<Network, sizeof...(Names)>::type;
        CTGAN_REQUIRE (Problem) {
            names_ = LayerNames{std::string_view(names)...};
        }
    }
    /// Names whose number is known when the program runs.
    constexpr LayerNamesFor(LayerNames names) : names_(std::move(names)) {}
    /// A copy of such names.
    template <class Names>
        requires(detail::IsRangeOfStrings<Names>)
    LayerNamesFor(const Names& names) : names_(names) {}

    /// The names, valid as long as this object is.
    constexpr operator const LayerNames&() const { return names_; }

  private:
    LayerNames names_;
};

} // namespace ctgan::inline CTGAN_ABI
