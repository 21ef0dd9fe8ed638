// The slope of a LeakyReLU as a number.
// group: unphrased
// cause: In C++ a template parameter is either a type or a value, and the slope is a type, because clang before version 18 does not accept 0.2 as a template argument.
// fix: Write the slope as a fraction: `LeakyReLU<std::ratio<1, 5>>`; with g++, nvcc or clang 18, `LeakyReLU<Value<0.2>>` is the same.
// expect: expected a type, got
// expect-clang: template argument for template type parameter must be a type
// expect-nvcc: expected a type specifier
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 28, 28>, Conv2d<1, 8, 3, 2>,
#ifdef TWIN
                                 LeakyReLU<std::ratio<1, 5>>,
#else
                                 LeakyReLU<0.2>,
#endif
                                 Flatten, Linear<8 * 13 * 13, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    return discriminator.parameter_count > 0 ? 0 : 1;
}
