#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/checksum.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/safetensors_convert.hpp>
#include <ctgan/io/safetensors_dtype.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

/// A tensor in a SafetensorsFile; valid as long as that object exists.
struct TensorView {
    Dtype dtype;                      ///< type of the elements
    std::vector<std::uint64_t> shape; ///< as in PyTorch; empty for a single value
    std::span<const std::byte> bytes; ///< the elements, little-endian, perhaps not aligned for their type
    std::uint64_t offset;             ///< position of the first byte, from the start of the file
};

/// A safetensors file, read into memory as a whole and checked: all sizes agree with each other and with the
/// size of the file.
class SafetensorsFile {
  public:
    /// The tensors by name.
    using Tensors = std::map<std::string, TensorView, std::less<>>;
    /// The entries of the file's __metadata__ by key.
    using Metadata = std::map<std::string, std::string, std::less<>>;

    /// Reads the file. Throws Error unless it is a well-formed safetensors file whose tensors have at
    /// most 8 dimensions and a type of Dtype. Memory for the data is allocated only after the header has been
    /// checked, and all memory together never exceeds the size of the file by more than 64 MB.
    static SafetensorsFile open(const std::filesystem::path& path);

    // Moving leaves the bytes in place, but the views of a copy would point into the original: no copies.
    /// Views of the tensors stay valid.
    SafetensorsFile(SafetensorsFile&&) noexcept;
    /// Views of the moved file's tensors stay valid.
    SafetensorsFile& operator=(SafetensorsFile&&) noexcept;
    /// Views of the tensors become invalid.
    ~SafetensorsFile();

    /// The path passed to open().
    const std::filesystem::path& path() const { return path_; }
    /// All tensors of the file.
    const Tensors& tensors() const { return tensors_; }
    /// The file's __metadata__; empty if it has none.
    const Metadata& metadata() const { return metadata_; }

    /// The tensor with that name. Throws Error if there is none.
    const TensorView& tensor(std::string_view name) const;

    /// The elements of a tensor, converted to T; F16 and BF16 become floats without rounding. Throws Error if
    /// there is no such tensor, or if an element is outside T's range or, for an integer type T, not a whole
    /// number. In floating point, infinities and NaN are kept.
    template <class T>
    std::vector<T> values(std::string_view name) const;

    /// The value of a tensor with one element, converted to T. Throws Error as values() does, and if the
    /// tensor does not have exactly one element.
    template <class T>
    T value(std::string_view name) const {
        require_single(name);
        return values<T>(name)[0];
    }

    /// The checksum of the bytes of the file, as they were read, before `offset`, which must be the offset of
    /// a tensor.
    Checksum checksum_before(std::uint64_t offset) const;

  private:
    SafetensorsFile(std::filesystem::path path, std::string header);

    void require_single(std::string_view name) const; ///< throws Error unless the tensor has one element
    std::uint64_t data_start() const;                 ///< position of the first byte of data

    std::filesystem::path path_;
    std::string header_;
    std::vector<std::byte> data_;
    Tensors tensors_;
    Metadata metadata_;
};

template <class T>
std::vector<T> SafetensorsFile::values(std::string_view name) const {
    const TensorView& view = tensor(name);
    std::vector<T> result(view.bytes.size() / size_of(view.dtype));
    const auto failed_at = detail::convert<T>(view.dtype, view.bytes, result);
    if (failed_at)
        throw Error(path_, view.offset + *failed_at * size_of(view.dtype),
                    "a number in tensor " + in_quotes(name) + " that the program's type cannot hold",
                    detail::range_text<T>());
    return result;
}

#ifdef CTGAN_SEPARATE_COMPILATION
extern template std::vector<float> SafetensorsFile::values(std::string_view) const;
extern template std::vector<double> SafetensorsFile::values(std::string_view) const;
extern template std::vector<std::int64_t> SafetensorsFile::values(std::string_view) const;
#endif

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/safetensors.hpp>
#endif
