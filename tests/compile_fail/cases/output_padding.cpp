// An output padding that is not less than the stride, which PyTorch refuses too.
// expect: ctgan: ConvTranspose2d's output padding is less than its stride
// expect-clang: ctgan: ConvTranspose2d's output padding is less than its stride
#include <ctgan/dcgan.hpp>

using namespace ctgan;

struct Generator : Sequential<Linear<100, 64 * 7 * 7>, Reshape<64, 7, 7>,
#ifdef TWIN
                              ConvTranspose2d<64, 1, 3, 2, 1, 1>, Tanh> {
};
#else
                              ConvTranspose2d<64, 1, 3, 2, 1, 2>, Tanh> {
};
#endif

int main() {
    Network<Generator> generator(1);
    Network<Generator>::Workspace workspace(4);
    Batch<Generator::input_shape> noise(4);
    const auto images = generator.forward(noise.view(), workspace);
    return images.count == 4 ? 0 : 1;
}
