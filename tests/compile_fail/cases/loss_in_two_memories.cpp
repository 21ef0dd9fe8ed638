// A loss of a prediction in the memory of one backend against targets in that of another.
// group: backends
// cause: A loss runs on the backend of the prediction, which can access only its own memory.
// fix: Create the targets in the memory of the same backend: `BatchOn<Shape, Backend>`.
// expect: target: MSELoss takes memory of Cpu but is given memory of Elsewhere
// expect-clang: target_of<MSELoss>, takes<memory_of<Cpu>>, but_is_given<memory_of<Elsewhere>>
// expect-nvcc: target_of<MSELoss>, takes<memory_of<Cpu::memory_space>>, but_is_given<memory_of<Elsewhere::memory_space>>
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

int main() {
    Batch<Flat<1>> scores(4), gradient(4);
#ifdef TWIN
    Batch<Flat<1>> labels(4);
#else
    BatchOn<Flat<1>, Elsewhere> labels(4);
#endif
    return loss<MSELoss>(scores, labels.view(), gradient) > 0 ? 1 : 0;
}
