#pragma once

#include <ctgan/backend/cpu.hpp>
#include <ctgan/core/finite.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/folder.hpp>
#include <ctgan/io/tensors_checksum.hpp>
#include <ctgan/io/weights.hpp>
#include <ctgan/losses/cross_entropy.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/optim/adam.hpp>
#include <ctgan/optim/optimizer.hpp>
#include <ctgan/optim/schedule.hpp>
#include <ctgan/score/lenet.hpp>

#include <fmt/core.h>

#include "labelled.hpp"
#include "recipe.hpp"
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <tuple>

namespace lenet {

using ctgan::Batch;
using ctgan::Flat;
using ctgan::Index;
inline constexpr int classes = 10;
template <class Picture>
using LeNet = ctgan::Network<ctgan::score::LeNet<Picture, classes>>;

/// Trains for all epochs: cross entropy, Adam, and a rate that falls as half a cosine. Pictures are moved by
/// up to two pixels and, if that is asked for, mirrored with probability 1/2, a function of (seed, step,
/// sample).
template <class Picture>
void train(LeNet<Picture>& network, const Labelled<Picture>& pictures, bool mirror, const Options& options) {
    const int batch = options.batch_size;
    const std::uint64_t steps_of_epoch = (pictures.count() - 1) / static_cast<std::uint32_t>(batch) + 1;
    const ctgan::CosineAnnealingLR rate{options.lr,
                                        steps_of_epoch * static_cast<std::uint64_t>(options.epochs)};
    ctgan::Adam<LeNet<Picture>> optimizer(network, {.lr = options.lr});
    typename LeNet<Picture>::TrainingWorkspace workspace(batch);
    typename LeNet<Picture>::Gradients gradients;
    Batch<Picture> x(batch);
    Batch<Flat<1>, std::uint8_t> y(batch);
    // The loss reads the logits alone.
    Batch<Flat<ctgan::score::lenet_features>> to_features(batch);
    std::fill_n(to_features.data(), to_features.size(), 0.F);
    Batch<Flat<classes>> to_logits(batch);
    ctgan::random::Stream stream{.seed = options.seed}; // `pass` counts steps
    for (int epoch = 1; epoch <= options.epochs; ++epoch) {
        const auto order =
            ctgan::io::shuffled(pictures.count(), options.seed, static_cast<std::uint64_t>(epoch));
        double total = 0;
        for (std::uint32_t first = 0; first < pictures.count(); ++stream.pass) {
            const int n =
                static_cast<int>(std::min(static_cast<std::uint32_t>(batch), pictures.count() - first));
            const auto up_to_2 = [&](Index k) {
                return static_cast<int>(ctgan::random::below(stream.bits(k), 5)) - 2;
            };
            ctgan::Cpu::for_each(n, [&](Index i) {
                const std::uint32_t which = order.data()[first + i];
                const bool mirrored = mirror && ctgan::random::below(stream.bits(2 * batch + i), 2) == 1;
                pictures.write(x.data() + i * Picture::size, which, up_to_2(2 * i), up_to_2(2 * i + 1),
                               mirrored);
                y.data()[i] = pictures.label(which);
            });
            const auto logits = std::get<1>(network.forward_training(x.first(n), workspace));
            const double value = ctgan::loss<ctgan::CrossEntropyLoss>(logits, y.first(n), to_logits.first(n));
            if (!ctgan::is_finite(value))
                throw std::runtime_error(
                    fmt::format("step {}: found loss {}, expected a finite number; try a lower --lr",
                                stream.pass + 1, value));
            total += n * value;
            network.backward(to_features.first(n), to_logits.first(n), workspace, gradients);
            optimizer.set_lr(rate(stream.pass));
            optimizer.step(network, gradients);
            first += static_cast<std::uint32_t>(n);
        }
        fmt::print("epoch {:2}: loss {:.4f}\n", epoch, total / pictures.count());
        std::fflush(stdout);
    }
}

/// How many of the pictures get the largest logit for their label.
template <class Picture>
std::uint32_t correct(const LeNet<Picture>& network, const Labelled<Picture>& pictures) {
    constexpr int batch = 64;
    typename LeNet<Picture>::Workspace workspace(batch);
    Batch<Picture> x(batch);
    std::uint32_t right = 0;
    for (std::uint32_t first = 0; first < pictures.count(); first += batch) {
        const auto n = std::min<std::uint32_t>(batch, pictures.count() - first);
        for (std::uint32_t i = 0; i < n; ++i) pictures.write(x.sample(static_cast<int>(i)), first + i);
        const auto outputs = network.forward(x.first(static_cast<int>(n)), workspace);
        const float* logits = std::get<1>(outputs).data;
        for (std::uint32_t i = 0; i < n; ++i, logits += classes)
            right += std::max_element(logits, logits + classes) - logits == pictures.label(first + i);
    }
    return right;
}

/// Trains, tests, and writes the weights. Throws as train_on_digits() does.
template <class Picture>
void train_and_test(const TrainingAndTest<Picture>& pictures, bool mirror, const Options& options) {
    // Before training, so that it is not in vain.
    if (std::filesystem::is_directory(options.out))
        throw ctgan::io::Error(options.out, "a folder", "the name of a file to write");
    ctgan::io::make_folder(std::filesystem::absolute(options.out).parent_path());
    fmt::print("{} pictures to train on, {} to test on\n", pictures.training.count(), pictures.test.count());
    LeNet<Picture> network(options.seed);
    train(network, pictures.training, mirror, options);
    const std::uint32_t right = correct(network, pictures.test), of = pictures.test.count();
    const std::string accuracy = fmt::format("{:.2f} %", 100.0 * right / of);

    ctgan::io::TensorsToWrite tensors;
    ctgan::io::gather_weights(tensors, network, ctgan::score::lenet_names);
    ctgan::io::write_with_checksum(
        options.out, tensors.list(),
        {{"network", fmt::format("LeNet {}x{}x{}", Picture::channels, Picture::height, Picture::width)},
         {"accuracy", fmt::format("{} of {} test pictures", accuracy, of)}});
    fmt::print("accuracy {} of {} test pictures; {}: CRC-32 {}\n", accuracy, of, options.out.string(),
               ctgan::io::tensors_checksum(tensors.list()).text());
}

} // namespace lenet
