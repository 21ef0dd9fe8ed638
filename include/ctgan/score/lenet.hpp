#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/layers/activations.hpp>
#include <ctgan/layers/branches.hpp>
#include <ctgan/layers/convolution.hpp>
#include <ctgan/layers/input.hpp>
#include <ctgan/layers/inputs.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/layers/pooling.hpp>
#include <ctgan/layers/reshape.hpp>
#include <ctgan/network/sequential.hpp>

#include <array>
#include <string_view>

namespace ctgan::inline CTGAN_ABI::score {

namespace detail {

/// The values that a picture has behind the two convolutions and poolings.
template <int H, int W>
inline constexpr int lenet_values = 16 * ((H / 2 - 4) / 2) * ((W / 2 - 4) / 2);

} // namespace detail

/// The number of features of a picture.
inline constexpr int lenet_features = 84;

/// LeNet-5 (LeCun, Bottou, Bengio, Haffner: Gradient-Based Learning Applied to Document Recognition; Proc.
/// IEEE 86, 1998) with ReLU and the largest value of a window in place of tanh and sums: a classifier of
/// small pictures whose last hidden layer gives the features that scores compare. It takes pictures with
/// values in [-1, 1], as a generator draws them, of 12 x 12 pixels at least. It has two outputs: the
/// features, 84 values of at least 0, and the logits of the classes. No layer draws random numbers or depends
/// on the mode, so what a picture gives depends on this picture alone. The same in PyTorch, up to its output:
///
///     conv1 = nn.Conv2d(C, 6, 5, padding=2); conv2 = nn.Conv2d(6, 16, 5)
///     fc1 = nn.Linear(400, 120); fc2 = nn.Linear(120, 84); fc3 = nn.Linear(84, Classes)
///     x = F.max_pool2d(F.relu(conv2(F.max_pool2d(F.relu(conv1(x)), 2))), 2).flatten(1)
///     features = F.relu(fc2(F.relu(fc1(x)))); logits = fc3(features)
///
/// where 400 is the number of values of a picture of 28 x 28.
template <class Picture, int Classes = 10>
struct LeNetOf;
/// The only pictures that it takes: C channels, H rows and W columns.
template <int C, int H, int W, int Classes>
struct LeNetOf<Image<C, H, W>, Classes> {
    static_assert(H >= 12 && W >= 12, "ctgan: LeNet: the picture must have at least 12 x 12 pixels");
    /// The network's description.
    using type = Sequential<Input<C, H, W>,                                //
                            Conv2d<C, 6, 5, 1, 2>, ReLU, MaxPool2d<2>,     //
                            Conv2d<6, 16, 5, 1, 0>, ReLU, MaxPool2d<2>,    //
                            Flatten,                                       //
                            Linear<detail::lenet_values<H, W>, 120>, ReLU, //
                            Linear<120, lenet_features>, ReLU,             //
                            Outputs<Identity, Linear<lenet_features, Classes>>>;
};

/// The description of the network: `Network<score::LeNet<Image<1, 28, 28>>>`.
template <class Picture, int Classes = 10>
using LeNet = typename LeNetOf<Picture, Classes>::type;

/// The names of the layers that have tensors, in their order, for files.
inline constexpr std::array<std::string_view, 5> lenet_names{"conv1", "conv2", "fc1", "fc2", "fc3"};

} // namespace ctgan::inline CTGAN_ABI::score
