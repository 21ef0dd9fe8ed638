#!/usr/bin/env python3
"""Records gan_cases.safetensors with PyTorch, in float64: record_gan_cases.py FILE

Needs torch and safetensors. The file in this folder is of PyTorch 2.15.
"""

import sys

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

torch.set_default_dtype(torch.float64)


def diff_augment(x, u):
    """DiffAugment's policy 'color,translation,cutout' as in mit-han-lab/data-efficient-gans, from given numbers, uniform in [-1/2, 1/2),
    [sample][7]."""
    u = u[:, :, None, None, None].unbind(1)
    x = x + u[0]
    mean = x.mean(dim=1, keepdim=True)
    x = (x - mean) * (2 * (u[1] + 0.5)) + mean
    mean = x.mean(dim=[1, 2, 3], keepdim=True)
    x = (x - mean) * (u[2] + 1) + mean

    batch, height, width = x.size(0), x.size(2), x.size(3)
    grid = torch.meshgrid(torch.arange(batch), torch.arange(height), torch.arange(width), indexing="ij")

    def below(number, n):
        return ((number[:, :, :, 0] + 0.5) * n).long()

    most = [int(size / 8 + 0.5) for size in (height, width)]
    moved = [below(number, 2 * m + 1) - m for number, m in zip(u[3:5], most)]
    rows = torch.clamp(grid[1] + moved[0] + 1, 0, height + 1)
    columns = torch.clamp(grid[2] + moved[1] + 1, 0, width + 1)
    x = F.pad(x, [1, 1, 1, 1]).permute(0, 2, 3, 1)[grid[0], rows, columns].permute(0, 3, 1, 2)

    cut = [int(size / 2 + 0.5) for size in (height, width)]
    offset = [below(number, size + 1 - c % 2) for number, size, c in zip(u[5:7], (height, width), cut)]
    grid = torch.meshgrid(torch.arange(batch), torch.arange(cut[0]), torch.arange(cut[1]), indexing="ij")
    rows = torch.clamp(grid[1] + offset[0] - cut[0] // 2, min=0, max=height - 1)
    columns = torch.clamp(grid[2] + offset[1] - cut[1] // 2, min=0, max=width - 1)
    mask = torch.ones(batch, height, width)
    mask[grid[0], rows, columns] = 0
    return x * mask[:, None]


def squared_slope(scores, images):
    (slope,) = torch.autograd.grad(scores.sum(), images, create_graph=True)
    return slope.square().sum((1, 2, 3))


def relativistic_steps(tensors, steps=4, batch=5, gamma=0.5):
    """Steps of R3GAN's objective, pairs, R1 and R2, with a projection discriminator. DiffAugment before each of the discriminator's passes, and the slopes at the images
    before it."""
    generator = nn.ModuleDict({"embedding": nn.Embedding(3, 4), "linear": nn.Linear(10, 128)})
    discriminator = nn.ModuleDict({"conv1": nn.Conv2d(2, 5, 3, 2, 1), "conv2": nn.Conv2d(5, 7, 4, 2, 1),
                                   "embedding": nn.Embedding(3, 28), "score": nn.Linear(28, 1)})
    networks = {"generator": generator, "discriminator": discriminator}
    data = {"real": torch.randn(steps, batch, 2, 8, 8), "noise": torch.randn(steps, batch, 6),
            "label": torch.randint(0, 3, (steps, batch))}
    for name in ("real", "generated", "real_for_generator", "for_generator"):
        data[f"draws.{name}"] = torch.randint(0, 2**24, (steps, batch, 7)) * 2.0**-24 - 0.5

    def keep(prefix):
        for name, network in networks.items():
            data.update({f"{prefix}.{name}.{key}": value.clone() for key, value in network.state_dict().items()})

    keep("init")
    d_step = torch.optim.SGD(discriminator.parameters(), lr=0.1)
    g_step = torch.optim.SGD(generator.parameters(), lr=0.1)
    d_losses, g_losses, r1, r2 = [], [], [], []
    for step, (images, noise, label) in enumerate(zip(data["real"], data["noise"], data["label"])):

        def draw(noise):
            x = torch.cat([noise, generator["embedding"](label)], dim=1)
            return torch.tanh(generator["linear"](x)).unflatten(1, (2, 8, 8))

        def score(x, name):
            x = F.leaky_relu(discriminator["conv1"](diff_augment(x, data[f"draws.{name}"][step])), 0.2)
            x = torch.tanh(discriminator["conv2"](x)).flatten(1)
            return discriminator["score"](x) + (discriminator["embedding"](label) * x).sum(dim=1, keepdim=True)

        real = images.clone().requires_grad_()
        fake = draw(noise).detach().requires_grad_()
        r, f = score(real, "real"), score(fake, "generated")
        d_losses.append(F.softplus(f - r).mean())
        r1.append(gamma / 2 * squared_slope(r, real).mean())
        r2.append(gamma / 2 * squared_slope(f, fake).mean())
        d_step.zero_grad()
        (d_losses[-1] + r1[-1] + r2[-1]).backward()
        d_step.step()
        g_step.zero_grad()
        g_losses.append(F.softplus(score(images, "real_for_generator") - score(draw(noise), "for_generator")).mean())
        g_losses[-1].backward()
        g_step.step()
    for name, values in (("d_loss", d_losses), ("g_loss", g_losses), ("r1", r1), ("r2", r2)):
        data[f"expect.{name}"] = torch.stack(values)
    keep("expect")
    tensors.update({f"relativistic_steps.{key}": value for key, value in data.items()})


def main():
    torch.manual_seed(20)
    tensors = {}
    relativistic_steps(tensors)
    save_file({name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()}, sys.argv[1])


if __name__ == "__main__":
    main()
