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
    /// One sample's softmax, exp(x[k]) / (sum over k of exp(x[k])), ready to be asked for its numbers.
    template <int Classes, class T>
    struct Softmax {
        const T* x; ///< the sample
        /// Of x.
        T largest, sum; ///< of exp(x - largest), at least 1

        /// Of `Classes` numbers.
        CTGAN_HD explicit Softmax(const T* sample) : x(sample), largest(sample[0]), sum(0) {
            for (int k = 1; k < Classes; ++k) largest = x[k] > largest ? x[k] : largest;
            for (int k = 0; k < Classes; ++k) sum += std::exp(x[k] - largest);
        }
        /// Class k's share.
        CTGAN_HD T operator[](int k) const { return std::exp(x[k] - largest) / sum; }
        /// Minus its logarithm.
        CTGAN_HD T negative_log(int k) const { return std::log(sum) - (x[k] - largest); }
    };
};

namespace detail {

/// Sample i's term of the sum and its gradient, (softmax(x)[k] - (1 where k is the label)) * factor. A label
/// that is no class makes both NaN: a device cannot throw, and Adam stops at such a gradient.
template <int Classes, class T, class Label>
struct CrossEntropyOf {
    const T* prediction;
    const Label* labels;
    T not_a_number; ///< which numeric_limits says on the host only

    CTGAN_HD CrossEntropyLoss::Softmax<Classes, T> softmax(Index i) const {
        return CrossEntropyLoss::Softmax<Classes, T>(prediction + i * Classes);
    }
    /// The label, or -1.
    CTGAN_HD int label(Index i) const {
        const auto label = static_cast<Index>(labels[i]);
        return label >= 0 && label < Classes ? static_cast<int>(label) : -1;
    }
};
template <int Classes, class T, class Label>
struct CrossEntropyTerm {
    CrossEntropyOf<Classes, T, Label> of;

    CTGAN_HD T operator()(Index i) const {
        const int label = of.label(i);
        return label < 0 ? of.not_a_number : of.softmax(i).negative_log(label);
    }
};
template <int Classes, class T, class Label>
struct CrossEntropySlope {
    CrossEntropyOf<Classes, T, Label> of;
    T factor;
    T* gradient;

    CTGAN_HD void operator()(Index i) const {
        const int label = of.label(i);
        const auto softmax = of.softmax(i);
        for (int k = 0; k < Classes; ++k)
            gradient[i * Classes + k] = label < 0 ? of.not_a_number : (softmax[k] - T(k == label)) * factor;
    }
};

} // namespace detail

/// Gradient of the mean loss against a batch of labels, whole numbers from 0 to Classes - 1 (as bytes, say),
/// and the *sum* of the terms to `*sum` in the room's memory. A label that is no class makes the sum and its
/// sample's gradient NaN.
template <class Loss, class Backend, class Shape, class TargetShape, class GradientShape, class P,
          class Label, class T>
    requires std::is_same_v<Loss, CrossEntropyLoss>
void loss(View<Shape, P> prediction, View<TargetShape, Label> labels, View<GradientShape, T> gradient,
          double* sum) {
    using Room = diagnosis::room<Backend>;
    using Scores = Flat<Shape::size>;
    [[maybe_unused]] constexpr diagnosis::CheckBackend<Backend> check_backend{};
    using L = std::remove_const_t<Label>;
    using Problem = diagnosis::first<diagnosis::compare<diagnosis::prediction_of<Loss>, Scores, Shape>,
                                     diagnosis::compare<diagnosis::target_of<Loss>, Flat<1>, TargetShape>,
                                     diagnosis::unless<std::is_integral_v<L>, diagnosis::target_of<Loss>,
                                                       diagnosis::labels_of_classes, diagnosis::numbers<L>>,
                                     detail::problem_of_gradient<Loss, Shape, P, GradientShape, T>>;
    static_assert(nothing_is_wrong<diagnosis::Sentence<Problem>::text>, CTGAN_SENTENCE(Problem));
    if constexpr (std::is_same_v<Problem, diagnosis::Fits>) {
        detail::check_count<Loss>("target", labels.count, prediction.count);
        detail::check_count<Loss>("gradient", gradient.count, prediction.count);
        constexpr int classes = Shape::size;
        const detail::CrossEntropyOf<classes, T, L> of{prediction.data, labels.data,
                                                       std::numeric_limits<T>::quiet_NaN()};
        const Index n = prediction.count;
        // The terms lie where the gradient will.
        Room::tabulate(detail::CrossEntropyTerm<classes, T, L>{of}, gradient.data, n);
        Room::sum(Identity{}, static_cast<const T*>(gradient.data), n, sum);
        Room::for_each(detail::CrossEntropySlope<classes, T, L>{of, T{1} / static_cast<T>(n), gradient.data},
                       n);
    }
}

} // namespace ctgan
