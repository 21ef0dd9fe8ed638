// A batch in the memory of a backend that is not the network's.
// group: backends
// cause: A backend can access only its own memory: a GPU cannot follow a pointer to the host's memory.
// fix: Create the batch in the memory of the network's backend: `BatchOn<Shape, Backend>`.
// expect: forward: the network takes memory of Cpu but is given memory of Elsewhere
// expect-clang: forward_of_network, takes<memory_of<Cpu>>, but_is_given<memory_of<Elsewhere>>
// expect-nvcc: forward_of_network, takes<memory_of<Cpu::memory_space>>, but_is_given<memory_of<Elsewhere::memory_space>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

/// The CPU backend with a memory type of its own, as a GPU has.
struct Elsewhere : Cpu {
    using memory_space = Elsewhere;
    template <class T>
    struct Memory : Cpu::Memory<T> {
        using Cpu::Memory<T>::Memory;
    };
};

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
    Network<Generator> generator(1);
    Network<Generator>::Workspace workspace(4);
#ifdef TWIN
    BatchOn<Flat<8>, Cpu> noise(4);
#else
    BatchOn<Flat<8>, Elsewhere> noise(4);
#endif
    return generator.forward(noise, workspace).count == 4 ? 0 : 1;
}
