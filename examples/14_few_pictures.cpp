// A conditional GAN from 500 digits, 50 of each kind or so: few enough for a discriminator to learn them by
// heart. Three things help: each picture that it sees is moved by a few pixels, real or not; its score is
// relative, of a real digit against a drawn one of the same kind, and penalties keep it smooth; and it judges
// the label by a projection of what it found in the picture. At the end it scores digits that it has never
// seen, too: what it has learned by heart, it scores higher. The default of 1,000 steps takes a minute.
//
// Usage: 14_few_pictures [STEPS [PICTURE.png]]

#include <ctgan/dcgan.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/find_labels.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/png.hpp>

#include <cstdio>
#include <exception>
#include <numeric>
#include <span>
#include <string>
#include <vector>

using namespace ctgan;

using Digit = Image<1, 28, 28>;
using Generator = Sequential<Inputs<Flat<64>, Classes<10>>,                                            //
                             Concat<Select<0>, Sequential<Select<1>, Embedding<10, 16>>>,              //
                             Linear<80, 64 * 7 * 7>, BatchNorm1d<64 * 7 * 7>, ReLU, Reshape<64, 7, 7>, //
                             ConvTranspose2d<64, 32, 4, 2, 1>, BatchNorm2d<32>, ReLU,                  //
                             ConvTranspose2d<32, 1, 4, 2, 1>, Tanh>;
/// 128 features of a picture.
using Features = Sequential<AugmentTranslation<>, Conv2d<1, 32, 4, 2, 1>, LeakyReLU<std::ratio<1, 5>>, //
                            Conv2d<32, 64, 4, 2, 1>, LeakyReLU<std::ratio<1, 5>>,                      //
                            Flatten, Linear<64 * 7 * 7, 128>, LeakyReLU<std::ratio<1, 5>>>;
/// Behind them, 128 values that are learned for each label.
using Discriminator =
    Sequential<Inputs<Digit, Classes<10>>,
               Concat<Sequential<Select<0>, Features>, Sequential<Select<1>, Embedding<10, 128>>>,
               Projection<128>>;
using Weight = std::ratio<1>;
using TheGan = Gan<Generator, Discriminator, WithPenalty<RelativisticPairing, R1<Weight>, R2<Weight>>>;

int main(int argc, char** argv) try {
    const std::uint64_t steps = argc > 1 ? std::stoull(argv[1]) : 1000;
    constexpr int batch = 50, few = 500;
    const auto file = io::find_images(CTGAN_SHIPPED_DATA_DIR, {"t10k"});
    const auto digits = io::DataSet<Digit>::read(file);
    const auto labels = io::read_idx_labels(io::find_labels(file), {.count = digits.count()});
    const std::span all_labels(labels);

    TheGan gan(/*seed*/ 0, batch, {.lr = 5e-4, .betas = {0.5, 0.999}}, {.lr = 5e-4, .betas = {0.5, 0.999}});
    Averaged average(gan.generator, /*decay*/ 0.995);
    GanLoop loop(gan, ByteImages<Digit>(digits.pixels().first(few * Digit::size)),
                 Batch<Classes<10>>(all_labels.first(few)), /*seed*/ 0, batch);
    for (std::uint64_t epoch = 0; loop.steps() < steps; ++epoch) {
        loop.begin_epoch(io::shuffled(few, /*seed*/ 0, epoch));
        for (; loop.left() >= batch && loop.steps() < steps; average.update(gan.generator)) loop.step(batch);
        const StepLosses last = loop.take_losses().back();
        if (epoch % 50 == 49)
            std::printf("step %5d: d_loss %.3f, g_loss %.3f\n", static_cast<int>(loop.steps()),
                        last.discriminator, last.generator);
    }

    // Ten of each digit, a row of each.
    std::vector<int> wanted;
    for (int i = 0; i < 100; ++i) wanted.push_back(i / 10);
    const Batch<Classes<10>> of_drawn(wanted);
    Batch<Flat<64>> noise(100);
    Cpu::fill_normal(noise.data(), noise.size(), 1.F, {.seed = 1});
    Network<Generator>::Workspace workspace(100);
    const auto drawn = average.network().forward(noise, of_drawn, workspace);
    io::write_png(argc > 2 ? argv[2] : "few_pictures.png", io::enlarged(io::tile(drawn, 10), 3));

    // In evaluation mode pictures are not moved.
    Network<Discriminator>::Workspace of_scores(few);
    const auto mean_score = [&](const auto& pictures, const Batch<Classes<10>>& of_pictures) {
        const auto scores = gan.discriminator.forward(pictures, of_pictures, of_scores);
        return std::accumulate(scores.data, scores.data + scores.count, 0.) / scores.count;
    };
    const auto seen = digits.rows(0, few), unseen = digits.rows(few, few);
    const Batch<Classes<10>> of_seen(all_labels.first(few)), of_unseen(all_labels.subspan(few, few));
    std::printf(
        "mean score of the digits that it learned from %.2f, of other digits %.2f, of drawn ones %.2f\n",
        mean_score(seen, of_seen), mean_score(unseen, of_unseen), mean_score(drawn, of_drawn));
} catch (const std::exception& error) {
    std::fprintf(stderr, "14_few_pictures: %s\n", error.what());
    return 1;
}
