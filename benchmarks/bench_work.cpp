// What a training step of the reference, and its generator alone, have to do at least, counted from the
// types. Prints JSON for benchmarks/run, which sets it against what bench_machine measures.

#include <ctgan/dcgan.hpp>

#include <cstdio>

using namespace ctgan;

namespace {

/// The least work of a network, as far as the types tell it. Convolutions are counted as direct ones, without
/// what would fall on padding; to go below that takes another algorithm.
template <class Net>
struct Least {
    template <int I>
    static constexpr Index multiplications =
        Net::template layer<I>::template multiplications<typename Net::template shape<I>>;

    template <class F>
    static constexpr Index sum(F of_layer) {
        Index total = 0;
        detail::for_each_index<Net::depth>([&](auto i) { total += of_layer(i); });
        return total;
    }

    /// A pass forward; as many again are a pass to the parameters, or one to the input.
    static constexpr Index forward = sum([](auto i) { return multiplications<decltype(i)::value>; });
    /// Those of the first layer that multiplies: it is spared where nobody wants the gradient to its input.
    static constexpr Index first = [] {
        Index found = 0;
        detail::for_each_index<Net::depth>([&](auto i) {
            if (found == 0) found = multiplications<decltype(i)::value>;
        });
        return found;
    }();

    static constexpr Index parameters = Network<Net>::parameter_count;
    /// Numbers that leave layers with weights, per sample: the rest can be computed on the way.
    static constexpr Index activations = sum([](auto i) {
        constexpr int I = decltype(i)::value;
        return multiplications<I> > 0 ? Index{Net::template shape<I + 1>::size} : 0;
    });
};

using G = Least<dcgan::Generator>;
using D = Least<dcgan::Discriminator>;

// The generator: forward, to the parameters, to the inputs of all layers but the first. The discriminator:
// three times forward, twice to the parameters, three times to the inputs, those of its first layer only in
// the third pass, which goes on into the generator.
constexpr Index multiplications =
    3 * G::forward - G::first + 3 * D::forward + 2 * D::forward + 3 * D::forward - 2 * D::first;
static_assert(multiplications > 77'000'000 && multiplications < 77'050'000);

constexpr Index bytes_per_number = sizeof(float);
// Adam reads and writes parameters and both moments; a gradient may live in registers until then.
constexpr Index adam_bytes = 6 * bytes_per_number * (G::parameters + D::parameters);
// Each pass forward or to the inputs reads the weights once; the first Linear's are as many as its
// multiplications.
constexpr Index weight_bytes = bytes_per_number * (2 * G::parameters - G::first + 6 * D::parameters);
// Forward writes what leaves a layer and reads it once, backward reads it once more, and writes and reads its
// gradient.
constexpr Index activation_bytes = 5 * bytes_per_number * (G::activations + 3 * D::activations);

void print(const char* name, Index multiplied, Index bytes, Index bytes_per_sample, const char* end) {
    std::printf("\"%s\": {\"multiplications_per_sample\": %td, \"bytes\": %td, \"bytes_per_sample\": %td}%s",
                name, multiplied, bytes, bytes_per_sample, end);
}

} // namespace

int main() {
    std::printf("{");
    print("step", multiplications, adam_bytes + weight_bytes, activation_bytes, ", ");
    // Alone it reads its weights, and writes and reads what leaves a layer.
    print("generator", G::forward, bytes_per_number * G::parameters, 2 * bytes_per_number * G::activations,
          "}\n");
}
