#pragma once

#include <ctgan/backend/convolution_geometry.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/messages/layer_errors.hpp>
#include <ctgan/messages/message.hpp>

#include <string_view>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

/// Two sizes of an image or of a kernel. One number stands for two alike: `.kernel = 3` is `.kernel = {3,
/// 3}`.
struct Extent2d {
    int height; ///< rows
    int width;  ///< columns
    /// Both are the same. Implicit, as PyTorch takes a number for a pair of them.
    constexpr Extent2d(int both) : height(both), width(both) {}
    /// Rows and columns.
    constexpr Extent2d(int rows, int columns) : height(rows), width(columns) {}
    /// Whether height and width are the same numbers.
    constexpr bool is_square() const { return height == width; }
    /// The smaller of the two.
    constexpr int least() const { return height < width ? height : width; }
    /// Whether both are alike.
    friend constexpr bool operator==(const Extent2d&, const Extent2d&) = default;
};

/// What a convolution reads beyond the edges of its input, PyTorch's padding_mode.
enum class PaddingMode {
    zeros,  ///< zeros
    reflect ///< the image in a mirror; the pixels of the edge are not repeated
};

/// The arguments of torch.nn.Conv2d, with its names and defaults.
struct Conv2dOptions {
    int in = 0;            ///< in_channels
    int out = 0;           ///< out_channels
    Extent2d kernel = 0;   ///< kernel_size
    Extent2d stride = 1;   ///< input pixels from one output pixel to the next
    Extent2d padding = 0;  ///< pixels added at each edge
    Extent2d dilation = 1; ///< input pixels from one position of the kernel to the next
    int groups = 1;        ///< of channels, each with a kernel of its own
    bool bias = true;      ///< whether a learned bias is added to the output
    PaddingMode padding_mode = PaddingMode::zeros; ///< what is added at the edges

    /// Whether the layer is a ConvTranspose2d.
    static constexpr bool transposed = false;
    /// There is none.
    static constexpr Extent2d output_padding = 0;
    /// The height of the output for an input of this height.
    constexpr int output_height(int n) const {
        return convolution_extent(n, kernel.height, stride.height, padding.height, dilation.height);
    }
    /// The same for the width.
    constexpr int output_width(int n) const {
        return convolution_extent(n, kernel.width, stride.width, padding.width, dilation.width);
    }
    /// The smallest height that the layer takes. Reflected rows must exist.
    constexpr int least_height() const {
        return least(kernel_reach(kernel.height, dilation.height), padding.height, padding_mode);
    }
    /// The same for the width.
    constexpr int least_width() const {
        return least(kernel_reach(kernel.width, dilation.width), padding.width, padding_mode);
    }
    /// Whether the options are the same.
    friend constexpr bool operator==(const Conv2dOptions&, const Conv2dOptions&) = default;

  private:
    static constexpr int least(int reach, int pad, PaddingMode mode) {
        const int of_kernel = reach - 2 * pad;
        return mode == PaddingMode::reflect && pad >= of_kernel ? pad + 1 : of_kernel;
    }
};

/// The arguments of torch.nn.ConvTranspose2d, with its names and defaults.
struct ConvTranspose2dOptions {
    int in = 0;                  ///< in_channels
    int out = 0;                 ///< out_channels
    Extent2d kernel = 0;         ///< kernel_size
    Extent2d stride = 1;         ///< output pixels from one input pixel to the next
    Extent2d padding = 0;        ///< pixels left out at each edge of the output
    Extent2d output_padding = 0; ///< rows and columns added at the lower right edge
    Extent2d dilation = 1;       ///< output pixels from one position of the kernel to the next
    int groups = 1;              ///< of channels, each with a kernel of its own
    bool bias = true;            ///< whether a learned bias is added to the output

    /// Whether the layer is a ConvTranspose2d.
    static constexpr bool transposed = true;
    /// There are no pixels beyond the edges.
    static constexpr PaddingMode padding_mode = PaddingMode::zeros;
    /// The height of the output for an input of this height.
    constexpr int output_height(int n) const {
        return transposed_extent(n, kernel.height, stride.height, padding.height, output_padding.height,
                                 dilation.height);
    }
    /// The same for the width.
    constexpr int output_width(int n) const {
        return transposed_extent(n, kernel.width, stride.width, padding.width, output_padding.width,
                                 dilation.width);
    }
    /// The smallest height for which the output has a pixel.
    constexpr int least_height() const {
        int n = 1;
        while (stride.height > 0 && output_height(n) <= 0) ++n;
        return n;
    }
    /// The same for the width.
    constexpr int least_width() const {
        int n = 1;
        while (stride.width > 0 && output_width(n) <= 0) ++n;
        return n;
    }
    /// Whether the options are the same.
    friend constexpr bool operator==(const ConvTranspose2dOptions&, const ConvTranspose2dOptions&) = default;
};

namespace detail {

/// Writes a size behind its name: "3" for two alike, otherwise "3x5", height and width.
constexpr void write_extent(messages::Writer& writer, std::string_view name, Extent2d extent) {
    writer << name << extent.height;
    if (!extent.is_square()) writer << "x" << extent.width;
}

/// Writes the options that are not at their defaults: "<in 64, out 128, kernel 3x5, no bias>".
template <class Options>
constexpr void write_options(messages::Writer& writer, const Options& options) {
    writer << "<in " << options.in << ", out " << options.out;
    detail::write_extent(writer, ", kernel ", options.kernel);
    const auto write_other_than = [&](int usual, std::string_view name, Extent2d extent) {
        if (extent != Extent2d(usual)) detail::write_extent(writer, name, extent);
    };
    write_other_than(1, ", stride ", options.stride);
    write_other_than(0, ", padding ", options.padding);
    write_other_than(0, ", output padding ", options.output_padding);
    write_other_than(1, ", dilation ", options.dilation);
    write_other_than(1, ", groups ", options.groups);
    if (!options.bias) writer << ", no bias";
    if (options.padding_mode == PaddingMode::reflect) writer << ", reflected";
    writer << ">";
}

/// Whether a number of groups divides both numbers of channels.
constexpr bool divides_channels(int groups, int in, int out) {
    return groups > 0 && in % groups == 0 && out % groups == 0;
}

/// What is wrong with the output padding in one dimension.
template <int padding, int stride, int dilation>
using OutputPaddingError =
    messages::require_that<(padding >= 0 && (padding < stride || padding < dilation)),
                           messages::output_padding, padding,
                           std::conditional_t<dilation == 1, messages::below_the_stride_of<stride>,
                                              messages::below_the_stride_or_dilation_of<stride, dilation>>>;

/// What is wrong with the arguments of a layer.
template <auto options>
using ConvolutionArgumentError = messages::first_problem<
    messages::require<messages::channels, (options.in < options.out ? options.in : options.out),
                      messages::at_least<1>>,
    messages::require_that<divides_channels(options.groups, options.in, options.out), messages::groups,
                           options.groups, messages::a_divisor_of_channels<options.in, options.out>>,
    messages::require<messages::kernel, options.kernel.least(), messages::at_least<1>>,
    messages::require<messages::stride, options.stride.least(), messages::at_least<1>>,
    messages::require<messages::padding, options.padding.least(), messages::at_least<0>>,
    messages::require<messages::dilation, options.dilation.least(), messages::at_least<1>>,
    OutputPaddingError<options.output_padding.height, options.stride.height, options.dilation.height>,
    OutputPaddingError<options.output_padding.width, options.stride.width, options.dilation.width>>;

} // namespace detail
} // namespace ctgan::inline CTGAN_ABI
