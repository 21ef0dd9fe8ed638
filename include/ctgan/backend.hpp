#pragma once

#include <ctgan/config.hpp>
#include <ctgan/random.hpp>
#include <ctgan/shape.hpp>

#include <concepts>

namespace ctgan {

/// The rooms: backend/cpu.hpp and, for nvcc or where Thrust's devices are the host's threads,
/// backend/cuda.hpp.
struct Cpu;
struct Cuda;

/// A Linear layer's weight is in memory as [block of outputs][input][output of the block], with this many
/// outputs in a block and what is left in the last.
inline constexpr int output_block = 32;

/// Which algorithms a convolution may be computed by. The fastest one depends on the batch, and two of them
/// do not round alike; where a sample's result must not depend on how many others are in the batch, as in
/// evaluation mode, there is only one.
enum class Algorithms { same_for_every_batch, best_for_this_batch };

/// The patterns of neighbouring layers that Network makes use of (patterns.hpp). A backend says which, so
/// that `struct Plain : Cpu { static constexpr Patterns patterns = Patterns::none(); };` is the same room
/// without them.
struct Patterns {
    bool functions_behind_products = true; ///< an activation is applied by the layer in front of it
    bool slopes_from_behind = true;    ///< an activation's slope by the normalization or dropout behind it
    bool dropped_channels = true;      ///< convolutions leave out channels that dropout made zero
    bool updates_from_products = true; ///< a first Linear layer's weight gradient is never stored
    /// None of them.
    static constexpr Patterns none() { return {false, false, false, false}; }
};

/// What a verb does to each number of its result before it leaves it: nothing.
struct Identity {
    /// x.
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return x;
    }
};

/// A running statistic's step towards a batch's, as PyTorch's momentum of 0.1 takes it.
template <class T>
CTGAN_HD T moved_towards(T running, T batch) {
    return T(0.9) * running + T(0.1) * batch;
}

/// An optimizer's update whose numbers change from step to step and are kept in the backend's memory, as
/// random::Clock is: the verb that is handed it reads them when it runs.
template <class F>
struct Kept {
    const F* place; ///< in the backend's memory
};

/// The function itself, where its memory can be read.
template <class F>
CTGAN_HD F present(const F& f) {
    return f;
}
/// The function that is kept at a place.
template <class F>
CTGAN_HD F present(const Kept<F>& kept) {
    return *kept.place;
}

namespace detail {

using ExampleGeometry = ConvolutionGeometry<2, 5, 5, 3, 3, 3, 3, 2, 1>;

struct ExampleFunction {
    template <class T>
    T operator()(T x) const;
    template <class T>
    T operator()(T a, T b) const;
};

struct ExampleTable {
    float operator()(Index i) const;
};

struct ExampleAction {
    void operator()() const;
};

struct ExampleUpdate {
    template <class T>
    void operator()(T& parameter, T gradient, T& first, T& second) const;
};

} // namespace detail

/// The seam to the hardware: a type with these static functions, at the level of the mathematics. A room
/// decides for itself how it computes them. All pointers are to the room's memory; `n` counts numbers,
/// `batch` samples, `rows` pixels of all samples (a batch of images is a matrix of rows by channels, a batch
/// of Flat<F> one of samples by F). Where a gradient is written, `add` says whether it is added to what is
/// there. A layer's verb may be handed a function that it applies to each number of its result, and a
/// convolution the factors by which dropout multiplied each channel of each sample: those of factor 0 are
/// zero.
template <class B>
concept Backend = requires(float* y, const float* x, double* sum, Index n, int batch, bool add, float value,
                           random::Stream stream, Algorithms which, detail::ExampleFunction f,
                           detail::ExampleTable table, detail::ExampleAction action,
                           detail::ExampleUpdate update, Kept<detail::ExampleUpdate> kept_update) {
    { B::patterns } -> std::convertible_to<Patterns>;
    // Memory and its traffic with the host.
    typename B::template Memory<float>;
    B::copy(x, y, n);
    B::to_host(x, y, n);
    B::from_host(x, y, n);
    B::fill(y, n, value);
    // Random numbers: value i is a function of (stream, i) alone.
    B::fill_uniform(y, n, value, stream);
    B::fill_normal(y, n, value, stream);
    B::fill_mask(y, n, value, stream);
    // Verbs take effect in the order in which they are called, but where a room works beside the host only
    // to_host and from_host wait for that. A recording runs an action, always the same one; it may note its
    // verbs and play them back, so whatever differs from run to run has to lie in the room's memory. `once`
    // is for what a step has to count and note there.
    typename B::Recording;
    B::once(action);
    // Elementwise: y = f(index), y = f(x), y = f(a, b); the sum of f over a batch, as a double in the room's
    // memory.
    B::tabulate(table, y, n);
    B::map(f, x, y, n);
    B::zip(f, x, x, y, n);
    B::sum(f, x, n, sum);
    B::sum(f, x, x, n, sum);
    // Sums over rows, and the batch's images from PyTorch's order of channels to ours and back.
    B::template sum_rows<3>(n, x, y, add);
    B::template scale_channels<3, 4>(batch, x, x, y, x, f);
    B::template channels_last<3, 4>(batch, x, y);
    B::template channels_first<3, 4>(batch, x, y);
    // Layers.
    B::template linear<3, 4>(batch, x, x, x, y, f);
    B::template linear_input_gradient<3, 4>(batch, x, x, y);
    B::template linear_weight_gradient<3, 4>(batch, x, x, y, add);
    {
        B::template convolution_scratch<float, detail::ExampleGeometry, Algorithms::best_for_this_batch>
        } -> std::convertible_to<Extent>;
    B::template convolution<detail::ExampleGeometry>(batch, x, x, x, y, y, which, x, f);
    B::template transposed_convolution<detail::ExampleGeometry>(batch, x, x, x, y, y, which, x, f);
    B::template convolution_weight_gradient<detail::ExampleGeometry>(batch, x, x, y, add, y, which, x);
    B::template batch_moments<3>(n, x, y, y, y, y);
    B::template batch_norm<3>(n, x, x, x, x, x, value, y);
    B::template batch_norm_gradient_sums<3>(n, x, x, x, x, value, y, y, y, y, add);
    B::template batch_norm_input_gradient<3>(n, x, x, x, x, x, value, x, x, y, f);
    // Optimizers: over an arena, and for a Linear layer's weight from the factors of its gradient.
    B::update(update, n, y, x, y, y);
    B::update(kept_update, n, y, x, y, y);
    B::template linear_update<3, 4>(update, batch, x, x, y, y, y);
};

} // namespace ctgan
