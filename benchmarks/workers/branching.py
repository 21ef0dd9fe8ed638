"""The networks of bench_resnet.cpp and bench_unet.cpp in PyTorch."""

import torch
from torch import nn


class Residual(nn.Module):
    def __init__(self, body, shortcut):
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x):
        return self.shortcut(x) + self.body(x)


class Concat(nn.Module):
    def __init__(self, *branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], dim=1)


def up(channels):
    def conv(kernel):
        return nn.Conv2d(channels, channels, kernel, padding=kernel // 2)

    # The ReLUs follow a normalization of their own and may write over its output.
    body = nn.Sequential(
        nn.BatchNorm2d(channels), nn.ReLU(inplace=True), nn.Upsample(scale_factor=2), conv(3),
        nn.BatchNorm2d(channels), nn.ReLU(inplace=True), conv(3))
    return Residual(body, nn.Sequential(nn.Upsample(scale_factor=2), conv(1)))


def resnet():
    return nn.Sequential(
        nn.Linear(128, 128 * 4 * 4), nn.Unflatten(1, (128, 4, 4)), up(128), up(128), up(128),
        nn.BatchNorm2d(128), nn.ReLU(inplace=True), nn.Conv2d(128, 3, 3, padding=1), nn.Tanh())


def level(channels, below, *inner):
    return Concat(nn.Identity(), nn.Sequential(
        nn.Conv2d(channels, 2 * channels, 4, 2, 1), nn.LeakyReLU(0.2, inplace=True), *inner,
        nn.ConvTranspose2d(below, channels, 4, 2, 1), nn.ReLU(inplace=True)))


def unet():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.LeakyReLU(0.2, inplace=True),
        level(32, 128, level(64, 128)), nn.Conv2d(64, 1, 1), nn.Tanh())


# Each network's function, and the shapes of a sample of its input and of its output.
networks = {"resnet": (resnet, (128,), (3, 32, 32)), "unet": (unet, (1, 28, 28), (1, 28, 28))}
