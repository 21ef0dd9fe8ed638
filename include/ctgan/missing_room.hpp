#pragma once

#include <ctgan/shape.hpp>

#include <type_traits>

/// What stands in for a room that a file names but does not have, so that this is the only error.
namespace ctgan::diagnosis {

/// As backend.hpp's Patterns, none of which is used.
struct NoPatterns {
    bool functions_behind_products = false, slopes_from_behind = false, dropped_channels = false,
         updates_from_products = false;
    template <class Patterns>
    constexpr operator Patterns() const {
        return Patterns::none();
    }
};

/// Stands in for a room that is not defined, so that nothing but that is reported. Every verb of the concept
/// Backend is there, takes everything and does nothing.
struct MissingRoom {
    template <class T>
    struct Memory {
        explicit Memory(Index) {}
        T* data() const { return nullptr; }
        Index size() const { return 0; }
    };
    static constexpr NoPatterns patterns{};
    struct Recording {
        template <class Action>
        bool run(const Action&) {
            return true;
        }
    };

    static void copy(const auto&...) {}
    static void to_host(const auto&...) {}
    static void from_host(const auto&...) {}
    static void fill(const auto&...) {}
    static void fill_uniform(const auto&...) {}
    static void fill_normal(const auto&...) {}
    static void fill_mask(const auto&...) {}
    static void once(const auto&...) {}
    static void for_each(const auto&...) {}
    static void tabulate(const auto&...) {}
    static void map(const auto&...) {}
    static void zip(const auto&...) {}
    static void sum(const auto&...) {}
    static void update(const auto&...) {}

    template <int...>
    static void sum_rows(const auto&...) {}
    template <int...>
    static void scale_channels(const auto&...) {}
    template <int...>
    static void channels_last(const auto&...) {}
    template <int...>
    static void channels_first(const auto&...) {}
    template <int...>
    static void linear(const auto&...) {}
    template <int...>
    static void linear_input_gradient(const auto&...) {}
    template <int...>
    static void linear_weight_gradient(const auto&...) {}
    template <int...>
    static void linear_update(const auto&...) {}
    template <int...>
    static void batch_moments(const auto&...) {}
    template <int...>
    static void batch_norm(const auto&...) {}
    template <int...>
    static void batch_norm_gradient_sums(const auto&...) {}
    template <int...>
    static void batch_norm_input_gradient(const auto&...) {}

    template <class T, class Geometry, auto algorithms>
    static constexpr Extent convolution_scratch{};
    template <class Geometry>
    static void convolution(const auto&...) {}
    template <class Geometry>
    static void transposed_convolution(const auto&...) {}
    template <class Geometry>
    static void convolution_weight_gradient(const auto&...) {}
};

template <class B>
inline constexpr bool is_defined = requires {
    sizeof(B);
};

/// The room of that name.
template <class B>
using room = std::conditional_t<is_defined<B>, B, MissingRoom>;

/// Raises one error where the room of that name is declared but not defined.
template <class B>
struct CheckBackend {
    static_assert(is_defined<B>,
                  "ctgan: this backend is not defined in this file: Cuda needs a file compiled by "
                  "nvcc, Cpu needs <ctgan/backend/cpu.hpp>");
};

} // namespace ctgan::diagnosis
