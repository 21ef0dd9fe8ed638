// An exception of a user's function that the CPU backend calls reaches the caller of the operation, whatever
// thread throws it. threads/exceptions.sh compiles this file both for OpenMP's threads and for the library's
// own.

#include <ctgan/backend/cpu.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace ctgan;

namespace {

enum class Thrower { nobody, calling_thread, other_threads, all_threads };

/// What the function of an operation does: it waits until all threads have called it, so that none runs all
/// chunks alone; then those of `thrower` throw.
class Meeting {
  public:
    Meeting(Thrower thrower, int threads) : thrower_(thrower), threads_(static_cast<std::size_t>(threads)) {}

    void join() {
        const auto here = std::this_thread::get_id();
        for (int waits = 0; arrived(here) < threads_ && waits < 5000; ++waits)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        if (thrower_ == Thrower::all_threads ||
            thrower_ == (here == caller_ ? Thrower::calling_thread : Thrower::other_threads))
            throw std::runtime_error(here == caller_ ? "the calling thread's" : "another thread's");
    }
    bool complete() const { return there_.size() >= threads_; }

  private:
    std::size_t arrived(std::thread::id thread) {
        const std::lock_guard lock(mutex_);
        there_.insert(thread);
        return there_.size();
    }

    Thrower thrower_;
    std::size_t threads_;
    std::thread::id caller_ = std::this_thread::get_id();
    std::mutex mutex_;
    std::set<std::thread::id> there_;
};

constexpr int n = 1 << 17;
const std::vector<float> numbers = [] {
    std::vector<float> result(n);
    std::iota(result.begin(), result.end(), 0.F);
    return result;
}();

/// The operations, each with a function that joins a meeting and counts the calls for each index.
class Counted {
  public:
    explicit Counted(Meeting& meeting) : meeting_(meeting), calls_(n), results_(n) {}

    void for_each() {
        Cpu::for_each(n, [this](Index i) { count(i); });
    }
    void map() {
        Cpu::map(results_.data(), numbers.data(), n,
                 [this](float x) { return count(static_cast<Index>(x)); });
    }
    void zip() {
        Cpu::zip(results_.data(), numbers.data(), numbers.data(), n,
                 [this](float x, float) { return count(static_cast<Index>(x)); });
    }
    void tabulate() {
        Cpu::tabulate(results_.data(), n, [this](Index i) { return count(i); });
    }
    /// How many indices were not used exactly once.
    int wrong() const {
        int result = 0;
        for (const auto& calls : calls_) result += calls != 1;
        return result;
    }

  private:
    float count(Index i) {
        if (i % 4096 == 0) meeting_.join();
        ++calls_[static_cast<std::size_t>(i)];
        return 0;
    }

    Meeting& meeting_;
    std::vector<std::atomic<int>> calls_;
    std::vector<float> results_;
};

/// The message of the exception that reaches the caller of the operation, or "nothing".
std::string message_of(void (Counted::*operation)(), Counted& counted) {
    try {
        (counted.*operation)();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "nothing";
}

void check(void (Counted::*operation)()) {
    for (const int threads : {2, 3, 1}) {
        for (const auto thrower : {Thrower::calling_thread, Thrower::other_threads, Thrower::all_threads}) {
            // Of more threads than cores, only so many are awake at a time.
            const int meeting_at_once = std::min(threads, cpu::available_cores());
            if (meeting_at_once == 1 && thrower == Thrower::other_threads) continue;
            BOOST_TEST_CONTEXT(threads << " threads, thrower " << static_cast<int>(thrower)) {
                cpu::set_threads(threads); // also takes back what was late for a loop (late_threads.hpp)
                Meeting meeting(thrower, meeting_at_once);
                Counted counted(meeting);
                const std::string found = message_of(operation, counted);
                BOOST_TEST(meeting.complete());
                BOOST_TEST(counted.wrong() > 0);
                if (meeting_at_once == 1 || thrower == Thrower::calling_thread)
                    BOOST_TEST(found == "the calling thread's");
                else if (thrower == Thrower::other_threads)
                    BOOST_TEST(found == "another thread's");
                else
                    BOOST_TEST(found != "nothing");

                // Afterward all threads work again.
                cpu::set_threads(threads);
                Meeting next(Thrower::nobody, meeting_at_once);
                Counted once(next);
                BOOST_TEST(message_of(operation, once) == "nothing");
                BOOST_TEST(next.complete());
                BOOST_TEST(once.wrong() == 0);
            }
        }
    }
}

struct WithThreadsRestored {
    int before = cpu::threads();
    ~WithThreadsRestored() { cpu::set_threads(before); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(exceptions, WithThreadsRestored)

BOOST_AUTO_TEST_CASE(an_exception_in_for_each_reaches_the_caller) { check(&Counted::for_each); }

BOOST_AUTO_TEST_CASE(an_exception_in_an_elementwise_operation_reaches_the_caller) {
    check(&Counted::map);
    check(&Counted::zip);
    check(&Counted::tabulate);
}

BOOST_AUTO_TEST_CASE(an_exception_in_a_loop_within_a_loop_reaches_the_caller) {
    cpu::set_threads(2);
    std::atomic<int> inner{0};
    const auto loops = [&](bool throws) {
        Cpu::for_each(64, [&](Index) {
            Cpu::for_each(64, [&](Index i) {
                if (throws && i == 40) throw std::runtime_error("inner");
                ++inner;
            });
        });
    };
    BOOST_CHECK_THROW(loops(true), std::runtime_error);
    inner = 0;
    loops(false);
    BOOST_TEST(inner == 64 * 64);
}

BOOST_AUTO_TEST_SUITE_END()
