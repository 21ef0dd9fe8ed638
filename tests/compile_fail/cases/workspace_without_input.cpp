// A workspace of a Sequential that does not state the size of its images, without a Network of it.
// group: shapes
// cause: A Sequential may begin without Input as a branch of another one, so only what needs its memory reports it.
// fix: Start with `Input<C, H, W>`.
// expect: layer 1: Conv2d takes [1, H, W] but is given nothing: begin the Sequential with Input<C, H, W> or Input<N>
// expect-clang: layer<1, Conv2d<1, 8, 3, 2, 0>>, takes<ImageOf<1>>, but_is_given<Nothing>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Features = Sequential<
#ifdef TWIN
    Input<1, 28, 28>,
#endif
    Conv2d<1, 8, 3, 2>, LeakyReLU<>>;

int main() {
    const Workspace<Features, Cpu, float, WorkspaceKind::inference> workspace(1);
    return workspace.capacity() == 1 ? 0 : 1;
}
