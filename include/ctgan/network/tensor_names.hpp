#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

// Not std::ranges::input_range: <ranges> would be a tenth of the time that <ctgan/dcgan.hpp> takes to
// include.
template <class Names>
concept IsRangeOfStrings = requires(const Names& names) {
    { *std::begin(names) } -> std::convertible_to<std::string_view>;
    std::end(names);
};

} // namespace detail

/// The names of the layers of a network that have tensors, in their order, such as those of PyTorch's
/// state_dict(): `{"conv1", "bn", "fc"}`, a std::vector<std::string> or any other range of strings, which is
/// copied. Only an array of string_view that is not a temporary, or a span, is not copied: its owner must
/// outlive this object, and it may be a constant. Throws std::invalid_argument if a name is empty, or if two
/// are equal.
class LayerNames {
  public:
    /// No names, for a network without tensors.
    constexpr LayerNames() = default;
    /// A copy of the names.
    LayerNames(std::initializer_list<std::string_view> names) : LayerNames() { copy(names); }
    /// A copy of the names.
    template <class Names>
        requires(detail::IsRangeOfStrings<Names> && !std::same_as<Names, LayerNames>)
    LayerNames(const Names& names) : LayerNames() { copy(names); }
    /// A copy of the names.
    template <std::size_t N>
    LayerNames(const std::array<std::string_view, N>&& names) : LayerNames() {
        copy(names);
    }
    /// These names, not copied.
    template <std::size_t N>
    constexpr LayerNames(const std::array<std::string_view, N>& names) : names_(names) {
        check(names_);
    }
    /// These names, not copied.
    constexpr LayerNames(std::span<const std::string_view> names) : names_(names) { check(names_); }

    /// Copies what `other` has copied.
    constexpr LayerNames(const LayerNames& other) : LayerNames() {
        if (other.owned_)
            copy(other.names_);
        else
            names_ = other.names_;
    }
    /// Leaves `other` without names.
    constexpr LayerNames(LayerNames&& other) noexcept
        : owned_(std::exchange(other.owned_, nullptr)), names_(std::exchange(other.names_, {})) {}
    /// Copies what `other` has copied, or takes it from a temporary.
    constexpr LayerNames& operator=(LayerNames other) noexcept {
        std::swap(owned_, other.owned_);
        std::swap(names_, other.names_);
        return *this;
    }
    constexpr ~LayerNames() {
        if (owned_) release(owned_);
    }

    /// The number of names.
    constexpr std::size_t size() const { return names_.size(); }
    /// Name i, counted from 0, which must be below size().
    constexpr std::string_view operator[](std::size_t i) const { return names_[i]; }
    /// All names; valid as long as this object is.
    constexpr operator std::span<const std::string_view>() const { return names_; }

  private:
    /// Copied names. A pointer to it, and not a vector, so that an object without copies can be a constant.
    struct Owned {
        std::vector<char> text; ///< of all names
        std::vector<std::string_view> names;
    };

    // The constructors that call this delegate to the default one, so that the destructor runs if it throws.
    template <class Names>
    void copy(const Names& names) {
        std::size_t count = 0, length = 0;
        for (auto&& name : names) {
            ++count;
            length += std::string_view(name).size();
        }
        auto* const owned = new Owned{std::vector<char>(length), std::vector<std::string_view>(count)};
        owned_ = owned;
        char* text = owned->text.data();
        std::string_view* copied = owned->names.data();
        for (auto&& name : names) {
            const std::string_view from(name);
            from.copy(text, from.size());
            *copied++ = std::string_view(text, from.size());
            text += from.size();
        }
        names_ = owned->names;
        check(names_);
    }
    static void release(const Owned* owned) { delete owned; }

    static constexpr void check(std::span<const std::string_view> names) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (names[i].empty()) refuse({"layer names: found an empty name at position ", i + 1, expected});
            for (std::size_t k = 0; k < i; ++k)
                if (names[k] == names[i])
                    refuse({"layer names: found the name '", names[i], "' at positions ", k + 1, " and ",
                            i + 1, expected});
        }
    }
    static constexpr const char* expected = ", expected a name of its own for each layer";
    [[noreturn]] static void refuse(std::initializer_list<detail::MessagePart> message) {
        detail::fail_with<std::invalid_argument>(message);
    }

    const Owned* owned_ = nullptr;
    std::span<const std::string_view> names_;
};

/// Names the tensors of a network while Network::for_each_tensor visits them.
class TensorNames {
  public:
    /// `layers` names the layers that have tensors, in their order. A layer without a name is "layer 3",
    /// counted from 1 and with the layers that have no tensors.
    explicit TensorNames(LayerNames layers) : layers_(std::move(layers)) {}

    /// "conv1.weight" for the tensor called "weight" of a layer, counted from 0 as for_each_tensor counts it.
    std::string name(int layer, std::string_view tensor) {
        if (layer != current_) {
            current_ = layer;
            ++named_;
        }
        if (named_ <= layers_.size()) return detail::joined({layers_[named_ - 1], ".", tensor});
        return detail::joined({"layer ", layer + 1, ".", tensor});
    }

  private:
    LayerNames layers_;
    std::size_t named_ = 0; ///< layers with tensors so far
    int current_ = -1;
};

} // namespace ctgan::inline CTGAN_ABI
