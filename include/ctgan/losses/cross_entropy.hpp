#pragma once

#include <ctgan/backend/backend.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/losses/loss.hpp>

#include <cmath>
#include <limits>
#include <type_traits>

namespace ctgan {

/// Cross entropy of softmax(x) against one class label for each sample: the mean over the batch of
/// log(sum over k of exp(x[k])) - x[label], which does not overflow for any x. Equals
/// torch.nn.CrossEntropyLoss() with class indices: the network ends with the logits, one for each class.
struct CrossEntropyLoss {
    /// The softmax of one sample, exp(x[k]) / (sum over k of exp(x[k])).
    template <int Classes, class T>
    struct Softmax {
        const T* x; ///< the logits of the sample
        T largest;  ///< the largest logit
        T sum;      ///< the sum of exp(x[k] - largest), at least 1

        /// Reads `Classes` logits.
        CTGAN_HD explicit Softmax(const T* sample) : x(sample), largest(sample[0]), sum(0) {
            for (int k = 1; k < Classes; ++k) largest = x[k] > largest ? x[k] : largest;
            for (int k = 0; k < Classes; ++k) sum += std::exp(x[k] - largest);
        }
        /// The probability of class k.
        CTGAN_HD T operator[](int k) const { return std::exp(x[k] - largest) / sum; }
        /// Minus the logarithm of that probability.
        CTGAN_HD T negative_log(int k) const { return std::log(sum) - (x[k] - largest); }
    };
};

namespace detail {

/// The logits and labels of a batch. A label that is not a class makes the term and the gradient of its
/// sample NaN: a device cannot throw, and Adam stops at such a gradient.
template <int Classes, class T, class Label>
struct LabeledLogits {
    const T* logits;
    const Label* labels;
    T nan; ///< numeric_limits has it on the host only

    CTGAN_HD CrossEntropyLoss::Softmax<Classes, T> softmax(Index i) const {
        return CrossEntropyLoss::Softmax<Classes, T>(logits + i * Classes);
    }
    /// The label of sample i, or -1 if it is not a class.
    CTGAN_HD int label(Index i) const {
        const auto label = static_cast<Index>(labels[i]);
        return label >= 0 && label < Classes ? static_cast<int>(label) : -1;
    }
};
/// The term of sample i.
template <int Classes, class T, class Label>
struct CrossEntropyTerm {
    LabeledLogits<Classes, T, Label> batch;

    CTGAN_HD T operator()(Index i) const {
        const int label = batch.label(i);
        return label < 0 ? batch.nan : batch.softmax(i).negative_log(label);
    }
};
/// Stores the gradient of sample i: (softmax(x)[k] - (1 if k is the label)) * factor.
template <int Classes, class T, class Label>
struct CrossEntropySlope {
    LabeledLogits<Classes, T, Label> batch;
    T factor;
    T* gradient;

    CTGAN_HD void operator()(Index i) const {
        const int label = batch.label(i);
        const auto softmax = batch.softmax(i);
        for (int k = 0; k < Classes; ++k)
            gradient[i * Classes + k] = label < 0 ? batch.nan : (softmax[k] - T(k == label)) * factor;
    }
};

} // namespace detail

/// The loss of a batch of logits against class labels, integers from 0 to Classes - 1 (bytes, for example):
/// the *sum* of the terms goes to `*sum`, the gradient of their *mean* over the samples to `gradient`, both
/// in the memory of backend B. A label that is not a class makes the sum and the gradient of its sample NaN.
template <class Loss, class B, class Shape, class TargetShape, class GradientShape, class P, class Label,
          class T>
    requires std::is_same_v<Loss, CrossEntropyLoss>
void loss(View<Shape, P> prediction, View<TargetShape, Label> labels, View<GradientShape, T> gradient,
          double* sum) {
    using Backend = messages::backend_or_missing<B>;
    [[maybe_unused]] constexpr messages::CheckBackend<B> check_backend{};
    using L = std::remove_const_t<Label>;
    using Problem =
        messages::first_problem<messages::compare<messages::prediction_of<Loss>, Flat<Shape::size>, Shape>,
                                messages::compare<messages::target_of<Loss>, Flat<1>, TargetShape>,
                                messages::unless<std::is_integral_v<L>, messages::target_of<Loss>,
                                                 messages::class_labels, messages::values<L>>,
                                detail::problem_of_gradient<Loss, Shape, P, GradientShape, T>>;
    CTGAN_REQUIRE (Problem) {
        detail::check_count<Loss>("target", labels.count, prediction.count);
        detail::check_count<Loss>("gradient", gradient.count, prediction.count);
        constexpr int classes = Shape::size;
        const detail::LabeledLogits<classes, T, L> batch{prediction.data, labels.data,
                                                         std::numeric_limits<T>::quiet_NaN()};
        const Index n = prediction.count;
        // `gradient` first holds the terms, then the gradient.
        Backend::tabulate(gradient.data, n, detail::CrossEntropyTerm<classes, T, L>{batch});
        Backend::sum(sum, static_cast<const T*>(gradient.data), n, Identity{});
        Backend::for_each(
            n, detail::CrossEntropySlope<classes, T, L>{batch, T{1} / static_cast<T>(n), gradient.data});
    }
}

} // namespace ctgan
