#!/usr/bin/env python3
"""Records steps of the reference's training loop at its own sizes in float64: record_trace.py --batch B --steps S FILE.raw

The repository contains only a trace of small networks (tests/golden/trace_small.safetensors). With PyTorch this script records one
of the full networks, under the same names of tensors.
"""

import argparse
import pathlib
import sys

import numpy
import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "pytorch"))
import reference  # noqa: E402
from raw_golden import write_raw  # noqa: E402


class Discriminator(reference.Discriminator):
    """With given masks, [sample][channel], instead of random ones."""

    def forward(self, image, masks):
        first, second = (2 * mask[:, :, None, None] for mask in masks)
        x = F.leaky_relu(self.conv1(image)) * first
        x = F.leaky_relu(self.conv2(x)) * second
        return self.fc(self.bn(x).view(-1, 128 * 6 * 6))


def train(initial, inputs, dtype):
    """Returns the losses, the first generated images and the final state of the reference's loop in that precision."""
    gen, dis = reference.Generator(), Discriminator()
    for network, state in zip((gen, dis), initial):
        network.load_state_dict(state)
        network.to(dtype)
    g_optim = torch.optim.Adam(gen.parameters(), lr=1e-4)
    d_optim = torch.optim.Adam(dis.parameters(), lr=1e-5)
    loss = torch.nn.MSELoss()
    d_losses, g_losses, first_fake = [], [], None
    for step, (real, noise) in enumerate(zip(inputs["real"], inputs["noise"])):
        def loss_of(images, use, label):
            score = dis(images, [inputs[f"mask.{use}{k}"][step].to(dtype) for k in (1, 2)])
            return loss(score, torch.full_like(score, label))

        d_optim.zero_grad()
        real_loss = loss_of((real.to(dtype) / 255 - 0.5) / 0.5, "real", 1)
        real_loss.backward()
        fake = gen(noise.to(dtype))
        if first_fake is None:
            first_fake = fake.detach().numpy().copy()
        fake_loss = loss_of(fake.detach(), "fake", 0)
        fake_loss.backward()
        d_optim.step()
        g_optim.zero_grad()
        g_loss = loss_of(fake, "gen", 1)
        g_loss.backward()
        g_optim.step()
        d_losses.append((real_loss + fake_loss).item())
        g_losses.append(g_loss.item())
    results = {"first_fake": first_fake, "d_loss": numpy.array(d_losses), "g_loss": numpy.array(g_losses)}
    return results, (gen.state_dict(), dis.state_dict())


def record(batch, steps):
    torch.manual_seed(3)
    initial = reference.Generator().state_dict(), Discriminator().state_dict()
    inputs = {"real": torch.randint(0, 256, (steps, batch, 1, 28, 28), dtype=torch.uint8), "noise": torch.randn(steps, batch, 100)}
    inputs |= {
        f"mask.{use}{k + 1}": torch.randint(0, 2, (steps, batch, channels))
        for use in ("real", "fake", "gen")
        for k, channels in enumerate((64, 128))
    }
    tensors = {name: tensor.numpy() for name, tensor in inputs.items()}

    def add_states(prefix, states):
        for side, state in zip(("generator", "discriminator"), states):
            tensors.update({f"{prefix}.{side}.{name}": value.numpy() for name, value in state.items()})

    add_states("init", initial)
    results, final = train(initial, inputs, torch.float64)
    tensors |= {f"expect.{name}": value for name, value in results.items()}
    add_states("expect", final)
    # The distance of PyTorch's own float32 run determines the limits for ctgan's.
    results, _ = train(initial, inputs, torch.float32)
    return tensors | {f"float32.{name}": value for name, value in results.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("file")
    options = parser.parse_args()
    write_raw(options.file, record(options.batch, options.steps))


main()
