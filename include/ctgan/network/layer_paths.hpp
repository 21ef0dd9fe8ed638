#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/type_list.hpp>
#include <ctgan/layers/input.hpp>
#include <ctgan/messages/branch_errors.hpp>
#include <ctgan/network/chain.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

/// Where the layers of a network are in its description, as PyTorch counts modules: "3.body.0" is the first
/// layer of the body of the network's layer 3, counted from 0. Computed only for what asks for it.
namespace ctgan::inline CTGAN_ABI::detail {

/// A layer, a Sequential or a layer with branches, within what contains it.
struct PathNode {
    int parent = -1; ///< the number of what contains it in the list of all; -1 for the network itself
    /// How that calls it: a word, a number from 0, or both: "body", "3", "branches.1". Both are missing for
    /// Input, which PyTorch does not have.
    std::string_view word{};
    int number = -1;
    int layer = -1;               ///< in the network's flat list; -1 for a Sequential
    std::string_view branching{}; ///< the name of a layer with branches, whose `layer` joins them
    bool has_tensors = false;

    constexpr bool has_name() const { return !word.empty() || number >= 0; }
};

/// The nodes of a network, each before those that it contains. With null as `nodes` it only counts.
struct PathNodes {
    PathNode* nodes = nullptr;
    int count = 0;
    int layers = 0;

    /// Returns the number of the node.
    constexpr int add(const PathNode& node) {
        if (nodes) nodes[count] = node;
        return count++;
    }
};

template <class Layer>
inline constexpr bool is_input = false;
template <int... Extents>
inline constexpr bool is_input<Input<Extents...>> = true;
template <class Shape>
inline constexpr bool is_input<InputLayer<Shape>> = true;

/// Adds a layer and what it contains. `node` has the layer's name and what contains it.
template <class Layer>
struct PathsOf {
    static constexpr void add(PathNodes& all, PathNode node) {
        node.layer = all.layers++;
        node.has_tensors = Layer::parameters.size() + Layer::buffers.size() > 0;
        all.add(node);
    }
};
template <class... Layers>
struct PathsOf<Sequential<Layers...>> {
    static constexpr void add(PathNodes& all, const PathNode& node) { add_layers(all, all.add(node)); }
    static constexpr void add_layers([[maybe_unused]] PathNodes& all, [[maybe_unused]] int parent) {
        [[maybe_unused]] int number = 0;
        const int done[] = {
            0, (PathsOf<Layers>::add(all, {.parent = parent, .number = is_input<Layers> ? -1 : number++}),
                0)...};
        static_cast<void>(done);
    }
};
/// The node of a branch, which messages count as `number`.
constexpr PathNode node_of_branch(int parent, int number) {
    if (number == messages::the_body) return {.parent = parent, .word = "body"};
    if (number == messages::the_shortcut) return {.parent = parent, .word = "shortcut"};
    return {.parent = parent, .word = "branches", .number = number - 1};
}
template <class Layer, class Branches>
struct PathsOfBranches;
template <class Layer, class... Branches>
struct PathsOfBranches<Layer, Alternatives<Branches...>> {
    static constexpr void add(PathNodes& all, PathNode node) {
        node.branching = messages::name_of<typename BranchesOf<Layer>::Name>();
        const int here = all.add(node);
        int k = 0;
        const int done[] = {
            0, (PathsOf<Branches>::add(all, node_of_branch(here, BranchesOf<Layer>::number(k++))), 0)...};
        static_cast<void>(done);
        const int join = all.layers++;
        if (all.nodes) all.nodes[here].layer = join;
    }
};
template <class Layer>
    requires(BranchesOf<Layer>::exist)
struct PathsOf<Layer> : PathsOfBranches<Layer, typename BranchesOf<Layer>::All> {};

/// The layers of a class that is a Sequential or derived from one.
template <class... Layers>
PathsOf<Sequential<Layers...>> paths_of_sequential(const Sequential<Layers...>&);

/// All nodes of a network.
template <class Net>
struct PathsOfNetwork {
    // After a mistake, which has been reported, some of them may be no layers.
    using Layers =
        std::conditional_t<Net::valid, decltype(detail::paths_of_sequential(std::declval<const Net&>())),
                           PathsOf<Sequential<>>>;
    static constexpr int count = [] {
        PathNodes all;
        Layers::add_layers(all, -1);
        return all.count;
    }();
    static constexpr PerPosition<PathNode, count + 1> nodes = [] { // one more, as an array has at least one
        PerPosition<PathNode, count + 1> result{};
        PathNodes all{result.begin()};
        Layers::add_layers(all, -1);
        return result;
    }();
};

/// Composes a text whose length is not known before: run twice, first with null as `text`, which only counts.
class TextWriter {
  public:
    explicit constexpr TextWriter(char* text = nullptr) : text_(text) {}
    constexpr TextWriter& operator<<(std::string_view words) {
        if (text_) {
            const char* from = words.data();
            for (char *to = text_ + length_, *end = to + words.size(); to != end; ++to) *to = *from++;
        }
        length_ += words.size();
        return *this;
    }
    /// A number that is not negative.
    constexpr TextWriter& operator<<(int number) {
        if (number >= 10) *this << number / 10;
        const char digit = static_cast<char>('0' + number % 10);
        return *this << std::string_view(&digit, 1);
    }
    /// Leaves characters as they are.
    constexpr void skip(int count) { length_ += static_cast<std::size_t>(count); }
    constexpr std::size_t length() const { return length_; }

  private:
    char* text_;
    std::size_t length_ = 0;
};

/// Writes the path of a node, from the network or from node `from` that contains it.
constexpr void write_path(TextWriter& writer, const PathNode* nodes, int at, int from = -1) {
    const PathNode& node = nodes[at];
    if (node.parent != from) {
        detail::write_path(writer, nodes, node.parent, from);
        writer << ".";
    }
    writer << node.word;
    if (node.number >= 0) writer << (node.word.empty() ? "" : ".") << node.number;
}

} // namespace ctgan::inline CTGAN_ABI::detail
