// A program such as a game or an audio plugin, compiled without exceptions and run-time type information: a
// generator draws one picture. With an argument the batch is larger than the workspace.
#include <ctgan/dcgan.hpp>

#include <cstdio>

using Generator = ctgan::Sequential<                                           //
    ctgan::Linear<8, 16 * 4 * 4>, ctgan::ReLU, ctgan::BatchNorm1d<16 * 4 * 4>, //
    ctgan::Reshape<16, 4, 4>, ctgan::ConvTranspose2d<16, 1, 4, 2, 1>, ctgan::Tanh>;

int main(int arguments, char**) {
    const ctgan::Network<Generator> generator{/*seed*/ 0};
    ctgan::Network<Generator>::Workspace workspace(/*capacity*/ 1);
    const ctgan::Batch<ctgan::Flat<8>> noise(arguments);
    const auto picture = generator.forward(noise, workspace);
    std::printf("%d values, the first %s\n", static_cast<int>(picture.size()),
                picture.data[0] > -1 && picture.data[0] < 1 ? "between -1 and 1"
                                                            : "outside the range of tanh");
}
