// Infinite and NaN numbers have to be told whatever the flags: run.sh compiles this under several. It must
// not itself be compiled away, so all such numbers come from bits that only the running program knows.

#include <ctgan/backend/cpu.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/network/sequential.hpp>
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
    const volatile auto hidden = bits;
    const auto seen = hidden;
    T number;
    std::memcpy(&number, &seen, sizeof number);
    return number;
}

/// Each in each lane of a pack, and computed as an optimizer computes it.
template <class T>
void check(T largest, T infinity, T not_a_number) {
    using Pack = cpu::Pack<T>;
    for (const T bad : {infinity, -infinity, not_a_number, -not_a_number, largest * largest})
        for (int lane = 0; lane < Pack::size; ++lane) {
            T numbers[Pack::size] = {};
            expect(is_finite(Pack::load(numbers)), "zeros are finite");
            numbers[lane] = bad;
            expect(!is_finite(bad), "a number");
            expect(!is_finite(Pack::load(numbers)), "a pack");
        }
    for (const T good : {largest, -largest, largest * T(1e-30), of_bits<T>(1)})
        expect(is_finite(good) && is_finite(Pack(good)), "these are finite");

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
