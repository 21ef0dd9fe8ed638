#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/separate_compilation.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

/// A range of the rows or columns of a resized picture.
struct ResizedRange {
    std::size_t size;  ///< of all of them
    std::size_t first; ///< of the range
    std::size_t count;
};

/// How Pillow computes values of a resized row or column from those of the old one: value i is the sum of
/// `weights_of(i)[k]` times old value `first[i] + k`, for k < `taps[i]`. A weight w is stored as the integer
/// nearest to w * 2^precision. Source: libImaging/Resample.c of Pillow.
struct ResizeWeights {
    static constexpr int precision = 32 - 8 - 2; ///< a sum of bytes times weights has 32 bits
    std::vector<std::size_t> first, taps;
    std::vector<std::int32_t> weights;
    std::size_t most_taps = 0;

    const std::int32_t* weights_of(std::size_t i) const { return weights.data() + i * most_taps; }
};

CTGAN_IO_FUNCTION ResizeWeights resize_weights(std::size_t old_size, const ResizedRange& range) {
    // Volatile where a compiler that fuses a product and a sum would round otherwise than Pillow's.
    const double scale = static_cast<double>(old_size) / static_cast<double>(range.size);
    const double support = (std::max)(scale, 1.0), inverse = 1.0 / support;
    ResizeWeights result;
    if (range.size == old_size) { // weights of 1, so that nothing changes
        result.most_taps = 1;
        for (std::size_t i = 0; i < range.count; ++i) result.first.push_back(range.first + i);
        result.taps.assign(range.count, 1);
        result.weights.assign(range.count, 1 << ResizeWeights::precision);
        return result;
    }
    // Very wide filters still only reach from the first old value to the last one.
    result.most_taps = (std::min)(static_cast<std::size_t>(std::ceil(support)) * 2 + 1, old_size);
    result.first.resize(range.count);
    result.taps.resize(range.count);
    result.weights.assign(range.count * result.most_taps, 0);
    std::vector<double> values(result.most_taps);
    for (std::size_t i = 0; i < range.count; ++i) {
        const volatile double center = (static_cast<double>(range.first + i) + 0.5) * scale;
        const double begin = center - support + 0.5, end = center + support + 0.5;
        const std::size_t first = begin > 0 ? static_cast<std::size_t>(begin) : 0;
        const std::size_t taps = (std::min)(static_cast<std::size_t>(end), old_size) - first;
        double sum = 0;
        for (std::size_t k = 0; k < taps; ++k) {
            const volatile double distance = (static_cast<double>(k + first) - center + 0.5) * inverse;
            values[k] = (std::max)(1 - std::abs(distance), 0.0);
            sum += values[k];
        }
        for (std::size_t k = 0; k < taps; ++k) {
            const double weight = sum == 0 ? values[k] : values[k] / sum;
            const double scaled = weight * (1 << ResizeWeights::precision);
            // NOLINTNEXTLINE(bugprone-incorrect-roundings): as Pillow rounds
            result.weights[i * result.most_taps + k] = static_cast<std::int32_t>(0.5 + scaled);
        }
        result.first[i] = first;
        result.taps[i] = taps;
    }
    return result;
}

/// The byte of a sum of bytes times weights, which began with a half.
CTGAN_IO_FUNCTION std::uint8_t resized_byte(std::int32_t sum) {
    return static_cast<std::uint8_t>(std::clamp(sum >> ResizeWeights::precision, 0, 255));
}

/// Resizes rows `first_row` and following of a picture, which begins with column `first_column` of the old
/// one.
CTGAN_IO_FUNCTION Picture resized_across(const Picture& old, const ResizeWeights& resize,
                                         std::size_t first_column, std::size_t first_row, std::size_t rows) {
    const std::size_t channels = old.channels, columns = resize.first.size();
    Picture picture{channels, rows, columns, {}};
    picture.pixels.resize(rows * columns * channels);
    std::uint8_t* to = picture.pixels.data();
    for (std::size_t y = 0; y < rows; ++y) {
        const std::uint8_t* const row = old.pixels.data() + (first_row + y) * old.width * channels;
        for (std::size_t x = 0; x < columns; ++x) {
            const std::uint8_t* const values = row + (resize.first[x] - first_column) * channels;
            const std::int32_t* const weights = resize.weights_of(x);
            for (std::size_t c = 0; c < channels; ++c, ++to) {
                std::int32_t sum = 1 << (ResizeWeights::precision - 1);
                for (std::size_t k = 0; k < resize.taps[x]; ++k) sum += values[k * channels + c] * weights[k];
                *to = resized_byte(sum);
            }
        }
    }
    return picture;
}

/// Resizes columns `first_column` and following of a picture, which begins with row `first_row` of the old
/// one.
CTGAN_IO_FUNCTION Picture resized_down(const Picture& old, const ResizeWeights& resize, std::size_t first_row,
                                       std::size_t first_column, std::size_t columns) {
    const std::size_t rows = resize.first.size(), row = columns * old.channels;
    Picture picture{old.channels, rows, columns, {}};
    picture.pixels.resize(rows * row);
    std::vector<std::int32_t> sums(row);
    for (std::size_t y = 0; y < rows; ++y) {
        std::fill(sums.begin(), sums.end(), 1 << (ResizeWeights::precision - 1));
        for (std::size_t k = 0; k < resize.taps[y]; ++k) {
            const std::int32_t weight = resize.weights_of(y)[k];
            const std::uint8_t* const from =
                old.pixels.data() +
                ((resize.first[y] - first_row + k) * old.width + first_column) * old.channels;
            for (std::size_t i = 0; i < row; ++i) sums[i] += from[i] * weight;
        }
        std::transform(sums.begin(), sums.end(), picture.pixels.data() + y * row, resized_byte);
    }
    return picture;
}

/// Part of a picture in another size. The result of the first of the two directions is rounded to bytes, so
/// their order matters: it is that of Pillow 13.
CTGAN_IO_FUNCTION Picture resized_part(const Picture& old, const ResizedRange& rows,
                                       const ResizedRange& columns) {
    if (old.height == 0 || old.width == 0 || rows.count == 0 || columns.count == 0 ||
        old.pixels.size() != old.channels * old.height * old.width)
        ctgan::detail::fail_with<std::invalid_argument>(
            {"resized: found a picture of ", old.channels, " x ", old.height, " x ", old.width, " with ",
             old.pixels.size(), " bytes, for ", rows.count, " x ", columns.count,
             ", expected as many bytes as the sizes say, and no size of 0"});
    const ResizeWeights down = resize_weights(old.height, rows), across = resize_weights(old.width, columns);
    // Only what the second direction needs.
    const std::size_t top = down.first.front(), bottom = down.first.back() + down.taps.back();
    const std::size_t left = across.first.front(), right = across.first.back() + across.taps.back();
    const bool down_first =
        rows.size < old.height &&
        (columns.size >= old.width || old.height - rows.size > 2 * (old.width - columns.size));
    if (down_first)
        return resized_across(resized_down(old, down, 0, left, right - left), across, left, 0, rows.count);
    return resized_down(resized_across(old, across, 0, top, bottom - top), down, top, 0, columns.count);
}

/// The middle `count` of `size`, as torchvision rounds: half to even.
CTGAN_IO_FUNCTION ResizedRange middle(std::size_t size, std::size_t count) {
    const std::size_t around = size - count, half = around / 2;
    return {size, half + (around % 2 != 0 && half % 2 != 0 ? 1 : 0), count};
}

} // namespace detail

CTGAN_IO_FUNCTION Picture resized(const Picture& picture, std::size_t height, std::size_t width) {
    return detail::resized_part(picture, {height, 0, height}, {width, 0, width});
}

CTGAN_IO_FUNCTION Picture resized_and_cropped(const Picture& picture, std::size_t height, std::size_t width) {
    if (picture.height == 0 || picture.width == 0) return resized(picture, height, width); // which throws
    const bool narrow = picture.width * height <= picture.height * width;
    return detail::resized_part(
        picture, detail::middle(narrow ? width * picture.height / picture.width : height, height),
        detail::middle(narrow ? width : height * picture.width / picture.height, width));
}

} // namespace ctgan::inline CTGAN_ABI::io
