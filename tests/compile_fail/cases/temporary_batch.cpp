// A temporary batch as the input of a forward pass in training mode.
// group: training
// cause: The backward pass reads the input again, but a temporary batch is freed at the end of the statement.
// fix: Give the batch a name, and keep it unchanged until the backward pass is done.
// expect: forward_training: the network takes a batch that lives until the backward pass but is given a temporary one
// expect-clang: forward_training_of_network, takes<batch_that_lives_until_backward>, but_is_given<temporary_batch>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

Batch<Image<1, 8, 8>> next_images() { return Batch<Image<1, 8, 8>>(4); }

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::TrainingWorkspace workspace(4);
#ifdef TWIN
    const auto images = next_images();
    discriminator.forward_training(images, workspace);
#else
    discriminator.forward_training(next_images(), workspace);
#endif
}
