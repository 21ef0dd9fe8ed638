#pragma once

#include <ctgan/backend/batch.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/tensor.hpp>
#include <ctgan/gan/byte_images.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/find_images.hpp>
#include <ctgan/io/find_pixels.hpp>
#include <ctgan/io/idx.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/picture_folder.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

/// Whether a sample of the shape To holds the values of one of the shape From in the same order.
template <class From, class To>
inline constexpr bool same_values = std::is_same_v<From, To> ||
                                    (From::channels == 1 && std::is_same_v<To, Flat<From::size>>);

// The checks of DataSet that are compiled once for all shapes. The messages say what they throw.

void check_bytes(std::size_t bytes, std::size_t bytes_of_image);

/// The pixels of all pictures, which must have this shape.
std::vector<std::uint8_t> pixels_of(std::span<const Picture> pictures, std::size_t channels,
                                    std::size_t height, std::size_t width);

void check_samples(Index samples, Index rows);

void check_count(int n);

void check_rows(std::span<const std::uint32_t> rows, std::uint32_t images);

void check_range(Index first, Index n, std::uint32_t images);

} // namespace detail

/// Images in memory as bytes, all of one shape. The shape is part of the type, so a network of another image
/// size rejects the data at compile time. read() checks that the file holds images of that shape.
template <class Shape>
class DataSet {
  public:
    using shape = Shape; ///< shape of an image

    /// Reads the images of a path, whose content decides what they are: for Image<1, H, W>, an IDX file,
    /// plain or .gz, or a folder in which find_images() finds one; for Image<3, 32, 32>, a file of CIFAR-10
    /// or CIFAR-100, or the folder with the files for training (find_cifar()); for any Image<1, H, W> or
    /// Image<3, H, W>, a folder of pictures, which are resized and cropped (read_picture_folder()). Throws
    /// Error if there is nothing of the kind, if it is malformed, or if the images of an IDX file do not have
    /// the shape `Shape`. `options` are for folders of pictures.
    template <class S = Shape, class Found = detail::FoundPixels> // the linker's name tells the decoders
    static DataSet read(const std::filesystem::path& path, const FolderOptions& options = {}) {
        static_assert(detail::is_picture<S> || is_invalid<S>,
                      "ctgan: files hold images of one or three channels: DataSet<Image<1, H, W>> or "
                      "DataSet<Image<3, H, W>>");
        if constexpr (detail::is_picture<S>) {
            Found found = detail::find_pixels(path, {S::channels, S::height, S::width}, options);
            DataSet data(std::move(found.pixels));
            data.skipped_ = std::move(found.skipped);
            data.cache_problem_ = std::move(found.cache_problem);
            return data;
        } else
            return DataSet({});
    }

    /// Takes the images as [count][height][width][channels]. Throws std::invalid_argument if the bytes are
    /// not a whole number of images.
    explicit DataSet(std::vector<std::uint8_t> pixels) : pixels_(std::move(pixels)) {
        detail::check_bytes(pixels_.size(), Shape::size);
    }

    /// Copies pictures. Throws std::invalid_argument, with the number of the picture, if one does not have
    /// the shape `Shape`.
    template <class S = Shape>
        requires(detail::is_picture<S>)
    static DataSet of(std::span<const Picture> pictures) {
        return DataSet(detail::pixels_of(pictures, S::channels, S::height, S::width));
    }

    /// The number of images.
    std::uint32_t count() const { return static_cast<std::uint32_t>(pixels_.size() / Shape::size); }
    /// The bytes of all images: [count][height][width][channels].
    std::span<const std::uint8_t> pixels() const { return pixels_; }

    /// A line for each picture that read() left out, with FolderOptions::skip_broken.
    const std::vector<std::string>& skipped() const { return skipped_; }
    /// Why read() could not write the cache of a folder of pictures; empty if it could, or had nothing to
    /// write.
    const std::string& cache_problem() const { return cache_problem_; }

    /// Writes the images with these numbers, counted from 0, to a batch or a view of one, as values in
    /// [-1, 1]: `data.write_to(batch, order)`, or `data.write_to(batch.first(n), rest_of_order)` for a last
    /// batch that is not full. Throws std::invalid_argument unless the batch has as many samples as there are
    /// rows, std::out_of_range if the data set does not have a row; then the batch is unchanged.
    template <class Samples>
    void write_to(Samples&& batch, std::span<const std::uint32_t> rows) const {
        check_samples(as_view(batch), static_cast<Index>(rows.size()));
        check_rows(rows);
        write(as_view(batch), [&](Index i) { return static_cast<Index>(rows[static_cast<std::size_t>(i)]); });
    }

    /// Writes the images from number `first` on, as many as the batch has samples. Throws std::out_of_range
    /// if there are fewer.
    template <class Samples>
    void write_to(Samples&& batch, Index first) const {
        const auto view = as_view(batch);
        check_samples(view, view.count);
        check_range(first, view.count);
        write(view, [&](Index i) { return first + i; });
    }

    /// A batch of `n` images from number `first` on, as values in [-1, 1]. Throws std::out_of_range if there
    /// are fewer, std::invalid_argument if `n` is negative.
    template <class B = Cpu, class T = float>
    BatchOn<Shape, B, T> rows(Index first, int n) const {
        detail::check_count(n);
        check_range(first, n); // before memory is allocated
        BatchOn<Shape, B, T> batch(n);
        write_to(batch, first);
        return batch;
    }

    /// A batch of the images with these numbers. Throws std::out_of_range if the data set does not have one.
    template <class B = Cpu, class T = float>
    BatchOn<Shape, B, T> rows(std::span<const std::uint32_t> numbers) const {
        check_rows(numbers); // before memory is allocated
        BatchOn<Shape, B, T> batch(static_cast<int>(numbers.size()));
        write_to(batch, numbers);
        return batch;
    }

  private:
    template <class View>
    static void check_samples(const View& view, Index rows) {
        using Other = typename View::shape;
        static_assert(detail::same_values<Shape, Other> || is_invalid<Shape> || is_invalid<Other>,
                      "ctgan: DataSet: the batch has samples of another shape than the images");
        detail::check_samples(view.count, rows);
    }

    void check_rows(std::span<const std::uint32_t> rows) const { detail::check_rows(rows, count()); }
    void check_range(Index first, Index n) const { detail::check_range(first, n, count()); }

    /// Writes image row_of(i) to sample i.
    template <class Other, class T, class Space, class RowOf>
    void write(View<Other, T, Space> samples, const RowOf& row_of) const {
        constexpr bool takes_values = std::floating_point<T> && !std::is_const_v<T>;
        static_assert(takes_values, "ctgan: DataSet: images go into a batch of float or double");
        [[maybe_unused]] const auto convert = [&](auto* to) {
            for (Index i = 0; i < samples.count; ++i) {
                const std::uint8_t* const image = pixels_.data() + row_of(i) * Shape::size;
                std::transform(image, image + Shape::size, to + i * Shape::size,
                               [](std::uint8_t byte) { return normalized<T>(byte); });
            }
        };
        if constexpr (!takes_values) {
            // The only error is the one above.
        } else if constexpr (std::is_same_v<Space, Cpu>) {
            convert(samples.data);
        } else {
            std::vector<T> values(static_cast<std::size_t>(samples.size()));
            convert(values.data());
            messages::backend_or_missing<Space>::from_host(samples.data, values.data(), samples.size());
        }
    }

    std::vector<std::uint8_t> pixels_;
    std::vector<std::string> skipped_;
    std::string cache_problem_;
};

/// The order of n images in an epoch: a shuffle that depends on (seed, epoch) alone, so training can resume
/// at any epoch without computing the ones before it. The algorithm is the Fisher-Yates shuffle; each
/// exchange uses one value of the random stream, of 32 bits. Exchange i takes each of i candidates with a
/// probability of k / 2^32, where k is 2^32 / i rounded down or up. So it differs from 1 / i by less than
/// i / 2^32 of 1 / i: for 60,000 images by less than 1.4e-5, for a million by less than 2.4e-4.
std::vector<std::uint32_t> shuffled(std::uint32_t n, std::uint64_t seed, std::uint64_t epoch);

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/data_set.hpp>
#endif
