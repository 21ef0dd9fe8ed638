// A conditional GAN draws the digit that you ask for: both networks have a second input, the label. The
// generator learns what each label looks like, because its digits are judged together with the label. The
// default of 5,000 steps takes about a minute. Then it draws ten of each digit, and a classifier says how
// many of 1,000 are what was asked for.
//
// Usage: 09_a_conditional_gan [STEPS [PICTURE.png]]

#include <ctgan/dcgan.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/find_labels.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/png.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <vector>

using namespace ctgan;

using Digit = Image<1, 28, 28>;
/// Input 0 is noise, input 1 the digit to draw. The layers after Concat read the noise and, behind it, 16
/// values that are learned for each digit.
using Generator = Sequential<Inputs<Flat<64>, Classes<10>>,                                            //
                             Concat<Select<0>, Sequential<Select<1>, Embedding<10, 16>>>,              //
                             Linear<80, 64 * 7 * 7>, BatchNorm1d<64 * 7 * 7>, ReLU, Reshape<64, 7, 7>, //
                             ConvTranspose2d<64, 32, 4, 2, 1>, BatchNorm2d<32>, ReLU,                  //
                             ConvTranspose2d<32, 1, 4, 2, 1>, Tanh>;
/// Input 0 is a picture. The label becomes a picture, too, which is a second channel.
using Discriminator =
    Sequential<Inputs<Digit, Classes<10>>,                                                           //
               Concat<Select<0>, Sequential<Select<1>, Embedding<10, 28 * 28>, Reshape<1, 28, 28>>>, //
               Conv2d<2, 32, 4, 2, 1>, LeakyReLU<std::ratio<1, 5>>,                                  //
               Conv2d<32, 64, 4, 2, 1>, LeakyReLU<std::ratio<1, 5>>, Flatten, Linear<64 * 7 * 7, 1>>;
using Classifier =
    Network<Sequential<Input<1, 28, 28>, Conv2d<1, 16, 5, 2, 2>, ReLU, BatchNorm2d<16>, //
                       Conv2d<16, 32, 5, 2, 2>, ReLU, BatchNorm2d<32>, Flatten, Linear<32 * 7 * 7, 10>>>;

int main(int argc, char** argv) try {
    const std::uint64_t steps = argc > 1 ? std::stoull(argv[1]) : 5000;
    constexpr int batch = 64;
    const auto file = io::find_images(CTGAN_SHIPPED_DATA_DIR, {"t10k"});
    const auto digits = io::DataSet<Digit>::read(file);
    const auto bytes = io::read_idx_labels(io::find_labels(file), {.count = digits.count()});
    const Batch<Classes<10>> labels(bytes);

    using TheGan = Gan<Generator, Discriminator, NonSaturating>;
    TheGan gan(/*seed*/ 0, batch, {.lr = 5e-4, .betas = {0.5, 0.999}}, {.lr = 5e-4, .betas = {0.5, 0.999}});
    Averaged average(gan.generator, /*decay*/ 0.995);
    GanLoop loop(gan, ByteImages<Digit>(digits.pixels()), labels, /*seed*/ 0, batch);
    for (std::uint64_t epoch = 0; loop.steps() < steps; ++epoch) {
        loop.begin_epoch(io::shuffled(digits.count(), /*seed*/ 0, epoch));
        while (loop.left() >= batch && loop.steps() < steps) {
            loop.step(batch);
            average.update(gan.generator);
        }
        const StepLosses last = loop.take_losses().back();
        if (epoch % 5 == 4)
            std::printf("step %5d: d_loss %.3f, g_loss %.3f\n", static_cast<int>(loop.steps()),
                        last.discriminator, last.generator);
    }

    Classifier classifier(/*seed*/ 0);
    Adam<Classifier> optimizer(classifier, {.lr = 1e-3});
    Classifier::TrainingWorkspace of_classifier(100);
    Classifier::Gradients gradients;
    Batch<Flat<10>> to_logits(100);
    for (std::uint64_t step = 0; step < steps / 5; ++step) {
        const auto first = step * 100 % digits.count();
        const auto real = digits.rows(static_cast<Index>(first), 100);
        const auto logits = classifier.forward_training(real, of_classifier);
        loss<CrossEntropyLoss>(logits, Batch<Classes<10>>(std::span(bytes).subspan(first, 100)), to_logits);
        classifier.backward(to_logits, of_classifier, gradients);
        optimizer.step(classifier, gradients);
    }

    std::vector<int> wanted;
    for (int i = 0; i < 100; ++i) wanted.push_back(i / 10); // a row of each
    Batch<Flat<64>> noise(100);
    Network<Generator>::Workspace workspace(100);
    int right = 0;
    for (std::uint64_t part = 0; part < 10; ++part) {
        Cpu::fill_normal(noise.data(), noise.size(), 1.F, {.seed = 1, .pass = part});
        const auto drawn = average.network().forward(noise, Batch<Classes<10>>(wanted), workspace);
        if (part == 0)
            io::write_png(argc > 2 ? argv[2] : "asked_for.png", io::enlarged(io::tile(drawn, 10), 3));
        const float* of = classifier.forward(drawn, of_classifier).data;
        for (int i = 0; i < 100; ++i, of += 10) right += std::max_element(of, of + 10) - of == i / 10;
    }
    std::printf("%d of 1,000 digits are what was asked for\n", right);
} catch (const std::exception& error) {
    std::fprintf(stderr, "09_a_conditional_gan: %s\n", error.what());
    return 1;
}
