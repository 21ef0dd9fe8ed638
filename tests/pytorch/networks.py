"""Networks of nested nn.Sequential, those of networks.hpp, and files with their tensors, an input and the output.

usage: python tests/pytorch/networks.py write FILE.safetensors   # tests/golden/automatic_names.safetensors was written so
       python tests/pytorch/networks.py check FILE.safetensors   # loads a file strictly, and compares the outputs
Needs torch, numpy and safetensors.
"""

import sys

import torch
from safetensors.torch import load_file, save_file
from torch import nn


class Residual(nn.Module):
    def __init__(self, body, shortcut=None):
        super().__init__()
        self.body = body
        self.shortcut = shortcut or nn.Identity()

    def forward(self, x):
        return self.shortcut(x) + self.body(x)


class Branches(nn.Module):
    def __init__(self, *branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)


class Add(Branches):
    def forward(self, x):
        return sum(branch(x) for branch in self.branches)


class Concat(Branches):
    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], dim=1)


def resnet():
    return nn.Sequential(
        nn.Conv2d(2, 4, 3, 1, 1),
        Residual(nn.Sequential(nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 4, 3, 1, 1), Residual(nn.Conv2d(4, 4, 1)))),
        nn.Identity(),
        Residual(nn.Sequential(nn.Conv2d(4, 6, 4, 2, 1), nn.LeakyReLU()), nn.Conv2d(4, 6, 1, 2)),
        nn.Sequential(nn.Tanh(), nn.Sequential(nn.BatchNorm2d(6), nn.ReLU())),
        nn.Flatten(),
        nn.Linear(6 * 4 * 4, 3),
    )


def level(channels, *inner):
    up = nn.ConvTranspose2d(4 + 4 * len(inner), channels, 4, 2, 1)
    return Concat(nn.Identity(), nn.Sequential(nn.Conv2d(channels, 4, 4, 2, 1), nn.LeakyReLU(), *inner, up))


def unet():
    return nn.Sequential(
        level(2, level(4)),
        Concat(nn.Conv2d(4, 2, 1), Add(nn.Identity(), nn.Conv2d(4, 4, 1), nn.Sequential(nn.Conv2d(4, 4, 1)))),
        nn.Conv2d(6, 1, 1),
        nn.Tanh(),
    )


NETWORKS = {"resnet": resnet, "unet": unet}


def write(path):
    torch.manual_seed(1)
    tensors = {}
    for name, make in NETWORKS.items():
        network, x = make(), torch.randn(2, 2, 8, 8)
        network(3 + torch.randn(8, 2, 8, 8))  # changes the running statistics
        tensors |= {f"{name}.{key}": value for key, value in network.state_dict().items()}
        with torch.no_grad():
            tensors |= {f"input_of_{name}": x, f"output_of_{name}": network.eval()(x)}
    save_file(tensors, path)


def check(path):
    tensors = load_file(path)
    for name, make in NETWORKS.items():
        network, start = make(), name + "."
        network.load_state_dict({key.removeprefix(start): value for key, value in tensors.items() if key.startswith(start)}, strict=True)
        with torch.no_grad():
            difference = (network.eval()(tensors[f"input_of_{name}"]) - tensors[f"output_of_{name}"]).abs().max().item()
        print(f"{name}: loaded strictly, largest difference of an output {difference:.1e}")
        assert difference < 1e-5, "more than 1e-5"


{"write": write, "check": check}[sys.argv[1]](sys.argv[2])
