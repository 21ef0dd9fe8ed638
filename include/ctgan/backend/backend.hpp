#pragma once

#include <ctgan/backend/convolution_geometry.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/batch_share.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/memory_size.hpp>
#include <ctgan/core/random.hpp>
#include <ctgan/core/shape.hpp>

#include <concepts>
#include <cstdint>

namespace ctgan::inline CTGAN_ABI {

/// The backends, which backend/cpu.hpp and backend/cuda.hpp define. Cuda is available only in files that nvcc
/// compiles or that run Thrust on the host's threads.
struct Cpu;
struct Cuda;

/// The patterns of adjacent layers that Network uses (network/patterns.hpp). Each backend declares them:
/// `struct Plain : Cpu { static constexpr Patterns patterns = Patterns::none(); };` is the CPU backend
/// without any.
struct Patterns {
    bool fuse_activations = true;       ///< the layer before an activation applies it
    bool fuse_activation_slopes = true; ///< the normalization or dropout after it applies its derivative
    bool skip_dropped_channels = true;  ///< convolutions skip the channels that dropout set to zero
    bool update_from_factors = true;    ///< the weight gradient of a first Linear layer is never stored
    /// All patterns switched off.
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
    void operator()(Index sample, int pixel, int first, int last) const;
};

struct ExampleUpdate {
    template <class T>
    void operator()(T& parameter, T gradient, T& first, T& second) const;
};

} // namespace detail

/// A backend: a type with the static functions below, its operations. Each is one mathematical operation,
/// such as a convolution; how it is computed is up to the backend. A layer that calls only these operations
/// runs on every backend.
///
/// Arguments come in this order: outputs, inputs, sizes, options, function. All pointers are to the backend's
/// memory, except for the host's side of to_host and from_host. Outputs do not overlap inputs unless the
/// comment on an operation allows it. `n` counts values, `batch` samples, `rows` the pixels of all samples: a
/// batch of images is a matrix of rows by channels, a batch of Flat<F> a matrix of samples by F. Below,
/// (+)= stands for += if `add` and for = otherwise.
///
/// f is a function of one or two values, a named struct: nvcc takes no lambda for a kernel. It holds only
/// plain values and pointers to the backend's memory, and its operator() is CTGAN_HD. A layer's operation
/// applies it to each value of its result before it stores that value; IdentityFunction{} stores results
/// unchanged. If dropout multiplied each channel of each sample by a factor, a convolution may be given these
/// factors, [sample][channel]: channels with factor 0 are zero and can be skipped. Then the operands'
/// `Factors` is const T*, and the pointer may be null; without dropout it is NoFactors.
template <class B>
concept Backend = requires(
    float* y, const float* x, const float* a, const float* b, float* dx, const float* dy, float* scratch,
    float* dw, const float* w, const float* bias, const float* factors, const std::int32_t* labels,
    float* mean, float* variance, float* running_mean, float* running_variance, const float* gradient,
    double* result, Index n, Index rows, int batch, bool add, float value, float bound, float deviation,
    float probability, random::Stream stream, detail::ExampleFunction f, detail::ExampleTable table,
    detail::ExampleAction action, detail::ExampleUpdate update,
    InBackendMemory<detail::ExampleUpdate> stored_update, ParameterBlock<float, 2> block,
    ConvolutionOperands<float> convolution, ConvolutionOperands<float, const float*> convolution_of_kept,
    ConvolutionGradientOperands<float> convolution_gradient,
    ConvolutionGradientOperands<float, const float*> gradient_of_kept, Moments<float> moments,
    NormGradientSums<float> sums, NormGradientSums<float> gradients, NormGradientSums<const float> const_sums,
    GroupMoments<float> group_moments, GroupMoments<const float> const_group_moments) {
    { B::patterns } -> std::convertible_to<Patterns>;
    // Batches (batch_share.hpp): begins one, of which this process computes a share; of how many values of
    // the whole batch this process has n.
    { B::share_of(batch).first } -> std::convertible_to<int>;
    { B::share_of(batch).count } -> std::convertible_to<int>;
    { B::whole(n) } -> std::same_as<Index>;
    // While the result lives, within in_region, operations compute gradients with respect to parameters that
    // nothing reads before in_region returns. They need not be complete before.
    B::late_gradients();
    // Memory, and copies between it and the host's.
    typename B::template Memory<float>; // an owned block: Memory(size), data(), size(); zero at first
    B::copy(y, x, n);                   // y[i] = x[i]; y may be x
    B::to_host(y, x, n);                // the same, with y in the host's memory
    B::from_host(y, x, n);              // the same, with x in the host's memory
    B::fill(y, n, value);               // y[i] = value
    // Random values: y[i] is a function of (stream, i) alone.
    B::fill_uniform(y, n, bound, stream);    // uniform in [-bound, bound)
    B::fill_normal(y, n, deviation, stream); // normal, with mean 0
    B::fill_mask(y, n, probability, stream); // dropout: 0 with this probability, else 1 / (1 - probability)
    // Operations take effect in the order in which they are called. If a backend works asynchronously, only
    // to_host and from_host wait. A Recording runs an action that is the same each time. It may record the
    // action's operations and play them back, so whatever differs from run to run has to be in the backend's
    // memory. `run_once` is for a step's counters and similar small updates there.
    typename B::Recording;
    B::run_once(action);  // action()
    B::in_region(action); // action(), a whole step or pass: threads that work together meet only once for it
    B::for_each(n, action); // action(i) for 0 <= i < n; it writes the results of index i, such as a sample
    // Elementwise. y may be x, a or b.
    B::tabulate(y, n, table);        // y[i] = table(i)
    B::map(y, x, n, f);              // y[i] = f(x[i])
    B::zip(y, a, b, n, f);           // y[i] = f(a[i], b[i])
    B::sum(result, x, n, f);         // *result = sum over i of f(x[i]), in double
    B::sum(result, a, b, n, f);      // *result = sum over i of f(a[i], b[i]), in double
    B::sum_of_squares(result, x, n); // *result = sum over i of x[i]^2, in double; for long arrays
    // y[r][c] = x[r][c] for each row r and c < columns. A row of y has y_columns values, one of x x_columns.
    B::copy_columns(y, n, x, n, rows, n); // y, y_columns, x, x_columns, rows, columns
    // Rows and channels; template arguments: <channels>, <channels, pixels of a sample>. The operations that
    // sum over rows take scratch memory, `row_sums_scratch` values, as their last argument. It may be null or
    // left out: then they may use fewer threads.
    { B::template row_sums_scratch<3, 4> } -> std::convertible_to<MemorySize>;
    // y[c] (+)= sum over rows r of x[r][c].
    B::template sum_rows<3>(y, x, rows, add, scratch);
    // y[s][pixel][c] = f(a[s][pixel][c], x[s][pixel][c] * factors[s][c]) for sample s. y may be x or a.
    B::template scale_channels<3, 4>(y, x, factors, a, batch, f);
    // From PyTorch's order, [sample][c][pixel], to channels last, [sample][pixel][c], and back.
    B::template channels_last<3, 4>(y, x, batch);
    B::template channels_first<3, 4>(y, x, batch);
    // action(sample, pixel, first, last) for each pixel of each sample, and for ranges of its channels that
    // together are all of them; it writes channels first <= c < last. The number says how many values it
    // reads for one that it writes, for the division of the work.
    B::template for_each_pixel<3, 4>(batch, 1, action);
    // Linear layers; template arguments: <inputs, outputs>. W is [out][in], stored as Layout::blocked.
    B::template linear<3, 4>(y, x, w, bias, batch, f);               // y = f(x Wᵀ + bias); bias may be null
    B::template linear_input_gradient<3, 4>(dx, dy, w, batch);       // dx = dy W
    B::template linear_weight_gradient<3, 4>(dw, x, dy, batch, add); // dW (+)= dyᵀ x
    // Embeddings: a vector w[c][k] for each class c; labels[s] is below the number of classes.
    B::template embedding<4>(y, labels, w, batch); // <width>: y[s][k] = w[labels[s]][k]
    // <classes, width>: dw[c][k] (+)= sum over samples s with label c of dy[s][k].
    B::template embedding_gradient<3, 4>(dw, labels, dy, batch, add);
    // Convolutions; template argument: a ConvolutionGeometry. operands.hpp describes the arguments.
    {
        B::template convolution_scratch<float, detail::ExampleGeometry, Algorithms::fastest>
        } -> std::convertible_to<MemorySize>;
    // The same, enough for these directions alone.
    {
        B::template convolution_scratch<float, detail::ExampleGeometry, Algorithms::batch_invariant,
                                        ConvolutionDirections{.to_big = false}>
        } -> std::convertible_to<MemorySize>;
    B::template convolution<detail::ExampleGeometry>(convolution, f);            // big image to small
    B::template transposed_convolution<detail::ExampleGeometry>(convolution, f); // small image to big
    B::template convolution_weight_gradient<detail::ExampleGeometry>(convolution_gradient);
    // Computes `prepared` of ConvolutionOperands from the weight, for one of the two directions. Its size may
    // be 0. A convolution of at most `batch` samples may then be given Algorithms::prepared.
    { B::template prepared_convolution_size<float, detail::ExampleGeometry> } -> std::convertible_to<Index>;
    B::template prepare_convolution<detail::ExampleGeometry>(y, w, batch);
    B::template prepare_transposed_convolution<detail::ExampleGeometry>(y, w, batch);
    B::template convolution<detail::ExampleGeometry>(convolution_of_kept, f); // the same with factors
    B::template transposed_convolution<detail::ExampleGeometry>(convolution_of_kept, f);
    B::template convolution_weight_gradient<detail::ExampleGeometry>(gradient_of_kept);
    // Batch normalization; template argument: <channels>. All arrays but x, y, dx and dy are [channels].
    // Mean and biased variance of x. The running statistics move toward the mean and the unbiased variance by
    // a share `value`, PyTorch's momentum.
    B::template batch_moments<3>(mean, variance, running_mean, running_variance, x, rows, value, scratch);
    // y = (x - mean) / sqrt(variance + epsilon) * w + bias.
    B::template batch_norm<3>(y, x, moments, w, bias, rows);
    // y = (x - mean) * w + bias.
    B::template normalize<3>(y, x, mean, w, bias, rows);
    // The sums for the next operation. They are also the gradients of bias and weight: gradients (+)= sums,
    // unless these pointers are null.
    B::template batch_norm_gradient_sums<3>(sums, gradients, x, dy, moments, rows, add, scratch);
    // dx = f(x, gradient with respect to x), with the sums of that many rows. In evaluation mode both sums
    // are null. dx may be dy.
    B::template batch_norm_input_gradient<3>(dx, x, dy, moments, w, const_sums, rows, rows, f);
    // Normalization of samples; template arguments: <channels, groups of adjacent channels, pixels of a
    // sample>. Sums are over a group's channels and all pixels of one sample. w and bias are [channels] or
    // null: 1 and 0.
    { B::template group_norm_scratch<6, 2, 4> } -> std::convertible_to<MemorySize>;
    // The moments of each group of each sample.
    B::template group_moments<6, 2, 4>(group_moments, x, batch, value, scratch);
    // y = (x - mean) * factor * w + bias.
    B::template group_norm<6, 2, 4>(y, x, const_group_moments, w, bias, batch);
    // Sums of dy and of dy times the normalized x. First of w times these for each group of each sample, for
    // the next operation; then for each channel of each sample, which summed over samples are the gradients
    // of bias and weight. With one pixel the latter sum of dy, which is dy, is not stored and its pointer may
    // be null. With one pixel and one group the other pointer may be null, too.
    B::template group_norm_gradient_sums<6, 2, 4>(sums, gradients, x, dy, const_group_moments, w, batch,
                                                  scratch);
    // dx = f(x, gradient with respect to x). dx may be dy.
    B::template group_norm_input_gradient<6, 2, 4>(dx, x, dy, const_group_moments, w, const_sums, batch, f);
    // Spectral normalization; template arguments: <rows, columns, columns of a block>. Matrices are
    // [block][row] [column of the block], and the last block has the columns that remain. Other arguments of
    // one value are in the backend's memory, too.
    B::template matrix_times_vector<3, 5, 2>(y, w, x); // y[row] = sum of w[row][column] x[column]
    B::template vector_times_matrix<3, 5, 2>(y, x, w); // y[column] = sum of x[row] w[row][column]
    B::inner_product(y, a, b, n);                      // *y = sum of a[i] b[i], any array
    B::unit_vector(y, scratch, x, n, value);           // y = x / max(|x|, value), *scratch = |x|; y may be x
    B::template subtract_outer_product<3, 5, 2>(dw, w, a, b, x, x, add); // dw (+)= (w - *x a bᵀ) / *x
    // Optimizers: update(parameter, gradient, state...) for each parameter of a block, and the same for a
    // Linear layer's weight with the gradient dyᵀ x, which is not stored.
    B::update(block, gradient, n, update);
    B::update(block, gradient, n, stored_update);
    B::template linear_update<3, 4>(block, x, dy, batch, update);
};

} // namespace ctgan::inline CTGAN_ABI
