#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/impl/safetensors_dtype.hpp>
#include <ctgan/io/safetensors_dtype.hpp>
#include <ctgan/io/separate_compilation.hpp>

// One line instead of all the errors that follow from its absence, as for C++20 in config.hpp.
#if !__has_include(<nlohmann/json.hpp>)
#    include <ctgan needs nlohmann/json for files of weights: install nlohmann-json3-dev or nlohmann-json and name its folder with -isystem>
#endif
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io::detail {

/// A tensor as the header describes it. begin() and end() count bytes from the end of the header.
struct TensorEntry {
    std::optional<Dtype> dtype;
    std::optional<std::vector<std::uint64_t>> shape, offsets;

    std::uint64_t begin() const { return (*offsets)[0]; }
    std::uint64_t end() const { return (*offsets)[1]; }
};

struct SafetensorsHeader {
    std::map<std::string, TensorEntry, std::less<>> tensors;
    std::map<std::string, std::string, std::less<>> metadata;
};

/// Receives the header's JSON token by token and rejects anything that the format does not allow as soon as
/// it appears. So nothing is nested deeper than the format allows, and duplicate keys are detected (a JSON
/// object in memory would silently keep the last one).
class HeaderReader : public nlohmann::json_sax<nlohmann::json> {
  public:
    explicit HeaderReader(const std::filesystem::path& path) : path_(path) {}

    SafetensorsHeader take() { return std::move(header_); }

    bool null() override { refuse("null"); }
    bool boolean(bool value) override { refuse(value ? "true" : "false"); }
    bool number_integer(number_integer_t value) override { refuse(std::to_string(value)); }
    bool number_float(number_float_t, const string_t& text) override { refuse(printable(text)); }
    bool binary(binary_t&) override { refuse("binary data"); }

    bool number_unsigned(number_unsigned_t value) override {
        if (place_ != Place::list) refuse(std::to_string(value));
        const bool shape = key_ == "shape";
        if (list_->size() == (shape ? highest_rank : 2))
            refuse(shape ? "a ninth dimension" : "a third number");
        list_->push_back(value);
        return true;
    }

    bool string(string_t& value) override {
        if (place_ == Place::metadata) {
            header_.metadata[key_] = std::move(value);
        } else if (place_ == Place::tensor && key_ == "dtype") {
            entry_->dtype = dtype_from_name(value);
            if (!entry_->dtype)
                refuse(in_quotes(value), is_float8(value) ? ": tensor.float() in Python" : "");
        } else {
            refuse(in_quotes(value));
        }
        return true;
    }

    bool start_object(std::size_t) override {
        if (place_ == Place::outside) {
            place_ = Place::root;
        } else if (place_ == Place::root && key_ == metadata_key) {
            place_ = Place::metadata;
        } else if (place_ == Place::root) {
            place_ = Place::tensor;
            tensor_ = key_;
            entry_ = &header_.tensors[tensor_];
        } else {
            refuse("an object");
        }
        return true;
    }

    bool key(string_t& key) override {
        if (is_taken(key))
            throw Error(path_, "the key " + in_quotes(key) + " twice in " + place_name(), "each key once");
        if (place_ == Place::tensor && key != "dtype" && key != "shape" && key != "data_offsets")
            throw Error(path_, "the key " + in_quotes(key) + " in " + place_name(),
                        "dtype, shape and data_offsets");
        key_ = std::move(key);
        return true;
    }

    bool end_object() override {
        if (place_ == Place::tensor) {
            const char* missing = !entry_->dtype     ? "dtype"
                                  : !entry_->shape   ? "shape"
                                  : !entry_->offsets ? "data_offsets"
                                                     : nullptr;
            if (missing) throw Error(path_, "no " + std::string(missing) + " in " + place_name(), "one");
        }
        place_ = Place::root;
        return true;
    }

    bool start_array(std::size_t) override {
        if (place_ != Place::tensor || key_ == "dtype") refuse("an array");
        auto& list = key_ == "shape" ? entry_->shape : entry_->offsets;
        list_ = &list.emplace();
        place_ = Place::list;
        return true;
    }

    bool end_array() override {
        if (key_ == "data_offsets" && list_->size() != 2) refuse(counted(list_->size(), "number"));
        place_ = Place::tensor;
        return true;
    }

    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::json::exception& error) override {
        // Keep only the cause of "[its number] place: syntax error while parsing X - CAUSE; last read: ...".
        std::string_view cause = error.what();
        cause.remove_prefix((std::min)(cause.find("] ") + 2, cause.size()));
        if (const auto dash = cause.find(" - "); dash != std::string_view::npos)
            cause.remove_prefix(dash + 3);
        cause = cause.substr(0, cause.find("; "));
        constexpr std::size_t length_field = 8;
        throw Error(path_, length_field + position - (position > 0 ? 1 : 0), printable(cause),
                    "a header of JSON");
    }

  private:
    enum class Place { outside, root, metadata, tensor, list };

    static constexpr std::string_view metadata_key = "__metadata__";
    static constexpr std::size_t highest_rank = 8;

    std::string place_name() const {
        if (place_ == Place::root) return "the header";
        if (place_ == Place::metadata) return "__metadata__";
        return "tensor " + in_quotes(tensor_);
    }

    bool is_taken(const std::string& key) {
        if (place_ == Place::metadata) return header_.metadata.contains(key);
        if (place_ == Place::tensor)
            return (key == "dtype" && entry_->dtype) || (key == "shape" && entry_->shape) ||
                   (key == "data_offsets" && entry_->offsets);
        return key == metadata_key ? std::exchange(metadata_seen_, true) : header_.tensors.contains(key);
    }

    static bool is_float8(std::string_view dtype) { return dtype.starts_with("F8_"); }

    /// Throws Error for a value that the format does not allow at the current place. `way` is added to the
    /// message: how to get what is expected.
    [[noreturn]] void refuse(const std::string& found, const std::string& way = "") const {
        const auto error = [&](const std::string& where, std::string_view expected) {
            return Error(path_, found + where, std::string(expected) + way);
        };
        const std::string where = " as " + key_ + " of " + place_name();
        switch (place_) {
        case Place::outside:
            throw error(" as the header", "a JSON object");
        case Place::root:
            throw error(" for " + in_quotes(key_) + " in the header", "an object");
        case Place::metadata:
            throw error(" for " + in_quotes(key_) + " in __metadata__", "a string");
        case Place::tensor:
            throw error(where, key_ == "dtype"   ? dtype_names
                               : key_ == "shape" ? std::string_view("a list of dimensions")
                                                 : std::string_view("a list of two offsets"));
        case Place::list:
            throw error(" in" + where.substr(3), key_ == "shape"
                                                     ? "at most 8 whole numbers from 0 to 2^64 - 1"
                                                     : "two whole numbers from 0 to 2^64 - 1");
        }
        std::abort();
    }

    const std::filesystem::path& path_;
    SafetensorsHeader header_;
    Place place_ = Place::outside;
    bool metadata_seen_ = false;
    std::string key_, tensor_;
    TensorEntry* entry_ = nullptr;
    std::vector<std::uint64_t>* list_ = nullptr;
};

/// Checks that the tensors' bytes follow one another without gap or overlap, that each tensor has as many
/// bytes as its shape requires, and that together they fill the `data_size` bytes from `data_start` of the
/// file. Throws Error if not.
CTGAN_IO_FUNCTION void check_layout(const std::filesystem::path& path, const SafetensorsHeader& header,
                                    std::uint64_t data_start, std::uint64_t data_size) {
    using Item = const std::pair<const std::string, TensorEntry>*;
    std::vector<Item> in_file_order;
    in_file_order.reserve(header.tensors.size());
    for (const auto& item : header.tensors) in_file_order.push_back(&item);
    // The name breaks ties, so the same file always gives the same message.
    std::sort(in_file_order.begin(), in_file_order.end(), [](Item a, Item b) {
        const auto key = [](Item item) {
            return std::tuple(item->second.begin(), item->second.end(), std::string_view(item->first));
        };
        return key(a) < key(b);
    });
    std::uint64_t position = 0;
    for (const Item item : in_file_order) {
        const auto& [name, entry] = *item;
        const std::string offsets = shape_text(*entry.offsets) + " of tensor " + in_quotes(name);
        if (entry.begin() > entry.end())
            throw Error(path, "the offsets " + offsets, "a begin before the end");
        const std::string described = std::string(name_of(*entry.dtype)) + " " + shape_text(*entry.shape);
        const auto bytes = byte_count(*entry.dtype, *entry.shape);
        if (!bytes)
            throw Error(path, described + " as tensor " + in_quotes(name), "a size that 64 bits can count");
        if (entry.end() - entry.begin() != *bytes)
            throw Error(path, counted(entry.end() - entry.begin(), "byte") + " at the offsets " + offsets,
                        std::to_string(*bytes) + " for " + described);
        if (entry.end() > data_size)
            throw Error(path, "the offsets " + offsets,
                        "at most " + std::to_string(data_size) + ", the bytes of data in the file");
        if (entry.begin() != position)
            throw Error(path, data_start + (std::min)(entry.begin(), position),
                        (entry.begin() < position ? "an overlap" : "a hole") + (" at the offsets " + offsets),
                        "tensors that follow one another: " + std::to_string(position));
        position = entry.end();
    }
    if (position != data_size)
        throw Error(path, data_start + position, counted(data_size, "byte") + " of data",
                    std::to_string(position) + " for the tensors in the header");
}

} // namespace ctgan::inline CTGAN_ABI::io::detail
