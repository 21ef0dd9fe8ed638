#pragma once

#include <ctgan/backend/backend.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/losses/loss.hpp>

#include <cmath>
#include <limits>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

/// Cross entropy of softmax(x) against one class label for each sample: the mean over the batch of
/// log(sum over k of exp(x[k])) - x[label], which does not overflow for any x. Equals
/// torch.nn.CrossEntropyLoss() with class indices: the network ends with the logits, one for each class. The
/// labels are a batch of Classes<N>, N logits, or of Flat<1> of an integer type, such as bytes. A label that
/// is not a class makes the value and the gradient of its sample NaN.
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

/// The targets are class labels, integers from 0 to Classes - 1. There is one term for each sample.
template <>
struct LossTerms<CrossEntropyLoss> {
    using Loss = CrossEntropyLoss;

    template <class Prediction, class Target>
    struct ProblemOfLabels : ProblemOfView<messages::target_of<Loss>, Flat<1>, Prediction, Target> {};
    template <class Prediction, class Shape, class Label, class Space>
    struct ProblemOfLabels<Prediction, View<Shape, Label, Space>> {
        using type = messages::first_problem<
            typename ProblemOfView<messages::target_of<Loss>, Flat<1>, Prediction,
                                   View<Shape, Label, Space>>::type,
            messages::unless<std::is_integral_v<Label>, messages::target_of<Loss>, messages::class_labels,
                             messages::values<std::remove_const_t<Label>>>>;
    };
    template <class Prediction, int N, class Label, class Space>
    struct ProblemOfLabels<Prediction, View<Classes<N>, Label, Space>>
        : ProblemOfView<messages::target_of<Loss>, Classes<Prediction::shape::size>, Prediction,
                        View<Classes<N>, Label, Space>> {};
    template <class Prediction, class Target>
    using problem =
        messages::first_problem<messages::compare<messages::prediction_of<Loss>,
                                                  Flat<Prediction::shape::size>, typename Prediction::shape>,
                                typename ProblemOfLabels<Prediction, Target>::type>;

    template <class B, class Shape, class P, class Space, class LabelShape, class Label, class Gradient>
    static Index write(View<Shape, P, Space> prediction, View<LabelShape, Label, Space> labels,
                       Gradient gradient, double* sum, double scale) {
        using T = std::remove_const_t<P>;
        using L = std::remove_const_t<Label>;
        check_count<Loss>("target", labels.count, prediction.count);
        check_count<Loss>("gradient", gradient.count, prediction.count);
        constexpr int classes = Shape::size;
        const LabeledLogits<classes, T, L> batch{prediction.data, labels.data,
                                                 std::numeric_limits<T>::quiet_NaN()};
        const Index n = prediction.count;
        // `gradient` first holds the terms, then the gradient.
        B::tabulate(gradient.data, n, CrossEntropyTerm<classes, T, L>{batch});
        B::sum(sum, static_cast<const T*>(gradient.data), n, IdentityFunction{});
        B::for_each(n, CrossEntropySlope<classes, T, L>{
                           batch, static_cast<T>(scale) / static_cast<T>(B::whole(n)), gradient.data});
        return B::whole(n);
    }
};

} // namespace detail

} // namespace ctgan::inline CTGAN_ABI
