// The same two networks and their training step with LibTorch's C++ frontend. Its code does not depend on
// shapes, and its kernels are in its library, so only its headers are compiled here.

#include <torch/torch.h>

namespace dcgan {

namespace nn = torch::nn;
using torch::Tensor;

struct GeneratorImpl : nn::Module {
    nn::Linear linear1{100, 256 * 7 * 7};
    nn::BatchNorm1d bn1{256 * 7 * 7};
    nn::ConvTranspose2d decon1{nn::ConvTranspose2dOptions(256, 128, 3).stride(1).padding(1)};
    nn::BatchNorm2d bn2{128};
    nn::ConvTranspose2d decon2{nn::ConvTranspose2dOptions(128, 64, 4).stride(2).padding(1)};
    nn::BatchNorm2d bn3{64};
    nn::ConvTranspose2d decon3{nn::ConvTranspose2dOptions(64, 1, 4).stride(2).padding(1)};

    GeneratorImpl() {
        register_module("linear1", linear1);
        register_module("bn1", bn1);
        register_module("decon1", decon1);
        register_module("bn2", bn2);
        register_module("decon2", decon2);
        register_module("bn3", bn3);
        register_module("decon3", decon3);
    }
    Tensor forward(Tensor x) {
        x = bn1(torch::relu(linear1(x))).view({-1, 256, 7, 7});
        x = bn2(torch::relu(decon1(x)));
        x = bn3(torch::relu(decon2(x)));
        return torch::tanh(decon3(x));
    }
};
TORCH_MODULE(Generator);

struct DiscriminatorImpl : nn::Module {
    nn::Conv2d conv1{nn::Conv2dOptions(1, 64, 3).stride(2)};
    nn::Conv2d conv2{nn::Conv2dOptions(64, 128, 3).stride(2)};
    nn::BatchNorm2d bn{128};
    nn::Linear fc{128 * 6 * 6, 1};

    DiscriminatorImpl() {
        register_module("conv1", conv1);
        register_module("conv2", conv2);
        register_module("bn", bn);
        register_module("fc", fc);
    }
    Tensor forward(Tensor x) {
        x = nn::functional::dropout2d(torch::leaky_relu(conv1(x)));
        x = nn::functional::dropout2d(torch::leaky_relu(conv2(x)));
        return fc(bn(x).flatten(1));
    }
};
TORCH_MODULE(Discriminator);

struct Dcgan {
    Generator generator;
    Discriminator discriminator;
    torch::optim::Adam generator_optimizer{generator->parameters(), torch::optim::AdamOptions(1e-4)};
    torch::optim::Adam discriminator_optimizer{discriminator->parameters(), torch::optim::AdamOptions(1e-5)};
};

std::pair<double, double> step(Dcgan& gan, Tensor real, Tensor noise) {
    gan.discriminator_optimizer.zero_grad();
    const Tensor of_real = gan.discriminator(real);
    const Tensor fake = gan.generator(noise);
    const Tensor of_fake = gan.discriminator(fake.detach());
    const Tensor loss = torch::mse_loss(of_real, torch::ones_like(of_real)) +
                        torch::mse_loss(of_fake, torch::zeros_like(of_fake));
    loss.backward();
    gan.discriminator_optimizer.step();

    gan.generator_optimizer.zero_grad();
    const Tensor score = gan.discriminator(fake);
    const Tensor generator_loss = torch::mse_loss(score, torch::ones_like(score));
    generator_loss.backward();
    gan.generator_optimizer.step();
    return {loss.item<double>(), generator_loss.item<double>()};
}

} // namespace dcgan
