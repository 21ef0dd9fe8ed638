// Counts the chunks of each parallel loop of the DCGAN's training step and the work of each chunk, and
// computes from them how much faster than one core many cores can be: each loop's chunks are given, in their
// order, to the core that is free first, and all else is serial. What else costs time on many cores, such as
// starting a loop and sharing memory, is not in this bound.
//
// The work is the bytes that a chunk reads and writes: chunks.sh compiles this so that each access calls one
// of the functions at the end. With -DCTGAN_CHUNK_TIMES it is the time in nanoseconds.
//   chunks BATCH MIN_CHUNKS SMALL_CHUNK CORES MIN_SPEED_UP [LOOP=MIN_CHUNKS...]
// fails if a loop has fewer chunks than MIN_CHUNKS, or than its own number, unless each has at most the work
// SMALL_CHUNK, or if the bound for CORES is below MIN_SPEED_UP.

#include <ctgan/backend/cpu/parallel.hpp>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cxxabi.h>
#include <map>
#include <memory>
#include <string>
#include <typeinfo>
#include <vector>

namespace {

volatile std::uint64_t bytes = 0;

double work_so_far() {
#ifdef CTGAN_CHUNK_TIMES
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<double>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
#else
    return static_cast<double>(bytes);
#endif
}

struct Loop {
    const std::type_info* body;
    std::vector<double> chunks; ///< the work of each
    double before;              ///< the work between the loop before it and this one

    double work() const {
        double sum = 0;
        for (const double chunk : chunks) sum += chunk;
        return sum;
    }
    double largest() const { return chunks.empty() ? 0 : *std::max_element(chunks.begin(), chunks.end()); }
    /// The time that so many cores take for it.
    double time(int cores) const {
        std::vector<double> busy(static_cast<std::size_t>(cores), 0.);
        for (const double chunk : chunks) *std::min_element(busy.begin(), busy.end()) += chunk;
        return *std::max_element(busy.begin(), busy.end());
    }
};

/// The loops of one step, or of several equal ones.
struct Step {
    std::vector<Loop> loops;
    double after = 0; ///< the work after the last one

    double serial() const {
        double sum = after;
        for (const Loop& loop : loops) sum += loop.before;
        return sum;
    }

    /// The smaller value of each chunk: what disturbs a measurement makes it longer.
    void keep_smaller(const Step& other) {
        after = (std::min)(after, other.after);
        for (std::size_t i = 0; i < loops.size(); ++i) {
            loops[i].before = (std::min)(loops[i].before, other.loops[i].before);
            for (std::size_t k = 0; k < loops[i].chunks.size(); ++k)
                loops[i].chunks[k] = (std::min)(loops[i].chunks[k], other.loops[i].chunks[k]);
        }
    }
    double time(int cores) const {
        double sum = serial();
        for (const Loop& loop : loops) sum += loop.time(cores);
        return sum;
    }
};
Step recorded;
double end_of_loop = 0;

} // namespace

namespace ctgan::inline CTGAN_ABI::cpu {

/// The calls of parallel_for in the headers below find this overload, because it has a constraint.
template <class Body>
    requires true void parallel_for(Index chunks, const Body& body) {
        const double before = work_so_far() - end_of_loop;
        // A call that is not inlined: otherwise the compiler could move work from one chunk to another.
        static const auto call = [](const void* b, Index chunk) { (*static_cast<const Body*>(b))(chunk); };
        void (*volatile function)(const void*, Index) = call;
        Loop loop{&typeid(Body), std::vector<double>(static_cast<std::size_t>(chunks)), before};
        for (Index chunk = 0; chunk < chunks; ++chunk) {
            const double start = work_so_far();
            function(&body, chunk);
            loop.chunks[static_cast<std::size_t>(chunk)] = work_so_far() - start;
        }
        recorded.loops.push_back(std::move(loop));
        end_of_loop = work_so_far();
    }

} // namespace ctgan::inline CTGAN_ABI::cpu

#include <ctgan/dcgan.hpp>

namespace {

/// The name of a loop's function without its arguments. If an operation of the backend was given to a helper
/// as the body of its loop, it is the operation's.
std::string name_of(const std::type_info& body) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> demangled(
        abi::__cxa_demangle(body.name(), nullptr, nullptr, &status), &std::free);
    const std::string all = demangled.get();
    const std::string operations = "Operations::";
    for (auto at = all.rfind(operations); at != std::string::npos; at = all.rfind(operations, at - 1)) {
        const std::size_t begin = at + operations.size();
        if (std::islower(static_cast<unsigned char>(all[begin]))) // not a class
            return all.substr(begin, all.find_first_of("<({", begin) - begin);
        if (at == 0) break;
    }
    std::string name;
    int depth = 0;
    for (const char c : all) {
        depth += c == '<' || c == '(';
        if (depth == 0) name += c;
        depth -= c == '>' || c == ')';
    }
    name.erase(name.rfind("::{lambda"));
    if (name.size() > 6 && name.compare(name.size() - 6, 6, " const") == 0) name.erase(name.size() - 6);
    return name.substr(name.rfind("::", name.rfind("::") - 1) + 2);
}

Step record(int batch, int steps) {
    using Dcgan = ctgan::Gan<ctgan::dcgan::Generator, ctgan::dcgan::Discriminator>;
    Dcgan gan(0, batch, ctgan::dcgan::generator_options, ctgan::dcgan::discriminator_options);
    ctgan::Batch<Dcgan::image_shape> real(batch);
    ctgan::Batch<Dcgan::noise_shape> noise(batch);
    ctgan::Cpu::fill_uniform(real.data(), real.size(), 1.F, {.seed = 1});
    Step least;
    for (int step = 0; step < steps; ++step) {
        recorded = {};
        end_of_loop = work_so_far();
        // The same random values each time, and so the same channels kept by dropout.
        ctgan::Cpu::fill_normal(noise.data(), noise.size(), 1.F, {.seed = 2});
        gan.train_step(real, noise, 0);
        recorded.after = work_so_far() - end_of_loop;
        if (step == 0)
            least = recorded;
        else
            least.keep_smaller(recorded);
    }
    return least;
}

struct Row {
    int loops = 0;
    std::size_t fewest = SIZE_MAX, most = 0;
    double work = 0, largest = 0, lost = 0;
    bool too_few = false;
};

} // namespace

int main(int argc, char** argv) {
    if (argc < 6) return 2;
    const int batch = std::atoi(argv[1]), cores = std::atoi(argv[4]);
    const auto min_chunks = static_cast<std::size_t>(std::atoi(argv[2]));
    const double small_chunk = std::atof(argv[3]), min_speed_up = std::atof(argv[5]);
#ifdef CTGAN_CHUNK_TIMES
    const Step step = record(batch, 20);
#else
    const Step step = record(batch, 1);
#endif
    std::map<std::string, std::size_t> exceptions;
    for (int i = 6; i < argc; ++i) {
        const std::string given = argv[i];
        const std::size_t sign = given.find('=');
        exceptions[given.substr(0, sign)] = static_cast<std::size_t>(std::atoi(given.c_str() + sign + 1));
    }
    const double all = step.time(1);
    std::map<std::string, Row> rows;
    bool failed = false;
    for (const Loop& loop : step.loops) {
        const std::string name = name_of(*loop.body);
        const auto exception = exceptions.find(name);
        const std::size_t needed = exception == exceptions.end() ? min_chunks : exception->second;
        Row& row = rows[name];
        ++row.loops;
        row.fewest = (std::min)(row.fewest, loop.chunks.size());
        row.most = (std::max)(row.most, loop.chunks.size());
        row.work += loop.work();
        row.largest = (std::max)(row.largest, loop.largest());
        row.lost += loop.time(cores) - loop.work() / cores;
        row.too_few = row.too_few || (loop.chunks.size() < needed && loop.largest() > small_chunk);
    }
    std::printf("batch %d\n", batch);
    std::printf("| loop | how many | chunks | share, %% | largest chunk | idle on %d cores, %% |\n", cores);
    std::printf("|---|---|---|---|---|---|\n");
    for (const auto& [name, row] : rows) {
        std::printf("| %s | %d | %zu – %zu | %.2f | %.0f | %.2f |%s\n", name.c_str(), row.loops, row.fewest,
                    row.most, 100 * row.work / all, row.largest, 100 * row.lost / step.time(cores),
                    row.too_few ? "  FAILED: too few chunks" : "");
        failed = failed || row.too_few;
    }
    std::printf("| outside of loops | | | %.2f | | %.2f |\n", 100 * step.serial() / all,
                100 * step.serial() * (1 - 1. / cores) / step.time(cores));
    for (const int count : {2, 4, 8, 16, 32, 64})
        std::printf("%d cores: %.2f\n", count, all / step.time(count));
    if (all / step.time(cores) < min_speed_up) {
        std::printf("FAILED: found a bound of %.2f for %d cores, expected at least %.2f\n",
                    all / step.time(cores), cores, min_speed_up);
        failed = true;
    }
    return failed ? 1 : 0;
}

#ifndef CTGAN_CHUNK_TIMES
// What a kernel has to define for -fsanitize=kernel-address. The compiler calls these functions before each
// access, of 1 to 16 bytes or of N. It does not for memcpy and its like, which the linker replaces; short
// ones of known size, of which transposes consist, remain uncounted.
extern "C" {
#    define CTGAN_COUNTED __attribute__((no_sanitize("kernel-address"), used)) void
// NOLINTBEGIN(bugprone-reserved-identifier)
#    define CTGAN_ACCESS_OF(size)                                                                            \
        CTGAN_COUNTED __asan_load##size##_noabort(void*) { bytes = bytes + (size); }                         \
        CTGAN_COUNTED __asan_store##size##_noabort(void*) { bytes = bytes + (size); }
CTGAN_ACCESS_OF(1)
CTGAN_ACCESS_OF(2)
CTGAN_ACCESS_OF(4)
CTGAN_ACCESS_OF(8)
CTGAN_ACCESS_OF(16)
CTGAN_COUNTED __asan_loadN_noabort(void*, std::size_t size) { bytes = bytes + size; }
CTGAN_COUNTED __asan_storeN_noabort(void*, std::size_t size) { bytes = bytes + size; }
void* __real_memcpy(void*, const void*, std::size_t);
void* __real_memmove(void*, const void*, std::size_t);
void* __real_memset(void*, int, std::size_t);
CTGAN_COUNTED* __wrap_memcpy(void* to, const void* from, std::size_t size) {
    bytes = bytes + 2 * size;
    return __real_memcpy(to, from, size);
}
CTGAN_COUNTED* __wrap_memmove(void* to, const void* from, std::size_t size) {
    bytes = bytes + 2 * size;
    return __real_memmove(to, from, size);
}
CTGAN_COUNTED* __wrap_memset(void* to, int value, std::size_t size) {
    bytes = bytes + size;
    return __real_memset(to, value, size);
}
CTGAN_COUNTED __asan_handle_no_return() {}
CTGAN_COUNTED __asan_before_dynamic_init(const char*) {}
CTGAN_COUNTED __asan_after_dynamic_init() {}
// NOLINTEND(bugprone-reserved-identifier)
}
#endif
