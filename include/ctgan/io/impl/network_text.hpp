#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/separate_compilation.hpp>
#include <ctgan/layers/convolution_options.hpp>

#include <string>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

CTGAN_IO_FUNCTION std::string in_brackets(const std::vector<std::string>& arguments) {
    std::string text;
    for (const std::string& argument : arguments) text += (text.empty() ? "<" : ", ") + argument;
    return text.empty() ? text : text + ">";
}

/// "3" for two alike, otherwise "3x5", height and width.
inline std::string extent_text(Extent2d extent) {
    const std::string height = std::to_string(extent.height);
    return extent.is_square() ? height : height + "x" + std::to_string(extent.width);
}

CTGAN_IO_FUNCTION std::vector<std::string> options_text(const ConvTranspose2dOptions& options) {
    std::vector<std::string> texts{"in " + std::to_string(options.in), "out " + std::to_string(options.out),
                                   "kernel " + extent_text(options.kernel)};
    const auto add = [&](const char* name, Extent2d extent, int usual) {
        if (extent != Extent2d(usual)) texts.push_back(name + extent_text(extent));
    };
    add("stride ", options.stride, 1);
    add("padding ", options.padding, 0);
    add("output padding ", options.output_padding, 0);
    add("dilation ", options.dilation, 1);
    add("groups ", options.groups, 1);
    if (!options.bias) texts.push_back("no bias");
    return texts;
}

CTGAN_IO_FUNCTION std::vector<std::string> options_text(const Conv2dOptions& options) {
    std::vector<std::string> texts = options_text(ConvTranspose2dOptions{.in = options.in,
                                                                         .out = options.out,
                                                                         .kernel = options.kernel,
                                                                         .stride = options.stride,
                                                                         .padding = options.padding,
                                                                         .dilation = options.dilation,
                                                                         .groups = options.groups,
                                                                         .bias = options.bias});
    if (options.padding_mode == PaddingMode::reflect) texts.push_back("reflected");
    return texts;
}

} // namespace detail

} // namespace ctgan::inline CTGAN_ABI::io
