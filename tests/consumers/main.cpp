// A user's program that runs a network of one layer and its activation once.
#include <ctgan/dcgan.hpp>

#include <cstdio>

int main() {
    using Net = ctgan::Sequential<ctgan::Linear<4, 3>, ctgan::ReLU>;
    const ctgan::Network<Net> network{/*seed*/ 0};
    ctgan::Network<Net>::Workspace workspace(/*capacity*/ 2);
    const ctgan::Batch<ctgan::Flat<4>> input(2);
    std::printf("%d parameters, %d outputs\n", static_cast<int>(ctgan::Network<Net>::parameter_count),
                network.forward(input, workspace).count);
}
