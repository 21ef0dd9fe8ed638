#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/gan/step_losses.hpp>
#include <ctgan/messages/arguments.hpp>
#include <ctgan/messages/require.hpp>
#include <ctgan/messages/several.hpp>
#include <ctgan/network/arguments.hpp>
#include <ctgan/network/randomness.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>

/// Labels in a Gan.
namespace ctgan::inline CTGAN_ABI {

/// In place of the labels of a Gan that is not conditional.
struct NoLabels {
    NoLabels() = default;
    explicit NoLabels(int) {} ///< as many as there are images: none
};

namespace detail {

/// The default hook of a step: nothing happens between gradients and update.
struct NoHook {};

/// Whether an argument is a batch or a view of one.
template <class Given>
concept IsBatch = requires(const Given& given) {
    as_view(given);
};

/// The inputs of a network of a Gan: noise or images, and possibly labels.
template <class Shape>
struct GanInputs {
    using First = Shape;
    using Second = NoLabels;
};
template <class Shape, class Labels, class... More>
struct GanInputs<SeveralShapes<Shape, Labels, More...>> {
    using First = Shape;
    using Second = Labels;
};

/// A data set's labels in the backend's memory.
template <class Shape, class Backend>
struct LabelsOf {
    using type = BatchOn<Shape, Backend>;
};
template <class Backend>
struct LabelsOf<NoLabels, Backend> {
    using type = NoLabels;
};

/// The gradient with respect to the images, of those with respect to all inputs.
template <class Image>
const Image& first_gradient(const Image& to_image) {
    return to_image;
}
template <class Image, class Labels>
const Image& first_gradient(const std::tuple<Image, Labels>& to_inputs) {
    return std::get<0>(to_inputs);
}

/// The labels of a step, `Shape` if the Gan is conditional.
template <class Shape, class Backend, class T, class Given>
struct ProblemOfLabels
    : ProblemOfBatch<messages::labels_in_gan, Shape, Backend, typename Shape::template value<T>, Given> {};
template <class Shape, class Backend, class T>
struct ProblemOfLabels<Shape, Backend, T, NoLabels> {
    using type = messages::Mismatch<messages::train_step_of_gan, messages::takes<Shape>,
                                    messages::but_is_given<messages::none>>;
};
template <class Backend, class T, class Given>
struct ProblemOfLabels<NoLabels, Backend, T, Given> {
    using type = messages::Mismatch<messages::train_step_of_gan, messages::takes<messages::no_labels>,
                                    messages::but_is_given<messages::other_type<Given>>>;
};
template <class Backend, class T>
struct ProblemOfLabels<NoLabels, Backend, T, NoLabels> {
    using type = messages::NoProblem;
};

/// A forward pass in training mode, with the labels if there are any.
template <class Network, class Batch, class Labels, class Workspace>
auto forward_in_gan(Network& network, Batch batch, Labels labels, Workspace& workspace,
                    Randomness randomness) {
    if constexpr (std::is_same_v<Labels, NoLabels>)
        return network.forward_training(batch, workspace, randomness);
    else
        return network.forward_training(batch, labels, workspace, randomness);
}

/// The steps of a conditional Gan. For another one they report the labels. Also the calls of train_step()
/// that only report an error.
template <class TheGan>
class StepsWithLabels {
  public:
    /// Gan::train_step() of a conditional Gan: `labels` are those of `real`.
    template <class Images, class Labels, class Noise, class Hook = NoHook>
    StepLosses train_step(const Images& real, const Labels& labels, const Noise& noise, std::uint64_t step,
                          Hook&& hook = {}) {
        using Problem = typename TheGan::template problem_of_step<Images, Noise, Labels>;
        auto& gan = static_cast<TheGan&>(*this);
        CTGAN_REQUIRE (Problem) {
            take_step(
                real, labels, noise,
                [&](typename TheGan::Pass pass) { return gan.randomness_of_step(step, pass); }, hook,
                gan.updates_generator(step), gan.penalties_of_step(step));
            gan.throw_if_bad(step);
        }
        return gan.last_losses();
    }
    /// Gan::take_step() of a conditional Gan.
    template <class Images, class Labels, class Noise, class RandomnessOf, class Hook = NoHook>
        requires(IsBatch<Noise>)
    void take_step(const Images& real, const Labels& labels, const Noise& noise, RandomnessOf&& randomness,
                   Hook&& hook = {}, bool with_generator = true,
                   std::uint32_t penalties = ~std::uint32_t{0}) {
        using Problem = typename TheGan::template problem_of_step<Images, Noise, Labels>;
        auto& gan = static_cast<TheGan&>(*this);
        CTGAN_REQUIRE (Problem) {
            TheGan::Generator::backend::in_region([&] {
                gan.step_on_views(as_view(real), as_view(labels), as_view(noise), randomness, hook,
                                  with_generator, penalties);
            });
        }
    }

    /// A step needs its number, and a Gan that is not const. These overloads only report the error.
    template <class Images, class Noise>
    StepLosses train_step(const Images&, const Noise&) {
        using Problem =
            typename detail::ProblemOfCall<messages::train_step_of_gan, messages::number_of_the_step,
                                           messages::none, Images>::type;
        CTGAN_REQUIRE (Problem) {
        }
        return {};
    }
    template <class Images, class Noise, class Hook = detail::NoHook>
    StepLosses train_step(const Images&, const Noise&, std::uint64_t, Hook&& = {}) const {
        using Problem = typename detail::ProblemOfCall<messages::train_step_of_gan, messages::gan_to_change,
                                                       messages::const_gan, Images>::type;
        CTGAN_REQUIRE (Problem) {
        }
        return {};
    }
};

/// Throws std::invalid_argument if there is not one label for each image.
inline void check_gan_labels(Index images, Index labels) {
    if (images != labels)
        fail_with<std::invalid_argument>(
            {"Gan: found ", labels, " labels, expected ", images, ", one for each image"});
}

/// A batch of a data set's labels as a table, for Backend::tabulate, like GatheredImages.
struct GatheredLabels {
    const std::int32_t* labels; ///< of the data set
    const std::uint32_t* order; ///< indices of images
    const std::uint64_t* first; ///< where in `order` the batch begins

    /// The label of image i of the batch.
    CTGAN_HD std::int32_t operator()(Index i) const { return labels[order[static_cast<Index>(*first) + i]]; }
};

} // namespace detail
} // namespace ctgan::inline CTGAN_ABI
