"""The published DCGAN's training step, its generator alone, or the step of bench_dense.cpp, bench_resnet.cpp or
bench_unet.cpp in PyTorch: a worker of benchmarks/run.

Prints "ready", then answers each line "BATCH COUNT" with one line: the milliseconds of COUNT steps.
"""

import argparse
import sys
import time

import torch

import branching
from any_layout import Discriminator, Generator


def prepared(network, options, example):
    """The network with the options applied: memory format, compiled or traced."""
    if options.channels_last:
        network = network.to(memory_format=torch.channels_last)
    if options.run == "compile":
        # Not dynamic: otherwise PyTorch would compile for all batch sizes when it meets a second one.
        return torch.compile(network, dynamic=False)
    if options.run == "trace":
        return torch.jit.trace(network, example, check_trace=False)
    return network


def adam_of(network, options, lr):
    flags = {"default": {}, "fused": {"fused": True}, "foreach": {"foreach": True}}[options.adam]
    return torch.optim.Adam(network.parameters(), lr=lr, **flags)


class Trainer:
    def __init__(self, batch, options):
        self.batch = batch
        self.real = torch.rand(batch, 1, 28, 28) * 2 - 1
        if options.channels_last:
            self.real = self.real.contiguous(memory_format=torch.channels_last)
        generator, discriminator = Generator(), Discriminator()
        self.g_optim = adam_of(generator, options, 1e-4)
        self.d_optim = adam_of(discriminator, options, 1e-5)
        self.gen = prepared(generator, options, torch.randn(batch, 100))
        self.dis = prepared(discriminator, options, self.real)
        self.loss = torch.nn.MSELoss()

    def __call__(self):
        noise = torch.randn(self.batch, 100)
        self.d_optim.zero_grad()
        score = self.dis(self.real)
        real_loss = self.loss(score, torch.ones_like(score))
        real_loss.backward()
        fake = self.gen(noise)
        score = self.dis(fake.detach())
        fake_loss = self.loss(score, torch.zeros_like(score))
        fake_loss.backward()
        d_loss = real_loss + fake_loss
        self.d_optim.step()
        self.g_optim.zero_grad()
        score = self.dis(fake)
        g_loss = self.loss(score, torch.ones_like(score))
        g_loss.backward()
        self.g_optim.step()
        return d_loss.item(), g_loss.item()


class Sampler:
    def __init__(self, batch, options):
        self.noise = torch.randn(batch, 100)
        self.without_gradients = {"no_grad": torch.no_grad, "inference_mode": torch.inference_mode}[options.gradients]
        network = Generator().eval()
        with torch.no_grad():
            self.gen = prepared(network, options, self.noise)
            if options.run == "trace":
                self.gen = torch.jit.optimize_for_inference(torch.jit.freeze(self.gen))

    def __call__(self):
        with self.without_gradients():
            return self.gen(self.noise)


class ClassifierWithLoss(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(
            torch.nn.Linear(784, 256), torch.nn.ReLU(), torch.nn.Linear(256, 256), torch.nn.ReLU(), torch.nn.Linear(256, 10))
        self.loss = torch.nn.CrossEntropyLoss()

    def forward(self, images, labels):
        return self.loss(self.layers(images), labels)


class ClassifierTrainer:
    def __init__(self, batch, options):
        self.images = torch.randn(batch, 784)
        # bench_dense.cpp says why the labels change and the learning rate is so low.
        self.labels = [(torch.arange(batch) + first) % 10 for first in range(10)]
        self.step = 0
        network = ClassifierWithLoss()
        self.optimizer = adam_of(network, options, 1e-6)
        self.network = prepared(network, options, (self.images, self.labels[0]))

    def __call__(self):
        self.optimizer.zero_grad()
        loss = self.network(self.images, self.labels[self.step % 10])
        loss.backward()
        self.optimizer.step()
        self.step += 1
        return loss.item()


class WithMeanSquaredError(torch.nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = layers
        self.loss = torch.nn.MSELoss()

    def forward(self, given, target):
        return self.loss(self.layers(given), target)


class RegressionTrainer:
    def __init__(self, batch, options):
        make, given, target = branching.networks[options.work]
        self.given, self.target = torch.randn(batch, *given), torch.rand(batch, *target) * 2 - 1
        if options.channels_last:
            self.target = self.target.contiguous(memory_format=torch.channels_last)
            if self.given.dim() == 4:
                self.given = self.given.contiguous(memory_format=torch.channels_last)
        network = WithMeanSquaredError(make())
        self.optimizer = adam_of(network, options, 1e-6)
        self.network = prepared(network, options, (self.given, self.target))

    def __call__(self):
        self.optimizer.zero_grad()
        loss = self.network(self.given, self.target)
        loss.backward()
        self.optimizer.step()
        return loss.item()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", choices=["step", "generator", "dense", "resnet", "unet"])
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--run", choices=["eager", "compile", "trace"], default="eager")
    parser.add_argument("--adam", choices=["default", "fused", "foreach"], default="default")
    parser.add_argument("--gradients", choices=["no_grad", "inference_mode"], default="no_grad")
    parser.add_argument("--channels-last", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    make = {"step": Trainer, "generator": Sampler, "dense": ClassifierTrainer, "resnet": RegressionTrainer,
            "unet": RegressionTrainer}[options.work]
    prepared_for, step = None, None
    print("ready", flush=True)
    for line in sys.stdin:
        batch, count = map(int, line.split())
        if batch != prepared_for:
            # Releases the previous one first, so that the process's memory is that of one batch size.
            step = None
            prepared_for, step = batch, make(batch, options)
        times = []
        for _ in range(count):
            begin = time.perf_counter()
            step()
            times.append((time.perf_counter() - begin) * 1000)
        print(*(f"{ms:.4f}" for ms in times), flush=True)


main()
