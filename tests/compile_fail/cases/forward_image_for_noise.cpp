// A batch of images for a network that takes noise.
// group: meet
// cause: The shape of the batch is not the input shape of the network.
// fix: Pass a batch of Network::input_shape.
// expect: forward: the network takes [100] but is given [1, 28, 28]
// expect-clang: forward_of_network, takes<Flat<100>>, but_is_given<Image<1, 28, 28>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

int main() {
    Network<dcgan::Generator> generator(1);
    Network<dcgan::Generator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    Batch<Flat<100>> noise(4);
#ifdef TWIN
    const auto fake = generator.forward(noise, workspace);
#else
    const auto fake = generator.forward(images, workspace);
#endif
    Network<dcgan::Discriminator> discriminator(2);
    Network<dcgan::Discriminator>::Workspace scores(4);
    return discriminator.forward(fake, scores, {.seed = 1, .pass = 0}).count == images.count() ? 0 : 1;
}
