#pragma once

#include <ctgan/backend/convolution_geometry.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/memory_size.hpp>
#include <ctgan/core/random.hpp>
#include <ctgan/core/shape.hpp>

#include <concepts>

namespace ctgan {

/// The backends: backend/cpu.hpp and backend/cuda.hpp, the latter in files that nvcc compiles or that run
/// Thrust on the host's threads.
struct Cpu;
struct Cuda;

/// The patterns of neighbouring layers that Network uses (network/patterns.hpp). Each backend declares them:
/// `struct Plain : Cpu { static constexpr Patterns patterns = Patterns::none(); };` is the CPU backend
/// without any.
struct Patterns {
    bool fuse_activations = true;       ///< the layer in front of an activation applies it
    bool fuse_activation_slopes = true; ///< the normalization or dropout behind it applies its slope
    bool skip_dropped_channels = true;  ///< convolutions skip the channels that dropout set to zero
    bool update_from_factors = true;    ///< the weight gradient of a first Linear layer is never stored
    /// None of them.
    static constexpr Patterns none() { return {false, false, false, false}; }
};

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
    void operator()(Index i) const;
};

struct ExampleUpdate {
    template <class T>
    void operator()(T& parameter, T gradient, T& first, T& second) const;
};

} // namespace detail

/// A backend: a type with these static functions, the operations, at the level of the mathematics. How it
/// computes them is up to the backend.
///
/// Arguments come in this order: outputs, inputs, sizes, options, function. All pointers are to the backend's
/// memory. `n` counts values, `batch` samples, `rows` the pixels of all samples (a batch of images is a
/// matrix of rows by channels, a batch of Flat<F> one of samples by F). `add` says whether a gradient is
/// added to what is there instead of overwriting it. A layer's operation may take a function, which it
/// applies to each value of its result before it stores it. If dropout multiplied each channel of each sample
/// by a factor, a convolution may be given these factors, [sample][channel]: channels with factor 0 are zero
/// and can be skipped.
template <class B>
concept Backend = requires(float* y, const float* x, double* result, Index n, int batch, bool add,
                           float value, random::Stream stream, detail::ExampleFunction f,
                           detail::ExampleTable table, detail::ExampleAction action,
                           detail::ExampleUpdate update, InBackendMemory<detail::ExampleUpdate> stored_update,
                           ParameterBlock<float, 2> parameters, ConvolutionOperands<float> convolution,
                           ConvolutionGradientOperands<float> convolution_gradient, Moments<float> moments,
                           NormGradientSums<float> sums, NormGradientSums<const float> const_sums) {
    { B::patterns } -> std::convertible_to<Patterns>;
    // Memory, and copies between it and the host's.
    typename B::template Memory<float>;
    B::copy(y, x, n);
    B::to_host(y, x, n);
    B::from_host(y, x, n);
    B::fill(y, n, value);
    // Random numbers: value i is a function of (stream, i) alone.
    B::fill_uniform(y, n, value, stream);
    B::fill_normal(y, n, value, stream);
    B::fill_mask(y, n, value, stream);
    // Operations take effect in the order in which they are called. If a backend works asynchronously, only
    // to_host and from_host wait. A Recording runs an action that is the same each time. It may record the
    // action's operations and play them back, so whatever differs from run to run has to be in the backend's
    // memory. `run_once` is for a step's counters and similar small updates there.
    typename B::Recording;
    B::run_once(action);
    // f(index), where f itself writes the results of one index, for example the values of one sample.
    B::for_each(n, action);
    // Elementwise: y = f(index), y = f(x), y = f(a, b); the sum of f over a batch, as a double in the
    // backend's memory.
    B::tabulate(y, n, table);
    B::map(y, x, n, f);
    B::zip(y, x, x, n, f);
    B::sum(result, x, n, f);
    B::sum(result, x, x, n, f);
    // Sums over rows; a batch of images from PyTorch's order of channels to channels last, and back.
    B::template sum_rows<3>(y, x, n, add);
    B::template scale_channels<3, 4>(y, x, x, x, batch, f);
    B::template channels_last<3, 4>(y, x, batch);
    B::template channels_first<3, 4>(y, x, batch);
    // Layers.
    B::template linear<3, 4>(y, x, x, x, batch, f);
    B::template linear_input_gradient<3, 4>(y, x, x, batch);
    B::template linear_weight_gradient<3, 4>(y, x, x, batch, add);
    {
        B::template convolution_scratch<float, detail::ExampleGeometry, Algorithms::fastest>
        } -> std::convertible_to<MemorySize>;
    B::template convolution<detail::ExampleGeometry>(convolution, f);
    B::template transposed_convolution<detail::ExampleGeometry>(convolution, f);
    B::template convolution_weight_gradient<detail::ExampleGeometry>(convolution_gradient);
    B::template batch_moments<3>(y, y, y, y, x, n);
    B::template batch_norm<3>(y, x, moments, x, x, n);
    B::template batch_norm_gradient_sums<3>(sums, sums, x, x, moments, n, add);
    B::template batch_norm_input_gradient<3>(y, x, x, moments, x, const_sums, n, f);
    // Optimizers: over an arena, and for a Linear layer's weight from the factors of its gradient.
    B::update(parameters, x, n, update);
    B::update(parameters, x, n, stored_update);
    B::template linear_update<3, 4>(parameters, x, x, batch, update);
};

} // namespace ctgan
