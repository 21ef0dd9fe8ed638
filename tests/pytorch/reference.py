"""The two networks of the published DCGAN, for checks and benchmarks against PyTorch."""

import torch
import torch.nn.functional as F
from torch import nn


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(100, 256 * 7 * 7)
        self.bn1 = nn.BatchNorm1d(256 * 7 * 7)
        self.decon1 = nn.ConvTranspose2d(256, 128, 3, stride=1, padding=1)
        self.bn2 = nn.BatchNorm2d(128)
        self.decon2 = nn.ConvTranspose2d(128, 64, 4, stride=2, padding=1)
        self.bn3 = nn.BatchNorm2d(64)
        self.decon3 = nn.ConvTranspose2d(64, 1, 4, stride=2, padding=1)

    def forward(self, noise):
        x = self.bn1(F.relu(self.linear1(noise))).view(-1, 256, 7, 7)
        x = self.bn2(F.relu(self.decon1(x)))
        x = self.bn3(F.relu(self.decon2(x)))
        return torch.tanh(self.decon3(x))


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 64, 3, stride=2)
        self.conv2 = nn.Conv2d(64, 128, 3, stride=2)
        self.bn = nn.BatchNorm2d(128)
        self.fc = nn.Linear(128 * 6 * 6, 1)

    def forward(self, image):
        # Without `training=`, as in the published code, dropout2d drops channels in evaluation mode, too.
        x = F.dropout2d(F.leaky_relu(self.conv1(image)))
        x = F.dropout2d(F.leaky_relu(self.conv2(x)))
        return self.fc(self.bn(x).view(-1, 128 * 6 * 6))
