#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/safetensors_write.hpp>

#include <filesystem>
#include <span>
#include <string>

/// Checkpoints: safetensors files with a checksum over the whole file. They are written so that a complete
/// checkpoint exists after a crash at any moment.
///
/// The format: the metadata holds "format": "ctgan-checkpoint" and "version": "1". The last tensor is
/// "checksum", U8 [4]: the CRC-32 of all bytes of the file before it, lowest byte first. Any reader of
/// safetensors files can read the other tensors.
namespace ctgan::inline CTGAN_ABI::io {

/// The name under which write_checkpoint() keeps the previous checkpoint, in the same folder:
/// checkpoint.previous.safetensors for checkpoint.safetensors.
std::filesystem::path previous_of(const std::filesystem::path& path);

/// Writes a checkpoint, all or nothing, and keeps the one that it replaces as previous_of(path). After a
/// crash at any moment, one of the two names holds a complete checkpoint that is not older than the one that
/// `path` held before. When the call returns, the checkpoint is on disk. Throws Error if it cannot be
/// written, if `path` is a symbolic link, or if a tensor is named "checksum".
void write_checkpoint(const std::filesystem::path& path, std::span<const TensorToWrite> tensors,
                      SafetensorsFile::Metadata metadata);

/// Whether the file's metadata says that it is a checkpoint.
bool is_checkpoint(const SafetensorsFile& file);

/// Throws Error unless the file is a checkpoint of this version and its checksum is correct.
void require_whole_checkpoint(const SafetensorsFile& file);

/// Reads a checkpoint. Throws Error if the file cannot be read, is not a checkpoint of this version, or is
/// damaged.
SafetensorsFile open_checkpoint(const std::filesystem::path& path);

/// The checkpoint to resume from.
struct LatestCheckpoint {
    SafetensorsFile file;     ///< complete: its checksum is correct
    std::string latest_error; ///< what is wrong with the latest, if this is the previous one; otherwise empty
};

/// Reads the checkpoint at `path` or, if that is missing or damaged, the previous one. Throws Error if there
/// is no previous one, or if the file at `path` is complete but cannot be used, for example because it has
/// another version. Throws std::runtime_error with both causes if the previous one cannot be used either.
LatestCheckpoint open_latest_checkpoint(const std::filesystem::path& path);

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/checkpoint.hpp>
#endif
