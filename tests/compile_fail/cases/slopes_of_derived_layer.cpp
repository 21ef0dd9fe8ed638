// The slopes of a network with a class that is derived from a layer.
// group: gan
// cause: The patterns of a layer, such as its Tangent, hold for the class that declares them, not for classes derived from it, which may compute something else.
// fix: Declare the patterns in the derived class, too, if it computes the same, or use the layer itself.
// expect: Slopes: layer 2: Normalize declares no Tangent in its patterns, which Slopes needs
// expect-clang: of_slopes<layer<2, Normalize>>, has_no_tangent<Slopes, false>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

struct Normalize : LayerNorm<4> {
#ifdef TWIN
    static constexpr LayerPatterns<Normalize> patterns{.tangent = Tangent::own, .is_curved = true};
#endif
};

using Critic = Network<Sequential<Linear<16, 4>, Normalize, Linear<4, 1>>>;

int main() {
    Critic critic(1);
    Critic::TrainingWorkspace workspace(4);
    Critic::Gradients gradients;
    Slopes<Critic> slopes(4);
    const Batch<Flat<16>> images(4);
    critic.forward_training(images, workspace, {.seed = 1});
    const auto slope = slopes.compute(critic, workspace);
    slopes.add_gradients(critic, workspace, gradients);
    return slope.data[0] > 0 ? 0 : 1;
}
