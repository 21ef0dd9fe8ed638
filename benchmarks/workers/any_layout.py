"""The published networks, with the same in-place operations, but with `reshape`, since `view` rejects channels_last tensors."""

import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tests" / "pytorch"))
import reference  # noqa: E402


class Generator(reference.Generator):
    def forward(self, noise):
        x = self.bn1(F.relu(self.linear1(noise))).reshape(-1, 256, 7, 7)
        x = self.bn2(F.relu(self.decon1(x)))
        x = self.bn3(F.relu(self.decon2(x)))
        return torch.tanh(self.decon3(x))


class Discriminator(reference.Discriminator):
    def forward(self, image):
        x = F.dropout2d(F.leaky_relu_(self.conv1(image)))
        x = F.dropout2d(F.leaky_relu_(self.conv2(x)))
        return self.fc(self.bn(x).reshape(-1, 128 * 6 * 6))
