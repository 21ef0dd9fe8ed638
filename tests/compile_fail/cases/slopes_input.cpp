// The slopes of a network with two inputs that are no labels, without saying to which.
// group: gan
// cause: The slope is the gradient of the scores with respect to one of the inputs. Only if the others are labels it is clear which one.
// fix: Name the input, counted from 0: Slopes<Network, 0>.
// expect: Slopes: found a network with several inputs, expected Slopes<Network, K>, where K is the number of an input that is no labels
// expect-clang: input_of_slopes
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Critic = Network<Sequential<Inputs<Flat<5>, Flat<3>>, Concat<Select<0>, Select<1>>, Linear<8, 1>>>;

int main() {
    Critic critic(1);
    Critic::TrainingWorkspace workspace(4);
#ifdef TWIN
    Slopes<Critic, 0> slopes(4);
#else
    Slopes<Critic> slopes(4);
#endif
    const Batch<Flat<5>> images(4);
    const Batch<Flat<3>> conditions(4);
    critic.forward_training(images, conditions, workspace, {.seed = 1});
    return slopes.compute(critic, workspace).data[0] > 0 ? 0 : 1;
}
