#pragma once

#include <ctgan/backend/batch.hpp>
#include <ctgan/backend/cpu.hpp>
#include <ctgan/core/byte_from_unit_range.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/core/tensor.hpp>
#include <ctgan/gan/byte_images.hpp>
#include <ctgan/score/features.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <vector>

namespace ctgan::inline CTGAN_ABI::score {

/// The bytes of pictures with values from -1 to 1, rounded as a PNG of them would be: -1 is 0, 1 is 255,
/// values outside are clamped and NaN is 0. `pictures` is a batch, or a view of one, in the host's memory. A
/// score of pictures that are not rounded is another one, because no real picture lies between bytes.
template <class Pictures>
std::vector<std::uint8_t> rounded(const Pictures& pictures) {
    const auto view = as_view(pictures);
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(view.size()));
    std::transform(view.data, view.data + view.size(), bytes.begin(), ctgan::detail::byte_from_unit_range);
    return bytes;
}

/// What a feature network computes from a set of pictures.
struct Extracted {
    Features features; ///< of the last hidden layer: what distances compare
    Features logits;   ///< of the classes, for classes()
};

/// The features and logits of pictures, in evaluation mode. `network` is a Network of the CPU backend with
/// two outputs, features and logits, such as Network<LeNet<Image<1, 28, 28>>>. `pixels` holds pictures of its
/// input's shape as bytes, one after the other, channels last; the network gets them as values in [-1, 1]. A
/// row depends on its picture alone: not on the others, their number or the number of threads.
///
/// Throws std::invalid_argument unless the bytes are a whole number of pictures, one at least.
template <class TheNetwork>
Extracted extract(const TheNetwork& network, std::span<const std::uint8_t> pixels) {
    using Picture = typename TheNetwork::input_shape;
    static_assert(std::is_same_v<typename TheNetwork::backend::memory_space, Cpu>,
                  "ctgan: extract: the network must be of the CPU backend");
    constexpr std::size_t size = Picture::size;
    if (pixels.empty() || pixels.size() % size != 0)
        ctgan::detail::fail_with<std::invalid_argument>(
            {"score::extract: found ", pixels.size(), " bytes, expected 1 or more pictures of ", size});
    const auto count = static_cast<Index>(pixels.size() / size);
    constexpr int block = 64; // pictures in one pass
    using T = typename TheNetwork::scalar;
    Batch<Picture, T> batch(static_cast<int>((std::min)(count, Index{block})));
    typename TheNetwork::Workspace workspace(block);
    Extracted result;
    const auto append = [count](Features& to, Index first, const auto& rows) {
        using Row = typename std::remove_cvref_t<decltype(rows)>::shape;
        if (first == 0)
            to = {count, Row::size, std::vector<double>(static_cast<std::size_t>(count * Row::size))};
        std::copy_n(rows.data, rows.size(), to.values.data() + first * Row::size);
    };
    for (Index first = 0; first < count; first += block) {
        const int n = static_cast<int>((std::min)(Index{block}, count - first));
        const std::uint8_t* const from = pixels.data() + first * Picture::size;
        T* const to = batch.data();
        Cpu::for_each(Index{n} * Picture::size, [=](Index i) { to[i] = normalized<T>(from[i]); });
        const auto outputs = network.forward(batch.first(n), workspace);
        append(result.features, first, std::get<0>(outputs));
        append(result.logits, first, std::get<1>(outputs));
    }
    return result;
}

} // namespace ctgan::inline CTGAN_ABI::score
