#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/messages/mismatch.hpp>
#include <ctgan/network/layer_facts.hpp>
#include <ctgan/network/layer_paths.hpp>
#include <ctgan/network/layer_text.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/network/tensor_memory.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <span>
#include <string_view>
#include <utility>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

template <class Layer>
inline constexpr messages::Writer text_of_layer = [] {
    messages::Writer writer;
    write_layer<Layer>(writer);
    return writer;
}();
template <class Shape>
inline constexpr messages::Writer text_of_shape = [] {
    messages::Writer writer;
    write(writer, Shape{});
    return writer;
}();
constexpr std::string_view as_text(const messages::Writer& writer) {
    return {writer.begin(), writer.length()};
}

/// A number of bytes.
struct Bytes {
    std::size_t count;
};

/// The table of a network, without its type. It is written twice, the first time to count its characters.
struct SummaryTable {
    std::span<const PathNode> nodes;
    // Of each layer of the flat list:
    const std::string_view* layers; ///< its name and arguments
    const std::string_view* shapes; ///< what it returns
    const Index* parameters;
    const LayerFacts* facts;
    Index all_parameters, all_buffers, flops;
    std::string_view scalar;
    Bytes weights;
    struct Workspace {
        Bytes of_one, of_another; ///< sample
    } inference, training;

    static constexpr int widest_line = 110;
    static constexpr int columns = 5;
    static constexpr std::string_view gap = "  ", end_of_line = "\n", nothing = "--";

    /// The layer with branches that a node is in, or -1.
    constexpr int row_above(int at) const {
        int above = nodes[static_cast<std::size_t>(at)].parent;
        while (above >= 0 && nodes[static_cast<std::size_t>(above)].branching.empty())
            above = nodes[static_cast<std::size_t>(above)].parent;
        return above;
    }

    /// Writes a cell of a node's row, or of the headings, row -1. In `relative` names are what follows the
    /// name of the row above.
    constexpr void write_cell(TextWriter& writer, int at, int column, bool relative) const {
        if (at < 0) {
            writer << headings[column];
            return;
        }
        const PathNode& node = nodes[static_cast<std::size_t>(at)];
        switch (column) {
        case 0:
            for (int above = row_above(at); above >= 0; above = row_above(above)) writer << gap;
            if (node.has_name()) write_path(writer, nodes.data(), at, relative ? row_above(at) : -1);
            break;
        case 1:
            writer << (node.branching.empty() ? layers[node.layer] : node.branching);
            break;
        case 2:
            writer << shapes[node.layer];
            break;
        case 3:
            write_count(writer, parameters[node.layer]);
            break;
        default:
            write_count(writer, 2 * facts[node.layer].multiplications);
        }
    }
    static constexpr void write_count(TextWriter& writer, Index number) {
        if (number == 0)
            writer << nothing;
        else
            write_grouped(writer, number);
    }
    static constexpr std::string_view headings[columns] = {"Name", "Layer", "Output shape", "Parameters",
                                                           "FLOPs"};

    constexpr bool is_row(int at) const { return at < 0 || nodes[static_cast<std::size_t>(at)].layer >= 0; }
    constexpr int node_count() const { return static_cast<int>(nodes.size()); }

    /// How wide the columns are, and whether the names in branches are relative.
    struct Format {
        int widths[columns] = {};
        bool relative = false;

        constexpr int line() const {
            int sum = 2 * (columns - 1);
            for (const int width : widths) sum += width;
            return sum;
        }
    };
    constexpr Format format(bool relative) const {
        Format result{.relative = relative};
        for (int column = 0; column < columns; ++column) {
            int& width = result.widths[column];
            for (int at = -1; at < node_count(); ++at) {
                if (!is_row(at)) continue;
                TextWriter cell;
                write_cell(cell, at, column, relative);
                width = (std::max)(width, static_cast<int>(cell.length()));
            }
        }
        return result;
    }
    constexpr Format format() const {
        const Format whole = format(false);
        return whole.line() <= widest_line ? whole : format(true);
    }

    /// Writes cells next to each other: texts begin at the left of their columns, numbers end at the right.
    constexpr void write_row(TextWriter& writer, int at, const Format& format) const {
        for (int column = 0; column < columns; ++column) {
            const int width = format.widths[column];
            if (column < 3) {
                const std::size_t begin = writer.length();
                write_cell(writer, at, column, format.relative);
                writer.skip(width - static_cast<int>(writer.length() - begin));
            } else {
                TextWriter measured;
                write_cell(measured, at, column, format.relative);
                writer.skip(width - static_cast<int>(measured.length()));
                write_cell(writer, at, column, format.relative);
            }
            writer << (column + 1 < columns ? gap : end_of_line);
        }
    }
    static constexpr void write_line(TextWriter& writer, const Format& format) {
        for (int i = format.line(); i > 0; --i) writer << "=";
        writer << end_of_line;
    }

    /// The number of characters of the table.
    constexpr std::size_t length(const Format& format) const {
        int lines = 4; // above and below rows and totals
        for (int at = -1; at < node_count(); ++at) lines += is_row(at) ? 1 : 0;
        TextWriter totals;
        write_totals(totals);
        return static_cast<std::size_t>(lines * (format.line() + 1)) + totals.length();
    }
    /// Writes the table to a text of spaces.
    constexpr void write(TextWriter& writer, const Format& format) const {
        write_line(writer, format);
        for (int at = -1; at < node_count(); ++at) {
            if (is_row(at)) write_row(writer, at, format);
            if (at < 0) write_line(writer, format);
        }
        write_line(writer, format);
        write_totals(writer);
        write_line(writer, format);
    }

    constexpr void write_totals(TextWriter& writer) const {
        writer << "Parameters: ";
        write_grouped(writer, all_parameters);
        if (all_buffers > 0) {
            writer << ", and running statistics: ";
            write_grouped(writer, all_buffers);
        }
        writer << "\nFLOPs of a forward pass, per sample: ";
        write_grouped(writer, flops);
        writer << "\nMemory of the weights, as " << scalar << ": ";
        write_bytes(writer, weights);
        write_workspace(writer, "inference", inference);
        write_workspace(writer, "training", training);
        writer << "\n";
    }
    static constexpr void write_workspace(TextWriter& writer, std::string_view kind, const Workspace& size) {
        writer << "\nWorkspace for " << kind << ": ";
        write_bytes(writer, size.of_one);
        writer << " for one sample, ";
        write_bytes(writer, size.of_another);
        writer << " for each further one";
    }

    /// 1,234,567.
    static constexpr void write_grouped(TextWriter& writer, Index number) {
        Index unit = 1;
        while (number / unit >= 1000) unit *= 1000;
        writer << static_cast<int>(number / unit);
        for (unit /= 1000; unit > 0; unit /= 1000) {
            const int group = static_cast<int>(number / unit % 1000);
            writer << (group < 10 ? ",00" : group < 100 ? ",0" : ",") << group;
        }
    }
    /// In kB or MB, which are powers of ten, rounded to one decimal.
    static constexpr void write_bytes(TextWriter& writer, Bytes bytes) {
        const bool mega = bytes.count >= 999950;
        const std::size_t tenth = mega ? 100000 : 100;
        const std::size_t tenths = (bytes.count + tenth / 2) / tenth;
        write_grouped(writer, static_cast<Index>(tenths / 10));
        writer << "." << static_cast<int>(tenths % 10) << (mega ? " MB" : " kB");
    }
};

template <class Network, class Indices = std::make_integer_sequence<int, Network::net::depth>>
struct SummaryOf;
template <class Network, int... Is>
struct SummaryOf<Network, std::integer_sequence<int, Is...>> {
    using Net = typename Network::net;
    using T = typename Network::scalar;
    using ThePlan = Plan<Net, typename Network::backend, T>;
    using Paths = PathsOfNetwork<Net>;

    // One more each, as an array has at least one.
    static constexpr std::string_view layers[] = {as_text(text_of_layer<typename Net::template layer<Is>>)...,
                                                  {}};
    static constexpr std::string_view shapes[] = {
        as_text(text_of_shape<typename Net::template shape<Is + 1>>)..., {}};
    static constexpr PerPosition<Index, Net::depth + 1> parameters = [] {
        PerPosition<Index, Net::depth + 1> result{};
        for (const TensorAt& tensor : ThePlan::Layers::tensors)
            if (!tensor.is_buffer) result[tensor.layer] += tensor.spec.size();
        return result;
    }();
    static constexpr Index all_buffers = [] {
        Index sum = 0;
        for (const TensorAt& tensor : ThePlan::Layers::tensors)
            if (tensor.is_buffer) sum += tensor.spec.size();
        return sum;
    }();
    static constexpr SummaryTable::Workspace workspace(WorkspaceKind kind) {
        const std::size_t of_one = Network::workspace_bytes(1, kind);
        return {{of_one}, {Network::workspace_bytes(2, kind) - of_one}};
    }
    static constexpr SummaryTable table{
        .nodes = std::span(Paths::nodes.begin(), static_cast<std::size_t>(Paths::count)),
        .layers = layers,
        .shapes = shapes,
        .parameters = parameters.begin(),
        .facts = ThePlan::facts.begin(),
        .all_parameters = Network::parameter_count,
        .all_buffers = all_buffers,
        .flops = Network::flops,
        .scalar = messages::name_of<T>(),
        .weights = {sizeof(T) *
                    static_cast<std::size_t>(ThePlan::parameters[Net::depth] + ThePlan::buffers[Net::depth])},
        .inference = workspace(WorkspaceKind::inference),
        .training = workspace(WorkspaceKind::training)};

    // In steps, because compilers limit how long the computation of one constant may be.
    static constexpr SummaryTable::Format format = table.format();
    static constexpr std::size_t length = table.length(format);
    static constexpr std::array<char, length + 1> text = [] {
        std::array<char, length + 1> result{};
        std::fill_n(result.data(), length, ' ');
        TextWriter writer(result.data());
        table.write(writer, format);
        return result;
    }();
};

/// The network that a summary is of: that of a Sequential has floats in the memory of the CPU.
template <class Given>
struct SummarizedNetwork {
    using type = Network<Given>;
};
template <class Given>
    requires requires { typename Given::net; }
struct SummarizedNetwork<Given> {
    using type = Network<typename Given::net, typename Given::backend, typename Given::scalar>;
};

} // namespace detail

/// A table of a network's layers, as torchinfo.summary prints one, computed from the type: their names in
/// files (automatic_names), arguments, output shapes, parameters and floating-point operations, and the
/// memory that weights and workspaces need. `TheNetwork` is a Network, a Frozen network or a Sequential,
/// which is then described as a Network on the CPU. A zero follows the text.
///
/// Names of layers in branches are indented. If lines would be longer than 110 characters, such a name is
/// only what follows the name of the line that it is indented under.
template <class TheNetwork>
inline constexpr std::string_view summary{
    detail::SummaryOf<typename detail::SummarizedNetwork<TheNetwork>::type>::text.data(),
    detail::SummaryOf<typename detail::SummarizedNetwork<TheNetwork>::type>::length};

/// Prints the summary of a network to standard output: `print<Generator>()`.
template <class TheNetwork>
void print() {
    std::fwrite(summary<TheNetwork>.data(), 1, summary<TheNetwork>.size(), stdout);
}
/// The same: `print(gan.generator)`.
template <class Net, class B, class T>
void print(const Network<Net, B, T>&) {
    print<Network<Net, B, T>>();
}

} // namespace ctgan::inline CTGAN_ABI
