#include <ctgan/gan/gan.hpp>
#include <ctgan/layers/activations.hpp>
#include <ctgan/optim/sgd.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include "../with_threads.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <type_traits>

using namespace ctgan;

namespace {

/// A user's own objective, with terms that no other has.
struct Squares {
    template <int Center>
    struct Around {
        template <class T>
        CTGAN_HD static T term(T score) {
            return (score - T{Center}) * (score - T{Center}) * T(0.5);
        }
        template <class T>
        CTGAN_HD static T slope(T score) {
            return score - T{Center};
        }
    };
    using Real = Around<2>;
    using Generated = Around<-3>;
    using Generator = Around<4>;
};

/// A user's own objective of pairs: least squares of the difference.
struct SquaresOfPairs {
    using DiscriminatorOfPair = Squares::Around<2>;
    using GeneratorOfPair = Squares::Around<-1>;
};
template <class Objective>
constexpr bool is_of_pairs = detail::ObjectiveOfPairs<Objective>;

template <class F>
void for_each_objective(const F& f) {
    f(LeastSquares{}, "LeastSquares");
    f(NonSaturating{}, "NonSaturating");
    f(Hinge{}, "Hinge");
    f(Wasserstein{}, "Wasserstein");
    f(WithLabels<BCEWithLogitsLoss>{}, "WithLabels<BCEWithLogitsLoss>");
    f(WithSmoothLabels<BCEWithLogitsLoss>{}, "WithSmoothLabels<BCEWithLogitsLoss>");
    f(Squares{}, "Squares");
    f(RelativisticPairing{}, "RelativisticPairing");
    f(SquaresOfPairs{}, "SquaresOfPairs");
}

/// Two scores for each image. Learning rate 0, so that a step computes losses and gradients only.
template <class Objective>
using SmallGan = Gan<Sequential<Linear<3, 6>, Tanh>, Sequential<Linear<6, 4>, LeakyReLU<>, Linear<4, 2>>,
                     Objective, TestBackend, double, SGD>;

/// A Gan with a step's arguments.
template <class Objective>
struct Trial {
    SmallGan<Objective> gan;
    BatchOn<Flat<6>, TestBackend, double> real;
    BatchOn<Flat<3>, TestBackend, double> noise;

    explicit Trial(int batch) : gan(3, batch, {.lr = 0}, {.lr = 0}), real(batch), noise(batch) {
        TestBackend::fill_normal(real.data(), real.size(), 1.0, {4, 0, 1});
        TestBackend::fill_normal(noise.data(), noise.size(), 1.0, {4, 0, 2});
        // Scores on both sides of the hinge.
        auto weight = transfer::values(gan.discriminator.template parameter<2, 0>(), 8);
        for (double& w : weight) w *= 4;
        transfer::put(weight, gan.discriminator.template parameter<2, 0>());
    }
    StepLosses step() {
        return gan.train_step(real, noise, 0, [](auto&, auto&) {}); // the hook asks for whole gradients
    }
    std::vector<double> discriminator_gradients() const {
        return transfer::values(gan.discriminator_gradients.data(), gan.discriminator_gradients.size());
    }
    std::vector<double> generator_gradients() const {
        return transfer::values(gan.generator_gradients.data(), gan.generator_gradients.size());
    }

    /// Compares `gradients` with the differences of the loss when one parameter changes.
    template <class Network, class Loss>
    void check(Network& network, const std::vector<double>& gradients, const Loss& loss) {
        constexpr double h = 1e-5;
        network.for_each_tensor([&](int layer, const TensorSpec& tensor, double* data, bool) {
            for (Index i = 0; i < tensor.size(); ++i) {
                const double value = transfer::value(data + i);
                const auto loss_at = [&](double x) {
                    transfer::put(x, data + i);
                    return loss(step());
                };
                const double difference = (loss_at(value + h) - loss_at(value - h)) / (2 * h);
                transfer::put(value, data + i);
                const double gradient = gradients[static_cast<std::size_t>(data - network.parameters() + i)];
                BOOST_TEST(std::abs(gradient - difference) <= 1e-8 * (1 + std::abs(gradient)),
                           "layer " << layer << ", " << tensor.name << "[" << i << "]: gradient " << gradient
                                    << ", difference " << difference);
            }
        });
    }
};

template <class Term>
void check_slope(const char* term) {
    constexpr double h = 1e-6;
    // Not at the hinges, -1 and 1.
    for (const double score : {-30.0, -2.5, -1.01, -0.99, -0.3, 0.0, 0.7, 0.99, 1.01, 4.0, 30.0}) {
        const double difference = (Term::term(score + h) - Term::term(score - h)) / (2 * h);
        const double slope = Term::slope(score);
        BOOST_TEST(std::abs(slope - difference) <= 1e-7,
                   term << " at " << score << ": slope " << slope << ", difference " << difference);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(each_slope_is_the_derivative_of_its_term) {
    for_each_objective([](auto objective, const char* name) {
        using O = decltype(objective);
        BOOST_TEST_CONTEXT(name) {
            if constexpr (is_of_pairs<O>) {
                check_slope<typename O::DiscriminatorOfPair>("DiscriminatorOfPair");
                check_slope<typename O::GeneratorOfPair>("GeneratorOfPair");
            } else {
                check_slope<typename O::Real>("Real");
                check_slope<typename O::Generated>("Generated");
                check_slope<typename O::Generator>("Generator");
            }
        }
    });
}

BOOST_AUTO_TEST_CASE(objectives_by_hand) {
    const auto is = [](double found, double expected) {
        BOOST_TEST(found == expected, boost::test_tools::tolerance(1e-15));
    };
    is(LeastSquares::Real::term(3.0), 4);
    is(LeastSquares::Generated::term(3.0), 9);
    is(LeastSquares::Generator::term(3.0), 4);
    is(NonSaturating::Real::term(3.0), std::log1p(std::exp(-3.0)));
    is(NonSaturating::Generated::term(3.0), 3 + std::log1p(std::exp(-3.0)));
    is(NonSaturating::Generator::term(3.0), std::log1p(std::exp(-3.0)));
    is(Hinge::Real::term(3.0), 0);
    is(Hinge::Generated::term(3.0), 4);
    is(Hinge::Generator::term(3.0), -3);
    is(Wasserstein::Real::term(3.0), -3);
    is(Wasserstein::Generated::term(3.0), 3);
    is(Wasserstein::Generator::term(3.0), -3);
    is(RelativisticPairing::DiscriminatorOfPair::term(3.0), std::log1p(std::exp(-3.0)));
    is(RelativisticPairing::GeneratorOfPair::term(3.0), 3 + std::log1p(std::exp(-3.0)));
    // Labels 0.9 or, with another ratio, 0.75 for real images only.
    const auto cross_entropy = [](double score, double label) {
        return std::log1p(std::exp(score)) - label * score;
    };
    using Smooth = WithSmoothLabels<BCEWithLogitsLoss>;
    BOOST_TEST(Smooth::Real::term(3.0) == cross_entropy(3, 0.9), boost::test_tools::tolerance(1e-14));
    BOOST_TEST(Smooth::Generated::term(3.0) == cross_entropy(3, 0), boost::test_tools::tolerance(1e-14));
    BOOST_TEST(Smooth::Generator::term(3.0) == cross_entropy(3, 1), boost::test_tools::tolerance(1e-14));
    is(WithSmoothLabels<MSELoss>::Real::term(3.0), 2.1 * 2.1);
    using Three = WithSmoothLabels<MSELoss, std::ratio<3, 4>>;
    is(Three::Real::term(3.0), 2.25 * 2.25);
    is(Three::Real::slope(3.0), 4.5);
    is(Three::Generated::term(3.0), 9);
    is(Three::Generator::term(3.0), 4);
    // At its corner the hinge has the slope of PyTorch's relu, 0.
    BOOST_TEST(Hinge::Real::slope(1.0) == 0);
    BOOST_TEST(Hinge::Generated::slope(-1.0) == 0);
    // A score that is NaN must not pass for one beyond the hinge, which has no loss.
    for_each_objective([](auto objective, const char* name) {
        using O = decltype(objective);
        const double score = std::numeric_limits<double>::quiet_NaN();
        if constexpr (is_of_pairs<O>) {
            BOOST_TEST(std::isnan(O::DiscriminatorOfPair::term(score)), name);
            BOOST_TEST(std::isnan(O::GeneratorOfPair::term(score)), name);
        } else {
            BOOST_TEST(std::isnan(O::Real::term(score)), name);
            BOOST_TEST(std::isnan(O::Generated::term(score)), name);
            BOOST_TEST(std::isnan(O::Generator::term(score)), name);
            BOOST_TEST(O::Real::slope(score) != 0, name);
            BOOST_TEST(O::Generated::slope(score) != 0, name);
            BOOST_TEST(O::Generator::slope(score) != 0, name);
        }
    });
}

BOOST_AUTO_TEST_CASE(a_step_s_gradients_are_the_derivatives_of_its_losses) {
    for_each_objective([](auto objective, const char* name) {
        BOOST_TEST_CONTEXT(name) {
            Trial<decltype(objective)> trial(5);
            trial.step();
            const auto of_discriminator = trial.discriminator_gradients();
            const auto of_generator = trial.generator_gradients();
            for (const auto* gradients : {&of_discriminator, &of_generator})
                BOOST_TEST(
                    std::any_of(gradients->begin(), gradients->end(), [](double g) { return g != 0; }));
            trial.check(trial.gan.discriminator, of_discriminator,
                        [](const StepLosses& losses) { return losses.discriminator; });
            trial.check(trial.gan.generator, of_generator,
                        [](const StepLosses& losses) { return losses.generator; });
        }
    });
}

BOOST_AUTO_TEST_CASE(losses_are_means_over_all_scores) {
    for_each_objective([](auto objective, const char* name) {
        using O = decltype(objective);
        BOOST_TEST_CONTEXT(name) {
            constexpr int batch = 5;
            Trial<O> trial(batch);
            const StepLosses losses = trial.step();
            const auto scores = [&](const auto& images) {
                typename SmallGan<O>::Discriminator::TrainingWorkspace workspace(batch);
                return transfer::values(trial.gan.discriminator.forward(images, workspace).data, 2 * batch);
            };
            typename SmallGan<O>::Generator::TrainingWorkspace workspace(batch);
            const auto of_real = scores(trial.real);
            const auto of_generated = scores(trial.gan.generator.forward(trial.noise, workspace));
            double discriminator = 0, generator = 0;
            for (std::size_t i = 0; i < of_real.size(); ++i) {
                const double r = of_real[i], f = of_generated[i];
                if constexpr (is_of_pairs<O>) {
                    discriminator += O::DiscriminatorOfPair::term(r - f) / (2 * batch);
                    generator += O::GeneratorOfPair::term(r - f) / (2 * batch);
                } else {
                    discriminator += (O::Real::term(r) + O::Generated::term(f)) / (2 * batch);
                    generator += O::Generator::term(f) / (2 * batch);
                }
            }
            BOOST_TEST(losses.discriminator == discriminator, boost::test_tools::tolerance(1e-12));
            BOOST_TEST(losses.generator == generator, boost::test_tools::tolerance(1e-12));
        }
    });
}

BOOST_AUTO_TEST_CASE(a_batch_twice_has_the_losses_and_gradients_of_the_batch) {
    for_each_objective([](auto objective, const char* name) {
        BOOST_TEST_CONTEXT(name) {
            Trial<decltype(objective)> once(3), twice(6);
            for (const Index half_batch : {0, 1}) {
                TestBackend::copy(twice.real.data() + half_batch * once.real.size(), once.real.data(),
                                  once.real.size());
                TestBackend::copy(twice.noise.data() + half_batch * once.noise.size(), once.noise.data(),
                                  once.noise.size());
            }
            const StepLosses a = once.step(), b = twice.step();
            BOOST_TEST(a.discriminator == b.discriminator, boost::test_tools::tolerance(1e-12));
            BOOST_TEST(a.generator == b.generator, boost::test_tools::tolerance(1e-12));
            const auto compare = [](const std::vector<double>& x, const std::vector<double>& y) {
                BOOST_TEST_REQUIRE(x.size() == y.size());
                for (std::size_t i = 0; i < x.size(); ++i) BOOST_TEST(std::abs(x[i] - y[i]) <= 1e-13);
            };
            compare(once.discriminator_gradients(), twice.discriminator_gradients());
            compare(once.generator_gradients(), twice.generator_gradients());
        }
    });
}

BOOST_AUTO_TEST_CASE(only_an_objective_of_pairs_scores_real_images_for_the_generator) {
    const auto passes = [](auto objective) {
        Trial<decltype(objective)> trial(5);
        trial.step();
        return trial.gan.discriminator.training_passes();
    };
    BOOST_TEST(passes(NonSaturating{}) == 3);
    BOOST_TEST(passes(RelativisticPairing{}) == 4);
    BOOST_TEST(SmallGan<NonSaturating>::discriminator_passes == 3);
    BOOST_TEST(SmallGan<RelativisticPairing>::discriminator_passes == 4);
}

BOOST_AUTO_TEST_CASE(a_loss_stands_for_labels_and_least_squares_are_the_default) {
    using G = Sequential<Linear<3, 6>, Tanh>;
    using D = Sequential<Linear<6, 1>>;
    static_assert(std::is_same_v<Gan<G, D>::Objective, LeastSquares>);
    static_assert(std::is_same_v<Gan<G, D, BCEWithLogitsLoss>::Objective, WithLabels<BCEWithLogitsLoss>>);
    static_assert(std::is_same_v<Gan<G, D, Hinge>::Objective, Hinge>);
    const auto bits = [](auto objective) {
        Trial<decltype(objective)> trial(5);
        const StepLosses losses = trial.step();
        auto all = trial.discriminator_gradients();
        all.insert(all.end(), {losses.discriminator, losses.generator});
        return all;
    };
    BOOST_TEST((bits(BCEWithLogitsLoss{}) == bits(NonSaturating{})));
    BOOST_TEST((bits(MSELoss{}) == bits(LeastSquares{})));
    BOOST_TEST((bits(MSELoss{}) != bits(NonSaturating{})));
}

BOOST_AUTO_TEST_CASE(a_gan_with_cross_entropy_trains) {
    constexpr int batch = 16;
    using TheGan = Gan<Sequential<Linear<4, 8>, ReLU, Linear<8, 6>>,
                       Sequential<Linear<6, 12>, LeakyReLU<>, Linear<12, 1>>, BCEWithLogitsLoss, TestBackend>;
    BatchOn<Flat<6>, TestBackend> real(batch);
    BatchOn<Flat<4>, TestBackend> noise(batch);
    TestBackend::fill(real.data(), real.size(), 1.0F);
    TestBackend::fill_normal(noise.data(), noise.size(), 1.0F, {4, 0, 2});
    const auto train = [&](TheGan& gan) {
        StepLosses losses{};
        for (std::uint64_t step = 0; step < 100; ++step) losses = gan.train_step(real, noise, step);
        return losses;
    };
    // Each side wins if only that side learns. Undecided, the losses are 2 log 2 and log 2.
    TheGan discriminating(3, batch, {.lr = 0}, {.lr = 1e-2}), generating(3, batch, {.lr = 1e-2}, {.lr = 0});
    BOOST_TEST(train(discriminating).discriminator < 0.1);
    const StepLosses first = generating.train_step(real, noise, 0);
    BOOST_TEST(train(generating).generator < 0.5 * first.generator);
}

BOOST_AUTO_TEST_CASE(each_objective_gives_the_same_bits_with_one_and_two_threads) {
    for_each_objective([](auto objective, const char* name) {
        // More parameters than one thread's chunk.
        using TheGan =
            Gan<Sequential<Linear<64, 300>, Tanh>, Sequential<Linear<300, 70>, LeakyReLU<>, Linear<70, 1>>,
                decltype(objective), TestBackend>;
        const auto run = [](int threads) {
            const WithThreads scope(threads);
            constexpr int batch = 9;
            TheGan gan(3, batch, {.lr = 1e-3}, {.lr = 1e-3});
            BatchOn<Flat<300>, TestBackend> real(batch);
            BatchOn<Flat<64>, TestBackend> noise(batch);
            std::vector<float> all;
            for (std::uint64_t step = 0; step < 4; ++step) {
                TestBackend::fill_normal(real.data(), real.size(), 1.0F, {4, step, 1});
                TestBackend::fill_normal(noise.data(), noise.size(), 1.0F, {4, step, 2});
                const StepLosses losses = gan.train_step(real, noise, step);
                all.insert(all.end(),
                           {static_cast<float>(losses.discriminator), static_cast<float>(losses.generator)});
            }
            for (auto values :
                 {transfer::values(gan.generator.parameters(), gan.generator.arena_size()),
                  transfer::values(gan.discriminator.parameters(), gan.discriminator.arena_size())})
                all.insert(all.end(), values.begin(), values.end());
            return all;
        };
        BOOST_TEST((run(1) == run(2)), name);
    });
}
