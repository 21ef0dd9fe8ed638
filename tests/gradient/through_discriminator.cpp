// The generator's update: the gradient with respect to its parameters, through the whole discriminator.

#include <ctgan/dcgan.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

using namespace ctgan;

namespace {

constexpr int batch = 3;
constexpr double epsilon = 1e-5;
using Generator = Network<dcgan::GeneratorOf<3, 2, 3, 2>, TestBackend, double>;
using Discriminator = Network<dcgan::DiscriminatorOf<3, 2>, TestBackend, double>;

/// Both networks with random parameters, and the generator's loss.
class Point {
  public:
    Point()
        : generator_(1),
          discriminator_(2),
          noise_(batch),
          score_gradient_(batch),
          on_noise_(batch),
          on_fake_(batch) {
        TestBackend::fill_normal(noise_.data(), noise_.size(), 1.0, {3, 0, 0});
        TestBackend::fill_uniform(generator_.parameters(), generator_.arena_size(), 0.5, {3, 0, 1});
        TestBackend::fill_uniform(discriminator_.parameters(), discriminator_.arena_size(), 0.5, {3, 0, 2});
    }

    /// The cross entropy of the scores against 1, with the same dropout masks each time.
    double generator_loss() {
        const auto fake = generator_.forward_training(noise_, on_noise_);
        const auto score = discriminator_.forward_training(fake, on_fake_, Randomness{4, 5});
        return loss<BCEWithLogitsLoss>(score, 1, score_gradient_);
    }

    Generator::Gradients gradients() {
        Generator::Gradients gradients;
        generator_loss();
        const auto to_image = discriminator_.backward_to_input(score_gradient_, on_fake_);
        generator_.backward(to_image, on_noise_, gradients);
        return gradients;
    }

    /// The side of its kink for each activation.
    std::vector<bool> sides() {
        std::vector<bool> result;
        const auto add = [&](const auto& activations, Index size) {
            for (const double x : transfer::values(activations, size * batch)) result.push_back(x > 0);
        };
        using G = Generator::net;
        using D = Discriminator::net;
        add(on_noise_.position<2>(), G::shape<2>::size);
        add(on_noise_.position<6>(), G::shape<6>::size);
        add(on_noise_.position<9>(), G::shape<9>::size);
        add(on_fake_.position<3>(), D::shape<3>::size);
        add(on_fake_.position<6>(), D::shape<6>::size);
        return result;
    }

    Generator& generator() { return generator_; }

  private:
    Generator generator_;
    Discriminator discriminator_;
    BatchOn<Flat<3>, TestBackend, double> noise_;
    BatchOn<Flat<1>, TestBackend, double> score_gradient_;
    Generator::TrainingWorkspace on_noise_;
    Discriminator::TrainingWorkspace on_fake_;
};

} // namespace

/// With normalizations over three samples the loss has such large third derivatives that a simple central
/// difference is off by 2e-7. This error is proportional to the square of epsilon, so a second difference at
/// twice the distance cancels it.
BOOST_AUTO_TEST_CASE(the_generator_s_gradient_through_the_discriminator_equals_the_loss_s_derivative) {
    Point point;
    const auto gradients = point.gradients();
    double largest = 0;
    int compared = 0, at_a_kink = 0, nonzero = 0;
    point.generator().for_each_tensor([&](int, const TensorSpec& tensor, double* values, bool buffer) {
        if (buffer) return;
        const auto gradient =
            transfer::values(gradients.data() + (values - point.generator().parameters()), tensor.size());
        double squares = 0;
        for (const double derivative : gradient) {
            squares += derivative * derivative;
            nonzero += derivative != 0 ? 1 : 0;
        }
        const double typical = std::sqrt(squares / static_cast<double>(tensor.size()));
        for (Index i = 0; i < tensor.size(); ++i) {
            const double middle = transfer::value(values + i);
            std::vector<double> losses;
            std::set<std::vector<bool>> sides;
            for (const int step : {-2, -1, 1, 2}) {
                transfer::put(middle + step * epsilon, values + i);
                losses.push_back(point.generator_loss());
                sides.insert(point.sides());
            }
            transfer::put(middle, values + i);
            ++compared;
            if (sides.size() > 1) {
                ++at_a_kink;
                continue;
            }
            const double quotient = (8 * (losses[2] - losses[1]) - (losses[3] - losses[0])) / (12 * epsilon);
            // As in check_gradient(): relative to the derivative or to its tensor's typical derivative.
            largest = std::max(largest, std::abs(gradient[static_cast<std::size_t>(i)] - quotient) /
                                            std::max(std::abs(quotient), typical));
        }
    });
    BOOST_TEST(compared == Generator::parameter_count);
    BOOST_TEST(at_a_kink < compared / 20);
    BOOST_TEST(nonzero > compared / 2); // a ReLU that is off for the whole batch has derivatives of zero
    BOOST_TEST(largest <= 1e-7);
}
