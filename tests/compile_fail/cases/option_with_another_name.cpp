// An option with a name that the optimizer does not have.
// group: unphrased
// cause: The compiler looks for a constructor that takes such braces, and lists those that there are.
// fix: Use the names of PyTorch: `lr`, `betas`, `eps`, `weight_decay`, `momentum`. `optim/adam.hpp` and the other headers of optimizers list them.
// expect: from '<brace-enclosed initializer list>' to
// expect-clang: no matching constructor for initialization of 'Adam<Network<Discriminator>>'
// expect-nvcc: no instance of constructor
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
#ifdef TWIN
    Adam<Network<Discriminator>> optimizer(discriminator, {.lr = 1e-3});
#else
    Adam<Network<Discriminator>> optimizer(discriminator, {.learning_rate = 1e-3});
#endif
    return optimizer.steps() == 0 ? 0 : 1;
}
