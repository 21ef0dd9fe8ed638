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

using WriteText = void (*)(messages::Writer&);

template <class Shape>
constexpr void write_shape(messages::Writer& writer) {
    write(writer, Shape{});
}

/// A number of bytes.
struct Bytes {
    std::size_t count;
};

/// The table of a network, without its type. It is written twice, the first time to count its characters.
struct SummaryTable {
    std::span<const PathNode> nodes;
    const WriteText* layers; ///< name and arguments of each layer of the flat list
    const WriteText* shapes; ///< what each returns
    const LayerFacts* facts;
    std::span<const TensorAt> tensors;
    std::string_view scalar;
    Bytes weights;
    struct Workspace {
        Bytes of_one, of_another; ///< sample
    } inference, training;

    static constexpr int widest_line = 110;
    static constexpr int columns = 5;
    using Widths = PerPosition<int, columns>;

    /// The values of the parameters, or of the buffers, of a layer or, with -1, of all.
    constexpr Index values(int layer, bool buffers) const {
        Index sum = 0;
        for (const TensorAt& tensor : tensors)
            if (tensor.is_buffer == buffers && (layer < 0 || tensor.layer == layer))
                sum += tensor.spec.size();
        return sum;
    }

    /// The layer with branches that a node is in, or -1.
    constexpr int row_above(int at) const {
        int above = nodes[static_cast<std::size_t>(at)].parent;
        while (above >= 0 && nodes[static_cast<std::size_t>(above)].branching.empty())
            above = nodes[static_cast<std::size_t>(above)].parent;
        return above;
    }

    /// Writes a cell of a node's row. In `relative` names are what follows the name of the row above.
    constexpr void write_cell(TextWriter& writer, int at, int column, bool relative) const {
        const PathNode& node = nodes[static_cast<std::size_t>(at)];
        messages::Writer text;
        Index number = 0;
        switch (column) {
        case 0:
            for (int above = row_above(at); above >= 0; above = row_above(above)) writer << "  ";
            if (node.has_name()) write_path(writer, nodes.data(), at, relative ? row_above(at) : -1);
            return;
        case 1:
            if (node.branching.empty())
                layers[node.layer](text);
            else
                text << node.branching;
            break;
        case 2:
            shapes[node.layer](text);
            break;
        default:
            number = column == 3 ? values(node.layer, false) : 2 * facts[node.layer].multiplications;
            if (number == 0)
                writer << "--";
            else
                write_grouped(writer, number);
        }
        writer << std::string_view(text.begin(), text.length());
    }
    static constexpr std::string_view headings[columns] = {"Name", "Layer", "Output shape", "Parameters",
                                                           "FLOPs"};

    constexpr bool is_row(int at) const { return nodes[static_cast<std::size_t>(at)].layer >= 0; }
    constexpr int node_count() const { return static_cast<int>(nodes.size()); }

    constexpr Widths widths(bool relative) const {
        Widths result{};
        for (int column = 0; column < columns; ++column) {
            result[column] = static_cast<int>(headings[column].size());
            for (int at = 0; at < node_count(); ++at) {
                if (!is_row(at)) continue;
                TextWriter cell;
                write_cell(cell, at, column, relative);
                result[column] = (std::max)(result[column], static_cast<int>(cell.length()));
            }
        }
        return result;
    }
    static constexpr int width_of_line(const Widths& widths) {
        int sum = 2 * (columns - 1);
        for (const int width : widths) sum += width;
        return sum;
    }

    static constexpr void fill(TextWriter& writer, int count, char c) {
        for (int i = 0; i < count; ++i) writer << std::string_view(&c, 1);
    }
    /// Writes cells next to each other: texts begin at the left of their columns, numbers end at the right.
    template <class WriteCell>
    static constexpr void write_row(TextWriter& writer, const Widths& widths, WriteCell write_cell) {
        for (int column = 0; column < columns; ++column) {
            TextWriter measured;
            write_cell(measured, column);
            const int spaces = widths[column] - static_cast<int>(measured.length());
            if (column >= 3) fill(writer, spaces, ' ');
            write_cell(writer, column);
            if (column < 3) fill(writer, spaces, ' ');
            writer << (column + 1 < columns ? "  " : "\n");
        }
    }
    static constexpr void write_line(TextWriter& writer, const Widths& widths) {
        fill(writer, width_of_line(widths), '=');
        writer << "\n";
    }

    constexpr void write(TextWriter& writer) const {
        bool relative = false;
        Widths columns_of = widths(relative);
        if (width_of_line(columns_of) > widest_line) {
            relative = true;
            columns_of = widths(relative);
        }
        write_line(writer, columns_of);
        write_row(writer, columns_of, [](TextWriter& to, int column) { to << headings[column]; });
        write_line(writer, columns_of);
        for (int at = 0; at < node_count(); ++at)
            if (is_row(at))
                write_row(writer, columns_of,
                          [&](TextWriter& to, int column) { write_cell(to, at, column, relative); });
        write_line(writer, columns_of);
        write_totals(writer);
        write_line(writer, columns_of);
    }

    constexpr void write_totals(TextWriter& writer) const {
        Index flops = 0;
        for (const PathNode& node : nodes)
            if (node.layer >= 0) flops += 2 * facts[node.layer].multiplications;
        writer << "Parameters: ";
        write_grouped(writer, values(-1, false));
        if (const Index buffers = values(-1, true); buffers > 0) {
            writer << ", and running statistics: ";
            write_grouped(writer, buffers);
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

    static constexpr WriteText layers[] = {write_layer<typename Net::template layer<Is>>..., nullptr};
    static constexpr WriteText shapes[] = {write_shape<typename Net::template shape<Is + 1>>..., nullptr};
    static constexpr SummaryTable::Workspace workspace(WorkspaceKind kind) {
        const std::size_t of_one = Network::workspace_bytes(1, kind);
        return {{of_one}, {Network::workspace_bytes(2, kind) - of_one}};
    }
    static constexpr SummaryTable table{
        .nodes = std::span(Paths::nodes.begin(), static_cast<std::size_t>(Paths::count)),
        .layers = layers,
        .shapes = shapes,
        .facts = ThePlan::facts.begin(),
        .tensors = ThePlan::Layers::tensors,
        .scalar = messages::name_of<T>(),
        .weights = {sizeof(T) *
                    static_cast<std::size_t>(ThePlan::parameters[Net::depth] + ThePlan::buffers[Net::depth])},
        .inference = workspace(WorkspaceKind::inference),
        .training = workspace(WorkspaceKind::training)};

    static constexpr std::size_t length = [] {
        TextWriter writer;
        table.write(writer);
        return writer.length();
    }();
    static constexpr std::array<char, length + 1> text = [] {
        std::array<char, length + 1> result{};
        TextWriter writer(result.data());
        table.write(writer);
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
