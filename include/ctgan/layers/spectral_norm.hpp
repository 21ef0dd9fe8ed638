#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/blocked_matrix.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/layers/layer_with_weight.hpp>
#include <ctgan/layers/pass.hpp>
#include <ctgan/layers/tangent_pass.hpp>

#include <array>
#include <cstddef>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// What has no weight, and only reports the error.
template <class Layer>
struct SpectralNormOf : LayerDefaults {
    using ArgumentError = messages::takes_a_layer_with_weight<Layer, is_a_description<Layer>>;
};

template <HasWeight Layer>
struct SpectralNormOf<Layer> : LayerDefaults, StartOfWrapped<Layer> {
    template <class In>
        requires Accepts<Layer, In>
    static auto out(In) -> output_of<Layer, In>;
    using Takes = typename Layer::Takes;
    using ArgumentError = typename Layer::ArgumentError;

    static constexpr auto parameters = [] {
        auto renamed = Layer::parameters;
        renamed[0].name = "parametrizations.weight.original";
        return renamed;
    }();

  private:
    static constexpr TensorSpec weight = Layer::parameters[0];
    static constexpr BlockedMatrix matrix = matrix_of(weight, Layer::output_dimension);
    static constexpr Index weights = weight.size();
    /// The part of an arena of a layer's parameters, with the normalized weight in place of the original.
    static constexpr Index arena = tensor_offset(parameters, parameters.size());
    static constexpr Index size_of_u = aligned(matrix.outputs()), size_of_v = aligned(matrix.others());
    static constexpr Index one_value = aligned(1);
    static constexpr double epsilon = 1e-12;

    static constexpr MemorySize and_fixed(MemorySize size, Index fixed) {
        return {size.per_sample, size.fixed + fixed};
    }
    static constexpr Algorithms algorithms_of_wrapped(Algorithms allowed) {
        return allowed == Algorithms::prepared && !patterns_of<Layer>.prepares ? Algorithms::batch_invariant
                                                                               : allowed;
    }

  public:
    /// u and v of the last power iteration, unit vectors. In memory v has the order of the weight's columns.
    static constexpr std::array buffers{
        TensorSpec{"parametrizations.weight.0._u", Role::singular_vector, 0, 1, {matrix.outputs()}},
        TensorSpec{"parametrizations.weight.0._v",
                   Role::singular_vector,
                   0,
                   1,
                   {matrix.others(), weight.dims[2], weight.dims[3]},
                   weight.layout == Layout::taps_first ? Layout::channels_last : Layout::pytorch}};

    /// What a pass used, for its backward pass: the normalized weight with the other parameters, u, v, sigma.
    template <class In>
    static constexpr MemorySize saved = and_fixed(Layer::template saved<In>,
                                                  arena + size_of_u + size_of_v + one_value);
    /// Forward needs W_hatᵀ u and a norm; backward the gradient with respect to W_hat and its product with
    /// it.
    template <class In, class Backend, class T, Algorithms algorithms>
    static constexpr MemorySize scratch =
        and_fixed(Layer::template scratch<In, Backend, T, algorithms_of_wrapped(algorithms)>,
                  one_value + (algorithms == Algorithms::fastest && arena > size_of_v ? arena : size_of_v));
    /// The normalized weight with the other parameters, sigma, and what the layer prepares.
    template <class In, class Backend, class T>
    static constexpr Index prepared = [] {
        if constexpr (patterns_of<Layer>.prepares)
            return arena + one_value + Layer::template prepared<In, Backend, T>;
        else
            return arena + one_value;
    }();
    template <class In>
    static constexpr Index multiplications = Layer::template multiplications<In>;
    static constexpr bool draws(Mode mode) { return Layer::draws(mode); }
    static constexpr bool reads_input = Layer::reads_input;
    static constexpr bool reads_output = Layer::reads_output;
    static constexpr bool initializes_buffers = true;

    /// u and v are drawn and iterated fifteen times, as in PyTorch.
    template <class Pass>
    static void initialize_buffers(const Pass& p) {
        using B = typename Pass::Backend;
        using T = typename Pass::Scalar;
        typename B::template Memory<T> norm(1);
        T *const u = p.template buffer<0>(), *const v = p.template buffer<1>();
        B::fill_normal(v, matrix.others(), T{1}, p.template stream<1>());
        B::unit_vector(v, norm.data(), static_cast<const T*>(v), matrix.others(), T(epsilon));
        for (int k = 0; k < 15; ++k) {
            to_outputs<B>(u, p.template parameter<0>(), v);
            B::unit_vector(u, norm.data(), static_cast<const T*>(u), matrix.outputs(), T(epsilon));
            to_others<B>(v, p.template parameter<0>(), u);
            B::unit_vector(v, norm.data(), static_cast<const T*>(v), matrix.others(), T(epsilon));
        }
    }

    template <class Pass>
    static void prepare(const Pass& p) {
        using B = typename Pass::Backend;
        using T = typename Pass::Scalar;
        using In = typename Pass::Input;
        T* const sigma = p.prepared + arena;
        // Where the normalized weight will be.
        to_others<B>(p.prepared, p.template parameter<0>(), p.template buffer<0>());
        B::inner_product(sigma, static_cast<const T*>(p.prepared), p.template buffer<1>(), matrix.others());
        normalize<B>(p.prepared, p.parameters, sigma);
        if constexpr (patterns_of<Layer>.prepares)
            Layer::prepare(PreparePass<Layer, In, B, T>{.batch = p.batch,
                                                        .parameters = p.prepared,
                                                        .buffers = p.buffers,
                                                        .prepared = sigma + one_value});
    }

    template <class Pass>
    static void forward(const Pass& p) {
        using B = typename Pass::Backend;
        using T = typename Pass::Scalar;
        if constexpr (Pass::is_prepared && patterns_of<Layer>.prepares)
            run(p, p.prepared, p.prepared + arena + one_value);
        else if constexpr (Pass::is_prepared)
            run(p, p.prepared, NotPrepared{});
        else {
            T *const u = p.saved + arena, *const v = u + size_of_u, *const sigma = v + size_of_v;
            T *const product = p.scratch, *const norm = product + size_of_v;
            if (p.mode == Mode::training) {
                T *const new_u = p.template updated_buffer<0>(), *const new_v =
                                                                     p.template updated_buffer<1>();
                to_outputs<B>(new_u, p.template parameter<0>(), static_cast<const T*>(new_v));
                B::unit_vector(new_u, norm, static_cast<const T*>(new_u), matrix.outputs(), T(epsilon));
                to_others<B>(product, p.template parameter<0>(), static_cast<const T*>(new_u));
                B::unit_vector(new_v, norm, static_cast<const T*>(product), matrix.others(), T(epsilon));
            } else
                to_others<B>(product, p.template parameter<0>(), p.template buffer<0>());
            B::copy(u, p.template buffer<0>(), matrix.outputs());
            B::copy(v, p.template buffer<1>(), matrix.others());
            B::inner_product(sigma, static_cast<const T*>(product), static_cast<const T*>(v),
                             matrix.others());
            normalize<B>(p.saved, p.parameters, sigma);
            run(p, p.saved, NotPrepared{});
        }
    }

    /// With G the gradient with respect to W_hat = W / sigma and sigma = uᵀ W v, where u and v are constants:
    /// dW = (G - <G, W_hat> u vᵀ) / sigma.
    template <class Pass>
    static void backward(const Pass& p) {
        using B = typename Pass::Backend;
        using T = typename Pass::Scalar;
        T *const gradients = p.scratch, *const product = gradients + arena;
        run_backward(p, gradients);
        if constexpr (Pass::to_parameters) {
            to_original<B>(p.template gradient<0>(), static_cast<const T*>(gradients), product,
                           static_cast<const T*>(p.saved), p.add);
            for (std::size_t k = 1; k < parameters.size(); ++k) {
                const Index at = tensor_offset(parameters, k), n = parameters[k].size();
                T* const to = p.parameter_gradients + at;
                if (p.add)
                    B::zip(to, static_cast<const T*>(to), static_cast<const T*>(gradients + at), n, Sum{});
                else
                    B::copy(to, static_cast<const T*>(gradients + at), n);
            }
        }
    }

    // For a penalty on the slope of a network: the layer's own with W_hat, and the gradient with respect to
    // W_hat taken to W as above.
    template <class Pass>
    static void tangent(const Pass& p) {
        using B = typename Pass::Backend;
        const auto operands =
            operands_of(p, p.tangent, p.scratch + size_of_v + one_value, algorithms_of_wrapped(p.algorithms));
        Layer::forward(operands.template linear<Layer, typename Pass::Input, B>(p.output_tangent));
    }
    template <class Pass>
        requires(HasTangentGradient<Layer, typename Pass::Input>)
    static void tangent_gradient(const Pass& p) {
        using B = typename Pass::Backend;
        using T = typename Pass::Scalar;
        T* const gradients = p.scratch;
        const auto operands = operands_of(p, p.input, gradients + arena + one_value, p.algorithms);
        Layer::tangent_gradient(operands.template gradient<Layer, typename Pass::Input, B>(
            p.kept_input, p.output_gradient, gradients, false));
        to_original<B>(p.template gradient<0>(), static_cast<const T*>(gradients), gradients + arena,
                       static_cast<const T*>(p.saved), p.add);
    }

  private:
    /// What the layer itself saved.
    template <class Pass>
    static auto* saved_by_wrapped(const Pass& p) {
        return p.saved + arena + size_of_u + size_of_v + one_value;
    }
    template <class Pass, class T>
    static TangentOperands<T> operands_of(const Pass& p, const T* tangent, T* scratch,
                                          Algorithms algorithms) {
        return {p.batch, p.mode, tangent, p.saved, saved_by_wrapped(p), scratch, algorithms};
    }
    /// The gradient with respect to W from that with respect to W_hat; `product` is one value of memory.
    template <class B, class T>
    static void to_original(T* gradient, const T* given, T* product, const T* saved, bool add) {
        const T *const u = saved + arena, *const v = u + size_of_u, *const sigma = v + size_of_v;
        B::inner_product(product, given, saved, weights);
        B::template subtract_outer_product<matrix.rows, matrix.columns, matrix.width>(
            gradient, given, matrix.outputs_are_columns ? v : u, matrix.outputs_are_columns ? u : v,
            static_cast<const T*>(product), sigma, add);
    }
    /// u = W v and v = Wᵀ u, not normalized.
    template <class B, class T>
    static void to_outputs(T* u, const T* w, const T* v) {
        if constexpr (matrix.outputs_are_columns)
            B::template vector_times_matrix<matrix.rows, matrix.columns, matrix.width>(u, v, w);
        else
            B::template matrix_times_vector<matrix.rows, matrix.columns, matrix.width>(u, w, v);
    }
    template <class B, class T>
    static void to_others(T* v, const T* w, const T* u) {
        if constexpr (matrix.outputs_are_columns)
            B::template matrix_times_vector<matrix.rows, matrix.columns, matrix.width>(v, w, u);
        else
            B::template vector_times_matrix<matrix.rows, matrix.columns, matrix.width>(v, u, w);
    }
    /// The parameters with W / sigma in place of W.
    template <class B, class T>
    static void normalize(T* to, const T* from, const T* sigma) {
        B::map(to, from, weights, DivideBy<T>{sigma});
        for (std::size_t k = 1; k < parameters.size(); ++k) {
            const Index at = tensor_offset(parameters, k);
            B::copy(to + at, from + at, parameters[k].size());
        }
    }

    /// The layer's forward pass with these parameters.
    template <class Self, class In, class B, class T, class Function, class Factors, class Prepared,
              class LayerPrepared>
    static void run(const ForwardPass<Self, In, B, T, Function, Factors, Prepared>& p, const T* with,
                    LayerPrepared layer_prepared) {
        Layer::forward(ForwardPass<Layer, In, B, T, Function, Factors, LayerPrepared>{
            .batch = p.batch,
            .mode = p.mode,
            .stream = p.stream,
            .draw = p.draw,
            .input = p.input,
            .output = p.output,
            .parameters = with,
            .buffers = p.buffers,
            .prepared = layer_prepared,
            .updated_buffers = p.updated_buffers,
            .saved = saved_by_wrapped(p),
            .scratch = p.scratch + size_of_v + one_value,
            .input_factors = p.input_factors,
            .algorithms = algorithms_of_wrapped(p.algorithms)});
    }
    /// The layer's backward pass with the parameters of the forward pass, and its gradients.
    template <class Self, class In, class B, class T, bool ToInput, bool ToParameters, bool ToWeight,
              class Function, class InFactors, class OutFactors>
    static void run_backward(const BackwardPass<Self, In, B, T, ToInput, ToParameters, ToWeight, Function,
                                                InFactors, OutFactors>& p,
                             T* gradients) {
        Layer::backward(
            BackwardPass<Layer, In, B, T, ToInput, ToParameters, true, Function, InFactors, OutFactors>{
                .batch = p.batch,
                .mode = p.mode,
                .add = false,
                .input = p.input,
                .output = p.output,
                .output_gradient = p.output_gradient,
                .input_gradient = p.input_gradient,
                .parameters = p.saved,
                .parameter_gradients = gradients,
                .saved = saved_by_wrapped(p),
                .scratch = gradients + arena + one_value,
                .input_factors = p.input_factors,
                .output_factors = p.output_factors,
                .algorithms = p.algorithms});
    }
};

} // namespace detail

/// A Linear, Conv2d or ConvTranspose2d with the weight W / sigma in place of its weight W, where sigma is an
/// estimate of the largest singular value of W as a matrix [output][everything else]:
///
///     sigma = uᵀ W v,    and in training mode, before that,    u = n(W v),  v = n(Wᵀ u),    n(x) = x /
///     max(|x|, 1e-12).
///
/// Each pass in training mode is one such iteration and uses its result, as its backward pass does;
/// evaluation mode uses the last u and v. Equals torch.nn.utils.parametrizations.spectral_norm(layer). Its
/// tensors are called as there: parametrizations.weight.original, parametrizations.weight.0._u and ..._v, and
/// bias; files may also have the names of torch.nn.utils.spectral_norm: weight_orig, weight_u and weight_v.
/// Other layers can be wrapped if their first parameter has Role::weight and they have no buffers.
template <class Layer>
struct SpectralNorm : detail::SpectralNormOf<Layer> {
    static constexpr LayerPatterns<SpectralNorm> patterns = [] {
        if constexpr (detail::HasWeight<Layer>) {
            constexpr auto of_layer = detail::patterns_of<Layer>;
            return LayerPatterns<SpectralNorm>{
                .in_place = of_layer.in_place,
                .applies_function = of_layer.applies_function,
                .applies_slope = of_layer.applies_slope,
                .skips_channels = of_layer.skips_channels,
                .prepares = true,
                .tangent = of_layer.tangent == Tangent::forward ? Tangent::own : Tangent::none};
        } else
            return LayerPatterns<SpectralNorm>{};
    }();
};

} // namespace ctgan::inline CTGAN_ABI
