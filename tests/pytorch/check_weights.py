"""Loads weights of train_dcgan into PyTorch modules, strictly, and compares generated images; then the reverse.

usage: python tests/pytorch/check_weights.py BIN_DIR GENERATOR.safetensors DISCRIMINATOR.safetensors
Needs torch and safetensors. Run it by hand: CI has neither.
"""

import subprocess
import sys
import tempfile

import torch
from safetensors.torch import load_file, save_file

from reference import Discriminator, Generator


def sample(binaries, weights, folder):
    tensors = f"{folder}/tensors.safetensors"
    subprocess.run([f"{binaries}/sample_dcgan", "--weights", weights, "--out", f"{folder}/grid.png", "--tensors", tensors], check=True)
    return load_file(tensors)


def compare(generator, sampled, what):
    with torch.no_grad():
        difference = (generator.eval()(sampled["noise"]) - sampled["images"]).abs().max().item()
    print(f"{what}: largest difference of a pixel in [-1, 1]: {difference:.2e}")
    assert difference < 1e-5, "more than 1e-5"
    assert sampled["images"].std() > 1e-3, "the images are constant"


def main():
    binaries, generator_file, discriminator_file = sys.argv[1:]
    generator, discriminator = Generator(), Discriminator()
    generator.load_state_dict(load_file(generator_file), strict=True)
    discriminator.load_state_dict(load_file(discriminator_file), strict=True)
    with tempfile.TemporaryDirectory() as folder:
        compare(generator, sample(binaries, generator_file, folder), "ctgan's weights in PyTorch")
        torch.manual_seed(1)
        fresh = Generator()
        fresh(torch.randn(8, 100))  # changes the running statistics
        save_file(fresh.state_dict(), f"{folder}/fresh.safetensors")
        compare(fresh, sample(binaries, f"{folder}/fresh.safetensors", folder), "PyTorch's weights in ctgan")


main()
