#include <ctgan/dcgan.hpp>

#include <iostream>

int main() {
    ctgan::Network<ctgan::Sequential<ctgan::Linear<4, 3>, ctgan::ReLU>> net{0};
    std::cout << decltype(net)::parameter_count << '\n';
}
