// Trains the DCGAN for one step and generates one digit, on one thread, for the counts of run.sh. With the
// argument `memory` it prints what it allocated. With `step` or `sample` it prints nothing: run.sh counts the
// instructions of that function.

#include <ctgan/dcgan.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <malloc.h>
#include <string_view>

namespace {
struct Heap {
    long allocations = 0;
    std::size_t used = 0;
    std::size_t peak = 0;
};
Heap heap; // of the one thread

void* counted(void* block) {
    if (!block) return block;
    ++heap.allocations;
    heap.used += malloc_usable_size(block);
    heap.peak = (std::max)(heap.peak, heap.used);
    return block;
}
} // namespace

// These replace glibc's, also for operator new. glibc's own functions are still available under the other
// names.
extern "C" {
void* __libc_malloc(std::size_t);                // NOLINT
void* __libc_calloc(std::size_t, std::size_t);   // NOLINT
void* __libc_realloc(void*, std::size_t);        // NOLINT
void* __libc_memalign(std::size_t, std::size_t); // NOLINT
void __libc_free(void*);                         // NOLINT

void* malloc(std::size_t size) noexcept { return counted(__libc_malloc(size)); }
void* calloc(std::size_t n, std::size_t size) noexcept { return counted(__libc_calloc(n, size)); }
void* realloc(void* old, std::size_t size) noexcept {
    heap.used -= malloc_usable_size(old);
    return counted(__libc_realloc(old, size));
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
    return counted(__libc_memalign(alignment, size));
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
    return counted(__libc_memalign(alignment, size));
}
void free(void* block) noexcept {
    heap.used -= malloc_usable_size(block);
    __libc_free(block);
}
}

namespace {
using Dcgan = ctgan::Gan<ctgan::dcgan::Generator, ctgan::dcgan::Discriminator>;

struct Run {
    Dcgan gan{0, ctgan::dcgan::batch_size, ctgan::dcgan::generator_options,
              ctgan::dcgan::discriminator_options};
    ctgan::Batch<Dcgan::image_shape> real{ctgan::dcgan::batch_size};
    ctgan::Batch<Dcgan::noise_shape> noise{ctgan::dcgan::batch_size};
    Dcgan::Generator::Workspace workspace{1};
    ctgan::Batch<Dcgan::noise_shape> one{1};
};
} // namespace

// Names that callgrind can be told.
extern "C" {
[[gnu::noinline]] void counted_step(Run& run, std::uint64_t number) {
    run.gan.train_step(run.real, run.noise, number);
}
[[gnu::noinline]] void counted_sample(Run& run) { run.gan.generator.forward(run.one, run.workspace); }
}

int main(int argc, char** argv) {
    const std::string_view what = argc > 1 ? argv[1] : "memory";
    ctgan::cpu::set_threads(1);
    const Heap before = heap;
    Run run;
    ctgan::Cpu::fill_normal(run.real.data(), run.real.size(), 1.F, {.seed = 0, .purpose = 1});
    ctgan::Cpu::fill_normal(run.noise.data(), run.noise.size(), 1.F, {.seed = 0, .purpose = 2});
    ctgan::Cpu::fill_normal(run.one.data(), run.one.size(), 1.F, {.seed = 0, .purpose = 3});
    const Heap built = heap;
    if (what != "sample") counted_step(run, 0);
    if (what != "step") counted_sample(run);
    if (what != "memory") return 0;
    std::printf("allocations_to_build %ld\n", built.allocations - before.allocations);
    std::printf("bytes_to_build %zu\n", built.used - before.used);
    std::printf("allocations_of_step_and_sample %ld\n", heap.allocations - built.allocations);
    std::printf("peak_bytes %zu\n", heap.peak - before.used);
}
