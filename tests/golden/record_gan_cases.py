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


def squared_slope(scores, images):
    (slope,) = torch.autograd.grad(scores.sum(), images, create_graph=True)
    return slope.square().sum((1, 2, 3))


def relativistic_steps(tensors, steps=4, batch=5, gamma=0.5):
    """Steps of R3GAN's objective: pairs, R1 and R2."""
    generator = nn.Sequential(nn.Linear(6, 128), nn.Tanh(), nn.Unflatten(1, (2, 8, 8)))
    discriminator = nn.Sequential(
        nn.Conv2d(2, 5, 3, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(5, 7, 4, 2, 1), nn.Tanh(), nn.Flatten(), nn.Linear(28, 1))
    networks = {"generator": generator, "discriminator": discriminator}
    data = {"real": torch.randn(steps, batch, 2, 8, 8), "noise": torch.randn(steps, batch, 6)}

    def keep(prefix):
        for name, network in networks.items():
            data.update({f"{prefix}.{name}.{key}": value.clone() for key, value in network.state_dict().items()})

    keep("init")
    d_step = torch.optim.SGD(discriminator.parameters(), lr=0.1)
    g_step = torch.optim.SGD(generator.parameters(), lr=0.1)
    d_losses, g_losses, r1, r2 = [], [], [], []
    for images, noise in zip(data["real"], data["noise"]):
        real = images.clone().requires_grad_()
        fake = generator(noise).detach().requires_grad_()
        r, f = discriminator(real), discriminator(fake)
        d_losses.append(F.softplus(f - r).mean())
        r1.append(gamma / 2 * squared_slope(r, real).mean())
        r2.append(gamma / 2 * squared_slope(f, fake).mean())
        d_step.zero_grad()
        (d_losses[-1] + r1[-1] + r2[-1]).backward()
        d_step.step()
        g_step.zero_grad()
        g_losses.append(F.softplus(discriminator(images) - discriminator(generator(noise))).mean())
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
