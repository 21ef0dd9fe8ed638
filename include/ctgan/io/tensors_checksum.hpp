#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/checksum.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/safetensors_write.hpp>

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

/// Files of tensors that hold their own checksum. Whoever computes with such a file can say with which one,
/// and a file that was damaged is refused.
namespace ctgan::inline CTGAN_ABI::io {

/// The key of the checksum in a file's metadata.
inline constexpr std::string_view tensors_checksum_key = "crc32_of_tensors";

/// The checksum of tensors: of name, type, shape and bytes of each, in the order of their names. So it is the
/// same for every file with these tensors, whatever its metadata and the order in the file.
Checksum tensors_checksum(const SafetensorsFile& file);
/// The same for tensors that are to be written. Throws what computing them on demand throws.
Checksum tensors_checksum(std::span<const TensorToWrite> tensors);

/// Writes a file of tensors, all or nothing, with their checksum as another entry of the metadata. Throws
/// what write_safetensors() throws.
void write_with_checksum(const std::filesystem::path& path, std::span<const TensorToWrite> tensors,
                         SafetensorsFile::Metadata metadata);

/// The checksum of a file's tensors as eight hexadecimal digits. Throws Error if the file's metadata says
/// that it is another; a file that does not say so is accepted.
std::string require_checksum(const SafetensorsFile& file);

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/tensors_checksum.hpp>
#endif
