#!/usr/bin/env python3
"""Trains the published DCGAN in PyTorch for a limited time, for comparison in docs/reference_run.md.

usage: python benchmarks/reference_run/pytorch.py IMAGES.gz OUT_DIR [--minutes M] [--epochs N] [--threads N] [--seed N]
Writes OUT_DIR/loss.csv as train_dcgan does, and after each epoch 16 noise vectors and the images that the generator makes of
them to OUT_DIR/epoch_NNNN.safetensors, and the generator's weights, which score_samples reads, to
OUT_DIR/generators/epoch_NNNN.safetensors.
Needs torch, numpy and safetensors.
"""

import argparse
import gzip
import pathlib
import sys
import time

import numpy
import torch
from safetensors.torch import save_file

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tests/pytorch"))
from reference import Discriminator, Generator  # noqa: E402


def digits(path):
    """The images of an IDX file, in [-1, 1] as after the published code's transforms."""
    with gzip.open(path) as file:
        header = numpy.frombuffer(file.read(16), ">i4")
        pixels = numpy.frombuffer(file.read(), numpy.uint8)
    return torch.from_numpy(pixels.reshape(header[1], 1, 28, 28).astype(numpy.float32) / 255 * 2 - 1)


class Trainer:
    """The published loop. Adam is PyTorch's fused version, the fastest one here."""

    def __init__(self):
        self.gen, self.dis, self.loss = Generator(), Discriminator(), torch.nn.MSELoss()
        self.g_optim = torch.optim.Adam(self.gen.parameters(), lr=1e-4, fused=True)
        self.d_optim = torch.optim.Adam(self.dis.parameters(), lr=1e-5, fused=True)

    def step(self, real):
        self.d_optim.zero_grad()
        score = self.dis(real)
        real_loss = self.loss(score, torch.ones_like(score))
        real_loss.backward()
        fake = self.gen(torch.randn(len(real), 100))
        score = self.dis(fake.detach())
        fake_loss = self.loss(score, torch.zeros_like(score))
        fake_loss.backward()
        self.d_optim.step()
        self.g_optim.zero_grad()
        score = self.dis(fake)
        g_loss = self.loss(score, torch.ones_like(score))
        g_loss.backward()
        self.g_optim.step()
        return torch.stack([real_loss + fake_loss, g_loss]).detach()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=60, help="time limit; no epoch is begun that would end later (%(default)s)")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    images = digits(options.images)
    fixed_noise = torch.randn(16, 100)
    trainer = Trainer()
    (options.out / "generators").mkdir(parents=True, exist_ok=True)
    with open(options.out / "loss.csv", "w") as losses:
        losses.write("epoch,d_loss,g_loss\n")
        start, epoch, longest = time.monotonic(), 0, 0.0
        while (time.monotonic() - start + longest) / 60 < options.minutes and epoch < options.epochs:
            epoch, began, total, steps = epoch + 1, time.monotonic(), torch.zeros(2), 0
            for chosen in torch.randperm(len(images)).split(4):
                total += trainer.step(images[chosen])
                steps += 1
            d_loss, g_loss = (total / steps).tolist()
            losses.write(f"{epoch},{d_loss:.9g},{g_loss:.9g}\n")
            losses.flush()
            # As in the published code, the generator stays in training mode.
            with torch.no_grad():
                samples = trainer.gen(fixed_noise)
            save_file({"noise": fixed_noise, "images": samples}, options.out / f"epoch_{epoch:04}.safetensors")
            save_file(trainer.gen.state_dict(), options.out / f"generators/epoch_{epoch:04}.safetensors")
            longest = max(longest, time.monotonic() - began)
            print(f"epoch {epoch}: d_loss {d_loss:.4f}, g_loss {g_loss:.4f}, {time.monotonic() - began:.0f} s", flush=True)


main()
