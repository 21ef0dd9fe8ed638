// A program with several threads: some use one network at the same time, each with its own workspace, while
// another thread trains a second network.

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <atomic>
#include <thread>

using namespace training;

namespace {

using Generator = Network<dcgan::GeneratorOf<16, 20, 17, 16>>;
constexpr int users = 3, passes = 12;

/// The results of one user of the network: outputs in evaluation mode, and gradients, for its own batches.
std::vector<float> use(const Generator& generator, int user) {
    const int batch = 4 + 6 * user; // with and without tiles
    Generator::TrainingWorkspace workspace(batch);
    Generator::Gradients gradients;
    BatchOn<Generator::input_shape, Cpu> noise(batch);
    BatchOn<Generator::output_shape, Cpu> gradient(batch);
    std::vector<float> results;
    for (std::uint64_t pass = 0; pass < passes; ++pass) {
        const auto stream = static_cast<std::uint32_t>(user);
        Cpu::fill_normal(noise.data(), noise.size(), 1.0F, {4, pass, stream});
        Cpu::fill_normal(gradient.data(), gradient.size(), 1.0F, {5, pass, stream});
        const auto output = generator.forward(noise, workspace);
        results.insert(results.end(), output.data, output.data + output.size());
        generator.backward(gradient, workspace, gradients);
        results.insert(results.end(), gradients.data(), gradients.data() + gradients.size());
    }
    return results;
}

} // namespace

BOOST_AUTO_TEST_CASE(threads_of_the_program_get_the_same_results_together_as_alone) {
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
        BOOST_TEST((together[user] == alone[user]), "user " << user << " has other results than alone");
    BOOST_TEST((trained == trained_alone));
}
