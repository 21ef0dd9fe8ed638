// The peak performance of this machine: for each number of threads `bench_machine THREADS...` measures fused
// multiply-adds per second in float, and the bandwidth in bytes per second of reading, of copying, of
// a = b + s * c, and of updating three arrays in place from a fourth, as Adam does. Prints JSON for
// benchmarks/run.

#include <algorithm>
#include <barrier>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <thread>
#include <vector>

#ifdef __linux__
#    include <sys/mman.h>
#endif

namespace {

#if defined(__AVX512F__)
constexpr std::size_t register_bytes = 64;
#elif defined(__AVX__)
constexpr std::size_t register_bytes = 32;
#else
constexpr std::size_t register_bytes = 16;
#endif
using Register [[gnu::vector_size(register_bytes)]] = float;
constexpr std::size_t lanes = register_bytes / sizeof(float);

constexpr int repeats = 11;

/// Median, minimum and maximum of the repeats.
struct Spread {
    double median, least, most;
};

Spread spread_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return {values[values.size() / 2], values.front(), values.back()};
}

/// Runs `work(thread)` on all threads at once, `repeats` times, and returns units / seconds. A repeat lasts
/// from the time when the first thread begins to the time when the last one ends.
template <class Work>
Spread rate(int threads, double units, const Work& work) {
    using Clock = std::chrono::steady_clock;
    struct Turn {
        Clock::time_point begin, end;
    };
    std::vector<std::vector<Turn>> turns(static_cast<std::size_t>(threads), std::vector<Turn>(repeats));
    std::barrier barrier(threads);
    std::vector<std::thread> workers;
    for (int t = 0; t < threads; ++t)
        workers.emplace_back([&, t] {
            work(t); // not measured: touches the pages and fills the caches
            for (Turn& turn : turns[std::size_t(t)]) {
                barrier.arrive_and_wait();
                turn.begin = Clock::now();
                work(t);
                turn.end = Clock::now();
            }
        });
    for (std::thread& thread : workers) thread.join();
    std::vector<double> rates;
    for (std::size_t i = 0; i < repeats; ++i) {
        Turn all = turns[0][i];
        for (const auto& of_thread : turns)
            all = {std::min(all.begin, of_thread[i].begin), std::max(all.end, of_thread[i].end)};
        rates.push_back(units / std::chrono::duration<double>(all.end - all.begin).count());
    }
    return spread_of(rates);
}

constexpr int chains = 12; // more than latency times units of any processor that we know
constexpr int multiply_add_rounds = 2'000'000;

/// Independent chains of multiply-adds in registers. The empty asm statements keep the values in registers;
/// an array would be spilled to memory.
void multiply_add() {
    Register a0{}, a1{}, a2{}, a3{}, a4{}, a5{}, a6{}, a7{}, a8{}, a9{}, a10{}, a11{};
    Register factor = Register{} + 0.5F, summand = Register{} + 1.F;
    asm volatile("" : "+v"(factor), "+v"(summand));
    for (int i = 0; i < multiply_add_rounds; ++i) {
        a0 = a0 * factor + summand;
        a1 = a1 * factor + summand;
        a2 = a2 * factor + summand;
        a3 = a3 * factor + summand;
        a4 = a4 * factor + summand;
        a5 = a5 * factor + summand;
        a6 = a6 * factor + summand;
        a7 = a7 * factor + summand;
        a8 = a8 * factor + summand;
        a9 = a9 * factor + summand;
        a10 = a10 * factor + summand;
        a11 = a11 * factor + summand;
        asm volatile("" : "+v"(a0), "+v"(a1), "+v"(a2), "+v"(a3), "+v"(a4), "+v"(a5));
        asm volatile("" : "+v"(a6), "+v"(a7), "+v"(a8), "+v"(a9), "+v"(a10), "+v"(a11));
    }
}

/// One thread's part of the arrays: `bytes` bytes.
class Part {
  public:
    explicit Part(std::size_t bytes)
        : registers_(bytes / register_bytes), memory_(new (page) Register[registers_]) {
#ifdef __linux__
        // On large pages if the system has any, because we look for the best bandwidth that can be reached.
        madvise(memory_.get(), registers_ * register_bytes, MADV_HUGEPAGE);
#endif
        for (std::size_t i = 0; i < registers_; ++i) memory_[i] = Register{} + 1.F;
    }

    void read() const {
        Register sum[4] = {};
        for (std::size_t i = 0; i + 4 <= registers_; i += 4)
            for (std::size_t k = 0; k < 4; ++k) sum[k] += memory_[i + k];
        asm volatile("" : : "v"(sum[0] + sum[1] + sum[2] + sum[3]));
    }
    void copy() {
        const std::size_t half = registers_ / 2;
        std::memcpy(memory_.get(), memory_.get() + half, half * register_bytes);
        asm volatile("" : : : "memory");
    }
    void triad() {
        const std::size_t third = registers_ / 3;
        Register* a = memory_.get();
        const Register *b = a + third, *c = b + third;
        for (std::size_t i = 0; i < third; ++i) a[i] = b[i] + 0.5F * c[i];
        asm volatile("" : : : "memory");
    }
    void update() {
        const std::size_t quarter = registers_ / 4;
        Register* p = memory_.get();
        Register *m = p + quarter, *v = m + quarter;
        const Register* g = v + quarter;
        for (std::size_t i = 0; i < quarter; ++i) {
            m[i] = 0.5F * (m[i] + g[i]);
            v[i] = 0.5F * (v[i] + g[i]);
            p[i] = 0.5F * (p[i] + m[i]);
        }
        asm volatile("" : : : "memory");
    }

  private:
    static constexpr std::align_val_t page{std::size_t{2} << 20};
    struct Free {
        void operator()(Register* p) const { ::operator delete[](p, page); }
    };
    std::size_t registers_;
    std::unique_ptr<Register[], Free> memory_;
};

void print(const char* name, Spread s, const char* end) {
    std::printf("\"%s\": {\"median\": %.3f, \"least\": %.3f, \"most\": %.3f}%s", name, s.median, s.least,
                s.most, end);
}

void measure(int threads) {
    std::printf("{");
    const double operations = 2.0 * chains * lanes * multiply_add_rounds * threads;
    print("gflops", rate(threads, operations * 1e-9, [](int) { multiply_add(); }), ", \"bandwidth\": {");
    // The parameters and Adam's moments, all arrays that Adam touches, its traffic, and more than any cache
    // holds.
    const int sizes[] = {18, 28, 43, 512};
    for (const int megabytes : sizes) {
        const std::size_t bytes = std::size_t(megabytes) * 1'000'000;
        std::vector<Part> parts;
        for (int t = 0; t < threads; ++t) parts.emplace_back(bytes / std::size_t(threads));
        const int passes = std::max(1, 200 / megabytes);
        const auto bandwidth = [&](auto pass, double traffic = 1) {
            return rate(threads, 1e-9 * double(bytes) * traffic * passes, [&](int t) {
                for (int i = 0; i < passes; ++i) pass(parts[std::size_t(t)]);
            });
        };
        std::printf("\"%d\": {", megabytes);
        print("read", bandwidth([](const Part& p) { p.read(); }), ", ");
        print("copy", bandwidth([](Part& p) { p.copy(); }), ", ");
        print("triad", bandwidth([](Part& p) { p.triad(); }), ", ");
        // It moves seven values (four reads, three writes) for every four in memory.
        print("update", bandwidth([](Part& p) { p.update(); }, 7.0 / 4), megabytes == 512 ? "}" : "}, ");
    }
    std::printf("}}");
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench_machine THREADS...\n");
        return 2;
    }
    std::printf("{");
    for (int i = 1; i < argc; ++i) {
        std::printf("%s\"%s\": ", i > 1 ? ", " : "", argv[i]);
        measure(std::atoi(argv[i]));
    }
    std::printf("}\n");
}
