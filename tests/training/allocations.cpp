// A training step allocates no memory. Counts every call of operator new and malloc in this program.

#include <ctgan/gan/gan_loop.hpp>
#include <ctgan/optim/sgd.hpp>

#include <boost/test/unit_test.hpp>

#include "count_allocations.hpp"
#include "support.hpp"
#include <atomic>
#include <cstdlib>
#include <new>

#if CTGAN_COUNT_ALLOCATIONS

namespace {
std::atomic<bool> counting{false};
std::atomic<long> allocations{0};
void count() noexcept {
    if (counting.load(std::memory_order_relaxed)) allocations.fetch_add(1, std::memory_order_relaxed);
}
} // namespace

void training::start_counting() {
    allocations = 0;
    counting = true;
}
long training::stop_counting() {
    counting = false;
    return allocations;
}

// malloc and the related functions of the program replace glibc's for all of its libraries, also for operator
// new and the threads' runtime. glibc's own functions are still available under these names.
extern "C" {
void* __libc_malloc(std::size_t);                // NOLINT
void* __libc_calloc(std::size_t, std::size_t);   // NOLINT
void* __libc_realloc(void*, std::size_t);        // NOLINT
void* __libc_memalign(std::size_t, std::size_t); // NOLINT

void* malloc(std::size_t size) noexcept {
    count();
    return __libc_malloc(size);
}
void* calloc(std::size_t n, std::size_t size) noexcept {
    count();
    return __libc_calloc(n, size);
}
void* realloc(void* old, std::size_t size) noexcept {
    count();
    return __libc_realloc(old, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
    count();
    return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
    count();
    return __libc_memalign(alignment, size);
}
int posix_memalign(void** to, std::size_t alignment, std::size_t size) noexcept {
    count();
    *to = __libc_memalign(alignment, size);
    return *to || size == 0 ? 0 : 12; // ENOMEM
}
}

namespace {

using training::allocations_of;

template <class TheGan>
void check(int batch, int threads) {
    const int before = ctgan::cpu::threads();
    ctgan::cpu::set_threads(threads);
    TheGan gan(5, batch, {}, {});
    const training::StepData<TheGan> data(batch, 0);
    const auto step = [&](std::uint64_t number) { gan.train_step(data.real, data.noise, number); };
    step(0); // the thread pool starts its threads
    BOOST_TEST(allocations_of([&] {
                   for (std::uint64_t number = 1; number < 6; ++number) step(number);
               }) == 0);
    ctgan::cpu::set_threads(before);
}

} // namespace

BOOST_AUTO_TEST_CASE(every_kind_of_allocation_is_counted) {
    BOOST_TEST(allocations_of([] { ctgan::BatchOn<ctgan::Flat<3>, ctgan::Cpu> batch(2); }) == 1);
    BOOST_TEST(allocations_of([] {
                   std::vector<int> numbers(3);
                   volatile int n = numbers[0];
                   (void)n;
               }) == 1);
    void* volatile memory = nullptr;
    BOOST_TEST(allocations_of([&] { memory = std::malloc(10); }) == 1);
    std::free(memory);
}

BOOST_AUTO_TEST_CASE(a_training_step_allocates_no_memory) {
    check<training::FullGan>(4, 1);
    check<training::SmallGan>(7, 1);
}

BOOST_AUTO_TEST_CASE(a_training_step_of_other_layers_allocates_no_memory) {
    check<training::BranchingGanOn<ctgan::Cpu>>(4, 2);
    check<training::NormalizedGanOn<ctgan::Cpu>>(4, 2);
    check<training::PoolingGanOn<ctgan::Cpu>>(4, 2);
    check<training::GeometriesGanOn<ctgan::Cpu>>(4, 2);
}

BOOST_AUTO_TEST_CASE(a_training_step_on_two_threads_allocates_no_memory) { check<training::FullGan>(4, 2); }

BOOST_AUTO_TEST_CASE(a_training_step_with_tiles_allocates_no_memory) {
    check<training::FullGan>(16, 1);
    check<training::FullGan>(16, 2);
}

BOOST_AUTO_TEST_CASE(a_pass_of_a_frozen_network_allocates_no_memory) {
    using Net = training::FullGan::Generator;
    const ctgan::Frozen frozen(Net(1));
    decltype(frozen)::Workspace workspace(16);
    ctgan::BatchOn<Net::input_shape, ctgan::Cpu> noise(16);
    frozen.forward(noise, workspace); // the thread pool starts its threads
    BOOST_TEST(allocations_of([&] {   // one sample directly, 16 by tiles
                   frozen.forward(noise.first(1), workspace);
                   frozen.forward(noise, workspace);
               }) == 0);
}

BOOST_AUTO_TEST_CASE(a_step_of_the_loop_allocates_no_memory) {
    using TheGan = training::SmallGan;
    TheGan gan(5, 4, {}, {});
    const std::vector<std::uint8_t> bytes(40 * TheGan::image_shape::size, 100);
    ctgan::GanLoop<TheGan> loop(gan, ctgan::GanLoop<TheGan>::Images(bytes), 5, 4);
    loop.begin_epoch(std::vector<std::uint32_t>(40));
    loop.step(4); // the first step of this batch size is recorded
    BOOST_TEST(allocations_of([&] {
                   for (int i = 0; i < 5; ++i) loop.step(4);
               }) == 0);
}

BOOST_AUTO_TEST_CASE(an_update_from_factors_allocates_no_memory) {
    using Net = ctgan::Network<ctgan::Sequential<ctgan::Linear<30, 77>, ctgan::Tanh, ctgan::Linear<77, 1>>>;
    static_assert(Net::deferred_layer == 0);
    Net network(1);
    ctgan::Adam<Net> adam(network);
    ctgan::SGD<Net> sgd(network);
    ctgan::BatchOn<ctgan::Flat<30>, ctgan::Cpu> input(16);
    ctgan::BatchOn<ctgan::Flat<1>, ctgan::Cpu> gradient(16);
    Net::TrainingWorkspace workspace(16);
    Net::Gradients gradients;
    const auto step = [&] {
        network.forward_training(input, workspace);
        const auto factors = network.backward_for_update(gradient, workspace, gradients);
        adam.step(network, gradients, factors);
        sgd.step(network, gradients, factors);
    };
    step(); // the thread pool starts its threads
    BOOST_TEST(allocations_of(step) == 0);
}

#else

BOOST_AUTO_TEST_CASE(a_training_step_allocates_no_memory,
                     *boost::unit_test::precondition(training::can_count)) {}

#endif
