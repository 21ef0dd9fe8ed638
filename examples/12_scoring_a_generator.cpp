// How good is a generator of your own? The program trains a small GAN on digits and scores it on the way, by
// the features of the LeNet whose weights are shipped: against 2,000 digits that it was not trained on, and
// with other digits in its place, which says what the figures of a perfect generator would be, the floor. At
// the end it prints what is missing and whether the generator copies. It exits with 1 if training did not
// bring the generator closer. The default of 4,000 steps takes half a minute.
//
// Usage: 12_scoring_a_generator [STEPS [FOLDER with MNIST's files]]

#include <ctgan/ctgan.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/weights.hpp>
#include <ctgan/score/classes.hpp>
#include <ctgan/score/extract.hpp>
#include <ctgan/score/kernel.hpp>
#include <ctgan/score/lenet.hpp>
#include <ctgan/score/nearest.hpp>
#include <ctgan/score/neighbours.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ctgan;

using Digit = Image<1, 28, 28>;
using Generator = Sequential<Linear<64, 32 * 7 * 7>, BatchNorm1d<32 * 7 * 7>, ReLU, Reshape<32, 7, 7>,
                             ConvTranspose2d<32, 16, 4, 2, 1>, BatchNorm2d<16>, ReLU, //
                             ConvTranspose2d<16, 1, 4, 2, 1>, Tanh>;
using Critic =
    Sequential<Input<1, 28, 28>, Conv2d<1, 16, 4, 2, 1>, LeakyReLU<std::ratio<1, 5>>, //
               Conv2d<16, 32, 4, 2, 1>, LeakyReLU<std::ratio<1, 5>>, Flatten, Linear<32 * 7 * 7, 1>>;
using LeNet = Network<score::LeNet<Digit>>;
constexpr int batch = 32, scored = 2000; // figures of other counts are not comparable with these

/// The bytes of some digits.
std::vector<std::uint8_t> chosen(const io::DataSet<Digit>& digits, std::span<const std::uint32_t> numbers) {
    std::vector<std::uint8_t> bytes;
    for (const std::uint32_t i : numbers) {
        const auto digit = digits.pixels().subspan(std::size_t{i} * Digit::size, Digit::size);
        bytes.insert(bytes.end(), digit.begin(), digit.end());
    }
    return bytes;
}

/// As many digits of a generator, in evaluation mode and always of the same noise, rounded to bytes: real
/// digits are bytes, too, and features of values between them would differ.
std::vector<std::uint8_t> drawn(const Network<Generator>& generator) {
    Batch<Flat<64>> noise(scored);
    Cpu::fill_normal(noise.data(), noise.size(), 1.F, {.seed = 2});
    Network<Generator>::Workspace workspace(scored);
    return score::rounded(generator.forward(noise, workspace));
}

/// Returns the kernel distance.
double print_scores(const std::string& what, const score::Extracted& real, const score::Extracted& others) {
    const auto kernel = score::kernel(real.features, others.features, {.subsets = 20, .subset_size = 500});
    const auto near_by = score::neighbours(real.features, others.features, /*k*/ 5);
    const auto classes = score::classes(others.logits);
    std::printf("%-10s kid %7.2f, precision %.3f, coverage %.3f, digits 0 to 9:", what.c_str(), kernel.mean,
                near_by.precision, near_by.coverage);
    for (const Index n : classes.histogram) std::printf(" %3d", static_cast<int>(n));
    std::printf("\n");
    return kernel.mean;
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

int main(int argc, char** argv) try {
    const std::uint64_t steps = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 4000;
    const auto digits = io::DataSet<Digit>::read(argc > 2 ? argv[2] : CTGAN_SHIPPED_DATA_DIR);
    if (digits.count() <= 2 * scored) throw std::runtime_error("expected more than 4000 digits");
    // Shuffled, because the first and the second half of MNIST's test digits are of other writers.
    const auto order = io::shuffled(digits.count(), /*seed*/ 0, /*epoch*/ 0);
    const std::span numbers(order);
    const auto rest = numbers.subspan(2 * scored);
    LeNet lenet(/*seed*/ 0);
    io::load_weights(io::SafetensorsFile::open(CTGAN_SHIPPED_DATA_DIR "/../lenet_digits.safetensors"), lenet,
                     score::lenet_names);
    const auto real = score::extract(lenet, chosen(digits, numbers.first(scored)));
    const auto floor = score::extract(lenet, chosen(digits, numbers.subspan(scored, scored)));
    print_scores("floor", real, floor);

    Gan<Generator, Critic, Hinge> gan(/*seed*/ 0, batch, {.lr = 1e-3, .betas = {0.5, 0.999}},
                                      {.lr = 5e-4, .betas = {0.5, 0.999}});
    Batch<Digit> pictures(batch);
    Batch<Flat<64>> noise(batch);
    const auto score = [&](std::uint64_t step) {
        return print_scores("step " + std::to_string(step), real,
                            score::extract(lenet, drawn(gan.generator)));
    };
    const double before = score(0);
    double after = before;
    for (std::uint64_t step = 0; step < steps; ++step) {
        std::vector<std::uint32_t> taken;
        const random::Stream stream{.seed = 0, .pass = step};
        for (Index i = 0; i < batch; ++i)
            taken.push_back(rest[random::below(stream.bits(i), static_cast<std::uint32_t>(rest.size()))]);
        digits.write_to(pictures, taken);
        Cpu::fill_normal(noise.data(), noise.size(), 1.F, {.seed = 1, .pass = step});
        gan.train_step(pictures, noise, step);
        if ((step + 1) % 1000 == 0 || step + 1 == steps) after = score(step + 1);
    }

    // A generator that repeats what it was trained on is nearer to those digits than others are.
    const auto trained_on = score::extract(lenet, chosen(digits, rest)).features;
    const auto generated = score::extract(lenet, drawn(gan.generator)).features;
    std::printf("median distance to the nearest digit of training: generated %.2f, held out %.2f\n",
                median(score::nearest(generated, trained_on).distance),
                median(score::nearest(floor.features, trained_on).distance));
    return after < before ? 0 : 1;
} catch (const std::exception& error) {
    std::fprintf(stderr, "12_scoring_a_generator: %s\n", error.what());
    return 1;
}
