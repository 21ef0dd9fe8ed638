// An optimizer that is given a learning rate instead of options.
// group: training
// cause: An optimizer has more options than the rate, so they have names, as in PyTorch.
// fix: Write the options in braces.
// expect: Adam takes options in braces, such as {.lr = 1e-3}, but is given double
// expect-clang: optimizer<AdamRule>, takes<options_in_braces>, but_is_given<other_type<double>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
#ifdef TWIN
    Adam<Network<Discriminator>> optimizer(discriminator,
                                           {.lr = 1e-3, .betas = {0.5, 0.999}, .weight_decay = 1e-4});
#else
    Adam<Network<Discriminator>> optimizer(discriminator, 1e-3);
#endif
    return optimizer.steps() == 0 ? 0 : 1;
}
