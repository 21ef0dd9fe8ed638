#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/picture.hpp>

#include <cstddef>

namespace ctgan::inline CTGAN_ABI::io {

/// The picture in another size, by the bilinear filter of Pillow 13: the bytes of
/// `image.resize((width, height), Image.Resampling.BILINEAR)`. A picture that becomes smaller is antialiased:
/// the filter is as wide as the pixels that become one. Throws std::invalid_argument if a size is 0, or if
/// the picture's sizes do not match the number of its bytes.
Picture resized(const Picture& picture, std::size_t height, std::size_t width);

/// The middle of a picture in a size of height x width, as small as the whole of its shorter side allows. For
/// a square, these are the bytes of torchvision's `Resize(size)` and `CenterCrop(size)` on an image of
/// Pillow. Throws the same.
Picture resized_and_cropped(const Picture& picture, std::size_t height, std::size_t width);

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/resize.hpp>
#endif
