// Infinite and NaN values must be detected whatever the flags; run.sh compiles this file with several. The
// compiler must not remove the checks, so all such values come from bits that are known only at run time.

#include <ctgan/backend/cpu.hpp>
#include <ctgan/layers/input.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/layers/pooling.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/network/sequential.hpp>
#include <ctgan/optim/adam.hpp>
#include <ctgan/optim/bad_tensor.hpp>

#include <cstdio>
#include <cstring>

using namespace ctgan;

namespace {

int failures = 0;

void expect(bool holds, const char* what) {
    if (holds) return;
    std::printf("FAILED %s\n", what);
    ++failures;
}

template <class T>
T of_bits(typename detail::FloatBits<T>::type bits) {
    const volatile auto opaque = bits;
    const auto loaded = opaque;
    T value;
    std::memcpy(&value, &loaded, sizeof value);
    return value;
}

/// Checks each value in each lane of a pack, and as a gradient of an optimizer's step.
template <class T>
void check(T largest, T infinity, T not_a_number) {
    using Pack = cpu::Pack<T>;
    for (const T bad : {infinity, -infinity, not_a_number, -not_a_number, largest * largest})
        for (int lane = 0; lane < Pack::size; ++lane) {
            T lanes[Pack::size] = {};
            expect(is_finite(Pack::load(lanes)), "zeros are finite");
            lanes[lane] = bad;
            expect(!is_finite(bad), "a value that is not finite");
            expect(!is_finite(Pack::load(lanes)), "a pack with a value that is not finite");
        }
    for (const T good : {largest, -largest, largest * T(1e-30), of_bits<T>(1)})
        expect(is_finite(good) && is_finite(Pack(good)), "finite values");

    // The largest value of a window is NaN if one of them is, wherever it is, in registers and beside them.
    using Pooling = Network<Sequential<Input<21, 2, 2>, MaxPool2d<2>>, Cpu, T>;
    const Pooling pooling(0);
    typename Pooling::Workspace of_pooling(1);
    for (int pixel = 0; pixel < 4; ++pixel) {
        BatchOn<Image<21, 2, 2>, Cpu, T> image(1);
        for (int channel = 0; channel < 21; ++channel)
            for (int other = 0; other < 4; ++other)
                image.data()[other * 21 + channel] = other == pixel ? not_a_number : T(other);
        const auto output = pooling.forward(image, of_pooling);
        for (int channel = 0; channel < 21; ++channel)
            expect(!is_finite(output.data[channel]), "the largest value of a window with NaN");
    }

    using TheNetwork = Network<Sequential<Linear<9, 37>>, Cpu, T>;
    TheNetwork network(1);
    typename TheNetwork::Gradients gradients;
    for (const T bad : {infinity, not_a_number, largest})
        for (Index at = 0; at < 37; ++at) { // of the bias
            Adam<TheNetwork> optimizer(network);
            Cpu::fill(gradients.data(), gradients.size(), T(1));
            optimizer.step(network, gradients);
            expect(optimizer.first_bad_step() == 0, "a good step");
            gradients.template tensor<0, 1>()[at] = bad;
            optimizer.step(network, gradients);
            optimizer.step(network, gradients);
            expect(optimizer.first_bad_step() == 2, "a bad step");
            expect(first_bad_tensor(network, optimizer) == "layer 1.bias", "a bad tensor");
        }
}

} // namespace

int main() {
    check<float>(of_bits<float>(0x7F7FFFFF), of_bits<float>(0x7F800000), of_bits<float>(0xFFC00001));
    check<double>(of_bits<double>(0x7FEFFFFFFFFFFFFF), of_bits<double>(0x7FF0000000000000),
                  of_bits<double>(0xFFF8000000000001));
    return failures == 0 ? 0 : 1;
}
