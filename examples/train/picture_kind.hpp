#pragma once

#include <cstddef>
#include <string>

namespace train {

/// What a run draws.
struct PictureKind {
    std::size_t channels = 1, height = 28, width = 28;
    std::string one = "digit"; ///< in words

    std::size_t size() const { return channels * height * width; }
    std::string several() const { return one + "s"; }
    /// At the beginning of a sentence.
    std::string title() const {
        std::string text = several();
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
        return text;
    }
};

/// That of the images of networks.
template <class Image>
PictureKind kind_of() {
    const bool digits = Image::channels == 1 && Image::height == 28 && Image::width == 28;
    return {Image::channels, Image::height, Image::width, digits ? "digit" : "picture"};
}

} // namespace train
