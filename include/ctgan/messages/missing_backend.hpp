#pragma once

#include <ctgan/core/batch_share.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/memory_size.hpp>

#include <type_traits>

/// The stand-in for a backend that a file names but does not define, so that there is only one error.
namespace ctgan::inline CTGAN_ABI::messages {

/// Converts to a backend's Patterns with all of them switched off.
struct NoPatterns {
    bool fuse_activations = false, fuse_activation_slopes = false, skip_dropped_channels = false,
         update_from_factors = false;
    template <class Patterns>
    constexpr operator Patterns() const {
        return Patterns::none();
    }
};

/// The stand-in. It has every operation of the concept Backend; each takes anything and does nothing.
struct MissingBackend {
    using memory_space = MissingBackend;
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
    static BatchShare share_of(int batch) { return {0, batch}; }
    static Index whole(Index n) { return n; }
    static int late_gradients() { return 0; }
    static void fill_uniform(const auto&...) {}
    static void fill_normal(const auto&...) {}
    static void fill_mask(const auto&...) {}
    static void run_once(const auto&...) {}
    static auto in_region(const auto& body) { return body(); }
    static void for_each(const auto&...) {}
    static void tabulate(const auto&...) {}
    static void map(const auto&...) {}
    static void zip(const auto&...) {}
    static void copy_columns(const auto&...) {}
    static void sum(const auto&...) {}
    static void sum_of_squares(const auto&...) {}
    static void update(const auto&...) {}

    template <int, int>
    static constexpr MemorySize row_sums_scratch{};
    template <int...>
    static void sum_rows(const auto&...) {}
    template <int...>
    static void scale_channels(const auto&...) {}
    template <int...>
    static void channels_last(const auto&...) {}
    template <int...>
    static void channels_first(const auto&...) {}
    template <int...>
    static void for_each_pixel(const auto&...) {}
    template <int...>
    static void linear(const auto&...) {}
    template <int...>
    static void linear_input_gradient(const auto&...) {}
    template <int...>
    static void linear_weight_gradient(const auto&...) {}
    template <int...>
    static void linear_update(const auto&...) {}
    template <int...>
    static void embedding(const auto&...) {}
    template <int...>
    static void embedding_gradient(const auto&...) {}
    template <int...>
    static void batch_moments(const auto&...) {}
    template <int...>
    static void batch_norm(const auto&...) {}
    template <int...>
    static void normalize(const auto&...) {}
    template <int...>
    static void batch_norm_gradient_sums(const auto&...) {}
    template <int...>
    static void batch_norm_input_gradient(const auto&...) {}
    template <int, int, int>
    static constexpr MemorySize group_norm_scratch{};
    template <int...>
    static void group_moments(const auto&...) {}
    template <int...>
    static void group_norm(const auto&...) {}
    template <int...>
    static void group_norm_gradient_sums(const auto&...) {}
    template <int...>
    static void group_norm_input_gradient(const auto&...) {}
    template <int...>
    static void matrix_times_vector(const auto&...) {}
    template <int...>
    static void vector_times_matrix(const auto&...) {}
    static void inner_product(const auto&...) {}
    static void unit_vector(const auto&...) {}
    template <int...>
    static void subtract_outer_product(const auto&...) {}

    template <class T, class Geometry, auto...>
    static constexpr MemorySize convolution_scratch{};
    template <class Geometry>
    static void convolution(const auto&...) {}
    template <class Geometry>
    static void transposed_convolution(const auto&...) {}
    template <class Geometry>
    static void convolution_weight_gradient(const auto&...) {}
    template <class T, class Geometry>
    static constexpr Index prepared_convolution_size = 0;
    template <class Geometry>
    static void prepare_convolution(const auto&...) {}
    template <class Geometry>
    static void prepare_transposed_convolution(const auto&...) {}
};

template <class B>
inline constexpr bool is_defined = requires {
    sizeof(B);
};

/// The backend itself, or the stand-in if it is declared but not defined.
template <class B>
using backend_or_missing = std::conditional_t<is_defined<B>, B, MissingBackend>;

/// The backend whose memory B uses: its own unless it is derived from another one and declares no Memory.
template <class B>
using memory_space_of = typename backend_or_missing<B>::memory_space;

/// Raises one error if the backend is declared but not defined.
/// A class with other bases does not derive from it: clang drops all bases if one has an error.
template <class B>
struct CheckBackend {
    static_assert(is_defined<B>,
                  "ctgan: this backend is not defined in this file: Cuda needs a file compiled by "
                  "nvcc, Cpu needs <ctgan/backend/cpu.hpp>");
};

} // namespace ctgan::inline CTGAN_ABI::messages
