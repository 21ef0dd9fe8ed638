// A program with threads of its own: several use one network at the same time, each with its own workspace,
// while another trains a second one.

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <atomic>
#include <thread>

using namespace training;

namespace {

using Generator = Network<dcgan::GeneratorOf<16, 20, 17, 16>>;
constexpr int users = 3, passes = 12;

/// What one user of the network sees: outputs in evaluation mode and gradients, of batches of its own.
std::vector<float> use(const Generator& generator, int user) {
    const int batch = 4 + 6 * user; // with and without tiles
    Generator::TrainingWorkspace workspace(batch);
    Generator::Gradients gradients;
    BatchOn<Generator::input_shape, Cpu> noise(batch);
    BatchOn<Generator::output_shape, Cpu> gradient(batch);
    std::vector<float> seen;
    for (std::uint64_t pass = 0; pass < passes; ++pass) {
        const auto stream = static_cast<std::uint32_t>(user);
        Cpu::fill_normal(noise.data(), noise.size(), 1.0F, {4, pass, stream});
        Cpu::fill_normal(gradient.data(), gradient.size(), 1.0F, {5, pass, stream});
        const auto output = generator.forward(noise.view(), workspace);
        seen.insert(seen.end(), output.data, output.data + output.size());
        generator.backward(gradient.view(), workspace, gradients);
        seen.insert(seen.end(), gradients.data(), gradients.data() + gradients.size());
    }
    return seen;
}

} // namespace

BOOST_AUTO_TEST_CASE(threads_of_the_host_s_own_get_what_each_gets_alone) {
    const Generator generator(3);
    std::vector<std::vector<float>> alone(users), together(users);
    for (int user = 0; user < users; ++user) alone[static_cast<std::size_t>(user)] = use(generator, user);
    const Record trained_alone = train<SmallGan>(passes, 7, 7);
    BOOST_TEST((alone[0] != alone[1]));

    Record trained;
    std::atomic<int> ready{0};
    const auto begin_together = [&] {
        ++ready;
        while (ready < users + 1) std::this_thread::yield();
    };
    std::vector<std::thread> threads;
    for (int user = 0; user < users; ++user)
        threads.emplace_back([&, user] {
            begin_together();
            together[static_cast<std::size_t>(user)] = use(generator, user);
        });
    threads.emplace_back([&] {
        begin_together();
        trained = train<SmallGan>(passes, 7, 7);
    });
    for (std::thread& thread : threads) thread.join();
    for (std::size_t user = 0; user < users; ++user)
        BOOST_TEST((together[user] == alone[user]), "user " << user << " got other numbers than alone");
    BOOST_TEST((trained == trained_alone));
}
