// The minimum work of a training step of the published DCGAN, and of its generator alone, computed from the
// types. Prints JSON for benchmarks/run, which compares it with what bench_machine measures.

#include <ctgan/dcgan.hpp>

#include <cstdio>

using namespace ctgan;

namespace {

/// The minimum work of a network, as far as its type tells. Convolutions count as direct ones, without
/// multiplications by padding; fewer multiplications would need another algorithm.
template <class Net>
struct MinimumWork {
    template <int I>
    static constexpr Index multiplications =
        Net::template layer<I>::template multiplications<typename Net::template shape<I>>;

    template <class F>
    static constexpr Index sum(F of_layer) {
        Index total = 0;
        detail::for_each_index<Net::depth>([&](auto i) { total += of_layer(i); });
        return total;
    }

    /// Multiplications of a forward pass. A backward pass to the parameters, or to the input, needs as many.
    static constexpr Index forward = sum([](auto i) { return multiplications<decltype(i)::value>; });
    /// Multiplications of the first layer that multiplies. They are saved where the gradient to its input is
    /// not needed.
    static constexpr Index first = [] {
        Index found = 0;
        detail::for_each_index<Net::depth>([&](auto i) {
            if (found == 0) found = multiplications<decltype(i)::value>;
        });
        return found;
    }();

    static constexpr Index parameters = Network<Net>::parameter_count;
    /// Values per sample that layers with weights output. Other outputs can be computed on the fly.
    static constexpr Index activations = sum([](auto i) {
        constexpr int I = decltype(i)::value;
        return multiplications<I> > 0 ? Index{Net::template shape<I + 1>::size} : 0;
    });
};

using G = MinimumWork<dcgan::Generator>;
using D = MinimumWork<dcgan::Discriminator>;

// The generator: forward, backward to the parameters, and backward to the inputs of all layers but the first.
// The discriminator: three times forward, twice backward to the parameters, and three times backward to the
// inputs; to the input of its first layer only in the third pass, which continues into the generator.
constexpr Index multiplications =
    3 * G::forward - G::first + 3 * D::forward + 2 * D::forward + 3 * D::forward - 2 * D::first;
static_assert(multiplications > 77'000'000 && multiplications < 77'050'000);

constexpr Index bytes_per_value = sizeof(float);
// Adam reads and writes the parameters and both moments; gradients may stay in registers until then.
constexpr Index adam_bytes = 6 * bytes_per_value * (G::parameters + D::parameters);
// Each pass, forward or backward to the inputs, reads the weights once. The first Linear layer has as many
// weights as multiplications.
constexpr Index weight_bytes = bytes_per_value * (2 * G::parameters - G::first + 6 * D::parameters);
// The forward pass writes a layer's output and reads it once; the backward pass reads it once more, and
// writes and reads its gradient.
constexpr Index activation_bytes = 5 * bytes_per_value * (G::activations + 3 * D::activations);

void print(const char* name, Index multiplied, Index bytes, Index bytes_per_sample, const char* end) {
    std::printf("\"%s\": {\"multiplications_per_sample\": %td, \"bytes\": %td, \"bytes_per_sample\": %td}%s",
                name, multiplied, bytes, bytes_per_sample, end);
}

} // namespace

int main() {
    std::printf("{");
    print("step", multiplications, adam_bytes + weight_bytes, activation_bytes, ", ");
    // Alone, the generator reads its weights, and writes and reads the outputs of its layers.
    print("generator", G::forward, bytes_per_value * G::parameters, 2 * bytes_per_value * G::activations,
          "}\n");
}
