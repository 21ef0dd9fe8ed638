#pragma once

#include <ctgan/core/array.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

/// A Linear layer's weight is stored as [block of outputs][input][output of the block], with this many
/// outputs in a block; the last block holds the remainder.
inline constexpr int output_block = 32;

/// Which algorithms may compute a convolution. The fastest one depends on the batch size, and not all of them
/// round alike. `batch_invariant` allows only those with which a sample's result does not depend on the other
/// samples of its batch, as evaluation mode guarantees. `prepared` requires a weight that
/// Backend::prepare_convolution has transformed; the algorithm depends on the batch size.
enum class Algorithms { batch_invariant, fastest, prepared };

/// The directions that a convolution's scratch memory is for: from the big image to the small one, from the
/// small one to the big one, and to the gradient with respect to the weight.
struct ConvolutionDirections {
    bool to_small = true;  ///< Backend::convolution
    bool to_big = true;    ///< Backend::transposed_convolution
    bool to_weight = true; ///< Backend::convolution_weight_gradient
};

/// The function x -> x. With it, an operation that takes a function stores its results as they are.
struct IdentityFunction {
    /// Returns x unchanged.
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return x;
    }
};

/// A function object in the backend's memory, such as an optimizer's coefficients. An operation reads it when
/// it runs, so it may change between two runs of a recorded step.
template <class F>
struct InBackendMemory {
    const F* address; ///< in the backend's memory
};

namespace detail {

/// The function a, b -> a + b.
struct Sum {
    template <class T>
    CTGAN_HD T operator()(T a, T b) const {
        return a + b;
    }
};

/// Returns the function object that an operation was given, unchanged.
template <class F>
CTGAN_HD F load_function(const F& f) {
    return f;
}
/// Reads a function object from the backend's memory. Call it only where that memory can be read.
template <class F>
CTGAN_HD F load_function(const InBackendMemory<F>& f) {
    return *f.address;
}

/// A running statistic after a batch: (1 - momentum) * running + momentum * batch.
template <class T>
CTGAN_HD T running_average(T running, T batch, T momentum) {
    return (T{1} - momentum) * running + momentum * batch;
}

} // namespace detail

/// The type of a convolution's factors where no dropout is adjacent. Then no code that skips channels is
/// compiled.
struct NoFactors {};
/// Whether `Factors` is not NoFactors.
template <class Factors>
inline constexpr bool has_factors = !std::is_same_v<Factors, NoFactors>;

/// What Backend::convolution and Backend::transposed_convolution work on: output = f(weight * input + bias).
/// `Factors` is const T* if channels of the input may have been dropped.
template <class T, class Factors = NoFactors>
struct ConvolutionOperands {
    T* output;                                           ///< [batch] of the image that is computed
    const T* input;                                      ///< [batch] of the image that is read
    const T* weight;                                     ///< [tap][small channel][big channel]
    const T* bias = nullptr;                             ///< for each output channel, or null
    const T* prepared = nullptr;                         ///< the prepared weight, or null
    T* scratch = nullptr;                                ///< Backend::convolution_scratch values
    int batch;                                           ///< the number of samples
    Algorithms algorithms = Algorithms::batch_invariant; ///< those that it may choose from
    Factors input_factors = {};                          ///< dropout's factors of the input; may be null
    int whole_batch = 0; ///< samples of the batch that these are a part of; 0: there are no others

    /// The size of the batch that the algorithm is chosen for.
    constexpr int planned_batch() const { return whole_batch > 0 ? whole_batch : batch; }
    /// The same operands, without factors.
    constexpr ConvolutionOperands<T> without_factors() const {
        return {output, input, weight, bias, prepared, scratch, batch, algorithms, {}, whole_batch};
    }
};

/// What Backend::convolution_weight_gradient works on. `Factors` is const T* if channels of the small image
/// may have been dropped.
template <class T, class Factors = NoFactors>
struct ConvolutionGradientOperands {
    T* weight_gradient;                                  ///< [tap][small channel][big channel]
    bool add = false;                                    ///< add to what is there; else overwrite it
    const T* big_image;                                  ///< [batch] of the big image or its gradient
    const T* small_image;                                ///< [batch] of the small image or its gradient
    T* scratch = nullptr;                                ///< Backend::convolution_scratch values
    int batch;                                           ///< the number of samples
    Algorithms algorithms = Algorithms::batch_invariant; ///< those that it may choose from
    Factors small_factors = {}; ///< dropout's factors of the small image; may be null
    int whole_batch = 0;        ///< samples of the batch that these are a part of; 0: there are no others

    /// The size of the batch that the algorithm is chosen for.
    constexpr int planned_batch() const { return whole_batch > 0 ? whole_batch : batch; }
    /// The same operands, without factors.
    constexpr ConvolutionGradientOperands<T> without_factors() const {
        return {weight_gradient, add, big_image, small_image, scratch, batch, algorithms, {}, whole_batch};
    }
};

/// Mean and variance of each channel, for a normalization: (x - mean) / sqrt(variance + epsilon). (The
/// moments of Adam are something else: running averages of a gradient and of its square.)
template <class T>
struct Moments {
    const T* mean = nullptr;     ///< [channels]
    const T* variance = nullptr; ///< [channels], biased
    T epsilon = 0;               ///< added to the variance before the root; eps in PyTorch
};

/// Per channel, the two sums over a batch that a normalization's backward pass needs. With const T they are
/// read-only.
template <class T>
struct NormGradientSums {
    T* dy = nullptr;            ///< [channels], sum of dy: the gradient with respect to the bias
    T* dy_normalized = nullptr; ///< [channels], sum of dy times the normalized x: the same for the weight
};

/// Mean and 1 / sqrt(variance + epsilon) of each group of channels of each sample, for a normalization of
/// samples.
template <class T>
struct GroupMoments {
    T* mean = nullptr;   ///< [samples][groups]
    T* factor = nullptr; ///< [samples][groups], 1 / sqrt(variance + epsilon) with the biased variance
};

/// Parameters with an optimizer's state for them: `States` values for each parameter, in arrays laid out as
/// the parameters are.
template <class T, int States>
struct ParameterBlock {
    T* parameters;                                      ///< the parameters, read and written
    detail::Array<T*, States == 0 ? 1 : States> states; ///< the optimizer's state, read and written

    /// The block without its first n parameters.
    ParameterBlock after(Index n) const {
        ParameterBlock rest = *this;
        rest.parameters += n;
        for (int k = 0; k < States; ++k) rest.states[k] += n;
        return rest;
    }
};

} // namespace ctgan::inline CTGAN_ABI
