#pragma once

#include <ctgan/backend/cpu.hpp>
#include <ctgan/layers/reshape.hpp>
#include <ctgan/network/network.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

/// For those who write a layer: whether its backward() is the derivative of its forward().
namespace ctgan::testing {

/// How check_gradient() goes about it.
struct GradientOptions {
    Mode mode = Mode::training; ///< of the forward passes
    /// Half the distance between the two points of a central difference.
    double epsilon = 1e-5;
    /// No input lies closer to 0 than this: for a layer with a kink there, ten times `epsilon`.
    double keep_away_from_zero = 0;
    /// Inputs, parameters, the output's gradient and the layer's own random numbers all follow from it.
    std::uint64_t seed = 0;
};

/// What check_gradient() found.
struct GradientReport {
    /// What was found of a parameter.
    struct Tensor {
        std::string name; ///< as its TensorSpec says
        double error;     ///< the largest, as input_error's
    };

    /// Largest error of the gradient to the input. An error is relative to the
    /// derivative or to the root mean square of its tensor's derivatives, whichever is larger: rounding makes
    /// a difference quotient that should be near zero no better than its neighbours. Infinite where
    /// backward() gave NaN.
    double input_error = 0;
    std::vector<Tensor> parameter_errors; ///< the same of each parameter

    Index compared = 0;  ///< derivatives that were compared
    Index nonzero = 0;   ///< those that backward() says are not zero: with none of them nothing was checked
    Index unwritten = 0; ///< numbers of a gradient that backward() left as it found them
    Index not_added = 0; ///< numbers of a parameter's gradient that `add` did not add to
    Index differing =
        0; ///< numbers that are not the same where only one of the two kinds of gradient is wanted

    /// The largest of all.
    double largest_error() const {
        double largest = input_error;
        for (const Tensor& tensor : parameter_errors) largest = std::max(largest, tensor.error);
        return largest;
    }

    /// Whether backward() keeps all of its contract, and there was something to check.
    bool holds(double tolerance = 1e-7) const {
        return nonzero > 0 && unwritten == 0 && not_added == 0 && differing == 0 &&
               largest_error() <= tolerance;
    }

    /// All of it on one line.
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

/// One layer as a network, at a random point.
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
        to_room(input, input_.data());
        output_gradient_host_ = normal_numbers(output_gradient_.size());
        to_room(output_gradient_host_, output_gradient_.data());
        network_.for_each_tensor([&](int, const TensorSpec& tensor, double* data, bool) {
            Numbers values = normal_numbers(tensor.size());
            if (tensor.role == Role::running_variance)
                for (double& v : values) v = 0.5 + v * v;
            to_room(values, data);
        });
    }

    GradientReport run() {
        GradientReport report;
        Gradients gradients;
        Backend::fill(gradients.data(), gradients.size(), nan);
        Backend::fill(workspace_.gradient_block(0), input_.size(), nan);
        forward();
        const auto to_input =
            network_.template backward<WithRespectTo::both>(output_gradient_.view(), workspace_, &gradients);
        const Numbers input_gradient = to_host(to_input.data, input_.size());
        report.unwritten += nans(input_gradient);
        const Numbers parameter_gradients = to_host(gradients.data(), gradients.size());

        report.differing += different(input_gradient, input_gradient_alone());
        const Numbers alone = parameter_gradients_alone();
        const Numbers sums = to_host(add_to_ones(gradients).data(), gradients.size());

        report.input_error = compare(input_gradient, input_.data(), report);
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
            report.parameter_errors.push_back({tensor.name, compare(gradient, data, report)});
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
    static void to_room(const Numbers& numbers, double* to) {
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

    /// The same random numbers in every pass, so that a dropout's mask stays.
    View<typename Net::output_shape, const double> forward() {
        const Randomness randomness{options_.seed, 0, true};
        return options_.mode == Mode::training
                   ? network_.forward_training(input_.view(), workspace_, randomness)
                   : network_.forward(input_.view(), workspace_, randomness);
    }

    Numbers input_gradient_alone() {
        Backend::fill(workspace_.gradient_block(0), input_.size(), nan);
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

    /// The largest error of `gradient` against central differences in the numbers at `point`.
    double compare(const Numbers& gradient, double* point, GradientReport& report) {
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
            const double scale = std::max(std::abs(quotients[i]), typical);
            if (difference > 0) largest = std::max(largest, scale > 0 ? difference / scale : difference);
            if (std::isnan(difference)) largest = std::numeric_limits<double>::infinity();
            if (gradient[i] != 0) ++report.nonzero;
        }
        report.compared += static_cast<Index>(gradient.size());
        return largest;
    }

    /// The outputs are subtracted before they are summed: one that does not change then adds no rounding
    /// error.
    double difference_quotient(double* number) {
        const double middle = to_host(number, 1)[0];
        const double above = middle + options_.epsilon, below = middle - options_.epsilon;
        const Numbers y_above = output_with(number, above), y_below = output_with(number, below);
        to_room({middle}, number);
        double sum = 0;
        for (std::size_t i = 0; i < y_above.size(); ++i)
            sum += output_gradient_host_[i] * (y_above[i] - y_below[i]);
        return sum / (above - below);
    }
    Numbers output_with(double* number, double value) {
        to_room({value}, number);
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

/// Compares the gradients that a layer's backward() gives, for a batch of `Shape`, with central differences
/// of its forward(), in double:
///
///     BOOST_TEST((ctgan::testing::check_gradient<MyLayer, Image<3, 5, 5>>(4).holds()));
///
/// The output's gradient is random, as are inputs and parameters, N(0, 1): a gradient of ones would be blind
/// behind a normalization. The layer's own random numbers are the same in every evaluation. It also checks
/// that backward() writes every number of a gradient (which begin as NaN), that it adds to the parameters'
/// gradients where it is told to, and that it gives the same numbers where only the input's or only the
/// parameters' gradient is wanted.
template <class Layer, class Shape, class Backend = Cpu>
GradientReport check_gradient(int batch, const GradientOptions& options = {}) {
    return detail::GradientCheck<Layer, Shape, Backend>(batch, options).run();
}

} // namespace ctgan::testing
