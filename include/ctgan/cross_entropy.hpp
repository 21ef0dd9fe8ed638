#pragma once

#include <ctgan/backend.hpp>
#include <ctgan/config.hpp>
#include <ctgan/diagnosis.hpp>
#include <ctgan/losses.hpp>
#include <ctgan/tensor.hpp>

#include <cmath>
#include <limits>
#include <type_traits>

namespace ctgan {

/// Cross entropy of softmax(x) and one class for each sample, mean over the batch of
/// log(sum over k of exp(x[k])) - x[label], which overflows for no x. The same as torch.nn.CrossEntropyLoss
/// with class indices: the network ends with the numbers in front of the softmax, one for each class.
struct CrossEntropyLoss {
    /// One sample's softmax, ready to be asked for its numbers.
    template <int Classes, class T>
    struct Softmax {
        const T* x;
        T largest, sum; ///< of x; of exp(x - largest), which is at least 1

        CTGAN_HD explicit Softmax(const T* sample) : x(sample), largest(sample[0]), sum(0) {
            for (int k = 1; k < Classes; ++k) largest = x[k] > largest ? x[k] : largest;
            for (int k = 0; k < Classes; ++k) sum += std::exp(x[k] - largest);
        }
        CTGAN_HD T operator[](int k) const { return std::exp(x[k] - largest) / sum; }
        CTGAN_HD T negative_log(int k) const { return std::log(sum) - (x[k] - largest); }
    };
};

namespace detail {

/// Sample i's term of the sum. A label that is no class makes it NaN, as a device cannot throw.
template <int Classes, class T, class Label>
struct CrossEntropyTerm {
    const T* prediction;
    const Label* labels;

    CTGAN_HD T operator()(Index i) const {
        const auto label = static_cast<Index>(labels[i]);
        if (label < 0 || label >= Classes) return std::numeric_limits<T>::quiet_NaN();
        const CrossEntropyLoss::Softmax<Classes, T> softmax(prediction + i * Classes);
        return softmax.negative_log(static_cast<int>(label));
    }
};

/// Sample i's gradient, softmax(x)[k] - (1 where k is the label), times `factor`.
template <int Classes, class T, class Label>
struct CrossEntropySlope {
    const T* prediction;
    const Label* labels;
    T factor;
    T* gradient;

    CTGAN_HD void operator()(Index i) const {
        const CrossEntropyLoss::Softmax<Classes, T> softmax(prediction + i * Classes);
        for (int k = 0; k < Classes; ++k)
            gradient[i * Classes + k] = (softmax[k] - T(k == static_cast<Index>(labels[i]))) * factor;
    }
};

} // namespace detail

/// Gradient of the mean loss against a batch of labels, whole numbers from 0 to Classes - 1 (as bytes, say),
/// and the sum of its terms. A label that is no class makes the sum NaN.
template <class Loss, class Backend, class Shape, class TargetShape, class GradientShape, class P,
          class Label, class T>
    requires std::is_same_v<Loss, CrossEntropyLoss>
void loss(View<Shape, P> prediction, View<TargetShape, Label> labels, View<GradientShape, T> gradient,
          double* sum) {
    using Room = diagnosis::room<Backend>;
    using Scores = Flat<Shape::size>;
    [[maybe_unused]] constexpr diagnosis::CheckBackend<Backend> check_backend{};
    [[maybe_unused]] constexpr diagnosis::Check<
        diagnosis::compare<diagnosis::prediction_of<Loss>, Scores, Shape>>
        check_prediction{};
    [[maybe_unused]] constexpr diagnosis::Check<
        diagnosis::compare<diagnosis::target_of<Loss>, Flat<1>, TargetShape>>
        check_target{};
    [[maybe_unused]] const detail::CheckGradient<Loss, Shape, GradientShape, T> check_gradient{};
    static_assert(std::is_integral_v<Label>,
                  "ctgan: CrossEntropyLoss takes labels, a whole number for each sample");
    if constexpr (!std::is_const_v<T>) {
        detail::check_count<Loss>("target", labels.count, prediction.count);
        detail::check_count<Loss>("gradient", gradient.count, prediction.count);
        using C = std::remove_const_t<Label>;
        const Index n = prediction.count;
        const T* x = prediction.data;
        // The terms lie where the gradient will.
        Room::tabulate(detail::CrossEntropyTerm<Shape::size, T, C>{x, labels.data}, gradient.data, n);
        Room::sum(Identity{}, static_cast<const T*>(gradient.data), n, sum);
        Room::for_each(detail::CrossEntropySlope<Shape::size, T, C>{x, labels.data, T{1} / static_cast<T>(n),
                                                                    gradient.data},
                       n);
    }
}

} // namespace ctgan
