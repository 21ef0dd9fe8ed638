#pragma once

#include <ctgan/backend/cpu.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/layers/input.hpp>
#include <ctgan/network/network.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

/// For authors of layers: checks that a layer's backward() is the derivative of its forward().
namespace ctgan::inline CTGAN_ABI::testing {

/// Options of check_gradient().
struct GradientOptions {
    Mode mode = Mode::training; ///< mode of the forward passes
    /// Half the distance between the two points of a central difference.
    double epsilon = 1e-5;
    /// No input value is closer to 0 than this. For a layer with a kink at 0, such as ReLU, use ten times
    /// `epsilon`.
    double keep_away_from_zero = 0;
    /// The seed of the inputs, the parameters, the output's gradient and the layer's own random numbers.
    std::uint64_t seed = 0;
};

/// The result of check_gradient().
struct GradientReport {
    /// The result for one parameter.
    struct Tensor {
        std::string name; ///< the name in its TensorSpec
        double error;     ///< the largest error of its gradient, defined as for input_error
    };

    /// The largest error of the gradient with respect to the input. An error is relative to the derivative or
    /// to the root mean square of the derivatives of its tensor, whichever is larger: because of rounding, a
    /// difference quotient that should be near zero has the same absolute error as the others. Infinite if
    /// backward() gave NaN.
    double input_error = 0;
    std::vector<Tensor> parameter_errors; ///< the largest error for each parameter

    Index compared = 0;  ///< number of derivatives that were compared
    Index nonzero = 0;   ///< how many of them backward() found not to be zero; if 0, nothing was checked
    Index unwritten = 0; ///< elements of a gradient that backward() did not write
    /// Elements of a parameter's gradient that backward() overwrote or left, although `add` was set.
    Index not_added = 0;
    /// Elements that differ if backward() computes only the input's or only the parameters' gradient.
    Index differing = 0;

    /// The largest of input_error and the errors in parameter_errors.
    double largest_error() const {
        double largest = input_error;
        for (const Tensor& tensor : parameter_errors) largest = (std::max)(largest, tensor.error);
        return largest;
    }

    /// Whether backward() passed all checks, with errors of at most `tolerance`, and at least one derivative
    /// was not zero.
    bool holds(double tolerance = 1e-7) const {
        return nonzero > 0 && unwritten == 0 && not_added == 0 && differing == 0 &&
               largest_error() <= tolerance;
    }

    /// The whole report on one line.
    std::string text() const {
        std::string line = "errors: input " + std::to_string(input_error / 1e-9) + "e-9";
        for (const Tensor& tensor : parameter_errors)
            line += ", " + tensor.name + " " + std::to_string(tensor.error / 1e-9) + "e-9";
        return line + "; " + std::to_string(compared) + " compared, " + std::to_string(nonzero) +
               " not zero, " + std::to_string(unwritten) + " unwritten, " + std::to_string(not_added) +
               " not added, " + std::to_string(differing) + " differing";
    }
};

namespace detail {

/// A network of one layer, with random input and parameters.
template <class Layer, class Shape, class Backend>
class GradientCheck {
    using Net = Sequential<ctgan::detail::InputLayer<Shape>, Layer>;
    using TheNetwork = Network<Net, Backend, double>;
    using Gradients = typename TheNetwork::Gradients;
    using Numbers = std::vector<double>;

  public:
    GradientCheck(int batch, const GradientOptions& options)
        : options_(options),
          network_(options.seed),
          workspace_(batch),
          input_(batch),
          output_gradient_(batch) {
        Numbers input = normal_numbers(input_.size());
        for (double& x : input)
            if (std::abs(x) < options.keep_away_from_zero) x += std::copysign(options.keep_away_from_zero, x);
        to_backend(input_.data(), input);
        output_gradient_host_ = normal_numbers(output_gradient_.size());
        to_backend(output_gradient_.data(), output_gradient_host_);
        network_.for_each_tensor([&](int, const TensorSpec& tensor, double* data, bool) {
            Numbers values = normal_numbers(tensor.size());
            if (tensor.role == Role::running_variance)
                for (double& v : values) v = 0.5 + v * v;
            to_backend(data, values);
        });
    }

    GradientReport run() {
        GradientReport report;
        Gradients gradients;
        Backend::fill(gradients.data(), gradients.size(), nan);
        Backend::fill(workspace_.gradients(), workspace_.gradients_size(), nan);
        forward();
        const auto to_input =
            network_.template backward<WithRespectTo::both>(output_gradient_.view(), workspace_, &gradients);
        const Numbers input_gradient = to_host(to_input.data, input_.size());
        report.unwritten += nans(input_gradient);
        const Numbers parameter_gradients = to_host(gradients.data(), gradients.size());

        report.differing += different(input_gradient, input_gradient_alone());
        const Numbers alone = parameter_gradients_alone();
        const Numbers sums = to_host(add_to_ones(gradients).data(), gradients.size());

        report.input_error = compare(report, input_gradient, input_.data());
        network_.for_each_tensor([&](int, const TensorSpec& tensor, double* data, bool buffer) {
            if (buffer) return;
            const auto part = [&](const Numbers& all) {
                const auto begin = all.begin() + (data - network_.parameters());
                return Numbers(begin, begin + tensor.size());
            };
            const Numbers gradient = part(parameter_gradients), sum = part(sums);
            report.unwritten += nans(gradient);
            report.differing += different(gradient, part(alone));
            for (std::size_t i = 0; i < sum.size(); ++i)
                if (!(std::abs(sum[i] - (1 + gradient[i])) <= 1e-12 * (1 + std::abs(gradient[i]))))
                    ++report.not_added;
            report.parameter_errors.push_back({tensor.name, compare(report, gradient, data)});
        });
        return report;
    }

  private:
    static constexpr double nan = std::numeric_limits<double>::quiet_NaN();

    Numbers normal_numbers(Index size) {
        Numbers numbers(static_cast<std::size_t>(size));
        const random::Stream stream{options_.seed, 0, drawn_++};
        for (Index i = 0; i < size; ++i)
            numbers[static_cast<std::size_t>(i)] = random::normal(stream.bits(i));
        return numbers;
    }
    static void to_backend(double* to, const Numbers& numbers) {
        Backend::from_host(to, numbers.data(), static_cast<Index>(numbers.size()));
    }
    static Numbers to_host(const double* from, Index size) {
        Numbers numbers(static_cast<std::size_t>(size));
        Backend::to_host(numbers.data(), from, size);
        return numbers;
    }
    static Index nans(const Numbers& numbers) {
        return std::count_if(numbers.begin(), numbers.end(), [](double x) { return std::isnan(x); });
    }
    static Index different(const Numbers& a, const Numbers& b) {
        Index count = 0;
        for (std::size_t i = 0; i < a.size(); ++i)
            count += a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])) ? 0 : 1;
        return count;
    }

    /// Uses the same random numbers in every pass, so that a dropout layer's mask stays the same.
    auto forward() {
        const Randomness randomness{options_.seed, 0, true};
        return options_.mode == Mode::training
                   ? network_.forward_training(input_.view(), workspace_, randomness)
                   : network_.forward(input_.view(), workspace_, randomness);
    }

    Numbers input_gradient_alone() {
        Backend::fill(workspace_.gradients(), workspace_.gradients_size(), nan);
        return to_host(network_.backward_to_input(output_gradient_.view(), workspace_).data, input_.size());
    }
    Numbers parameter_gradients_alone() {
        Gradients gradients;
        Backend::fill(gradients.data(), gradients.size(), nan);
        network_.backward(output_gradient_.view(), workspace_, gradients);
        return to_host(gradients.data(), gradients.size());
    }
    Gradients& add_to_ones(Gradients& gradients) {
        Backend::fill(gradients.data(), gradients.size(), 1.0);
        network_.backward(output_gradient_.view(), workspace_, gradients, true);
        return gradients;
    }

    /// The largest error of `gradient` against central differences with respect to the values at `point`.
    double compare(GradientReport& report, const Numbers& gradient, double* point) {
        Numbers quotients(gradient.size());
        double squares = 0;
        for (std::size_t i = 0; i < gradient.size(); ++i) {
            quotients[i] = difference_quotient(point + i);
            squares += quotients[i] * quotients[i];
        }
        const double typical =
            gradient.empty() ? 0 : std::sqrt(squares / static_cast<double>(gradient.size()));
        double largest = 0;
        for (std::size_t i = 0; i < gradient.size(); ++i) {
            const double difference = std::abs(gradient[i] - quotients[i]);
            const double scale = (std::max)(std::abs(quotients[i]), typical);
            if (difference > 0) largest = (std::max)(largest, scale > 0 ? difference / scale : difference);
            if (std::isnan(difference)) largest = std::numeric_limits<double>::infinity();
            if (gradient[i] != 0) ++report.nonzero;
        }
        report.compared += static_cast<Index>(gradient.size());
        return largest;
    }

    /// Subtracts the outputs before it sums them: an output that does not change then adds no rounding error.
    double difference_quotient(double* number) {
        const double middle = to_host(number, 1)[0];
        const double above = middle + options_.epsilon, below = middle - options_.epsilon;
        const Numbers y_above = output_with(number, above), y_below = output_with(number, below);
        to_backend(number, {middle});
        double sum = 0;
        for (std::size_t i = 0; i < y_above.size(); ++i)
            sum += output_gradient_host_[i] * (y_above[i] - y_below[i]);
        return sum / (above - below);
    }
    Numbers output_with(double* number, double value) {
        to_backend(number, {value});
        const auto output = forward();
        return to_host(output.data, output.size());
    }

    GradientOptions options_;
    std::uint32_t drawn_ = 0;
    TheNetwork network_;
    typename TheNetwork::TrainingWorkspace workspace_;
    BatchOn<Shape, Backend, double> input_;
    BatchOn<typename Net::output_shape, Backend, double> output_gradient_;
    Numbers output_gradient_host_;
};

} // namespace detail

/// Compares the gradients that a layer's backward() computes, for a batch of `Shape`, with central
/// differences of its forward(), in double:
///
///     BOOST_TEST((ctgan::testing::check_gradient<MyLayer, Image<3, 5, 5>>(4).holds()));
///
/// The inputs, the parameters and the output's gradient are random, N(0, 1). (An output gradient of ones
/// would detect nothing after a normalization, because the sum of its outputs is constant.) The layer's own
/// random numbers are the same in every evaluation.
///
/// check_gradient() also checks that backward() writes every element of a gradient (they begin as NaN), that
/// it adds to the parameters' gradients if `add` is set, and that it computes the same values if only the
/// input's or only the parameters' gradient is wanted.
///
/// Whether `reads_input`, `reads_output` and `in_place` are right shows only among other layers, which may
/// overwrite what the layer reads. So check a Sequential as well:
///
///     check_gradient<Sequential<Input<3, 5, 5>, Conv2d<3, 4, 1>, MyLayer, Tanh>, Image<3, 5, 5>>(4)
template <class Layer, class Shape, class Backend = Cpu>
GradientReport check_gradient(int batch, const GradientOptions& options = {}) {
    return detail::GradientCheck<Layer, Shape, Backend>(batch, options).run();
}

} // namespace ctgan::inline CTGAN_ABI::testing
