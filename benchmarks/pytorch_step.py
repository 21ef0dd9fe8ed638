"""Times the reference's training step in PyTorch: pytorch_step.py BATCH THREADS STEPS. Prints the milliseconds of each."""

import pathlib
import sys
import time

import torch

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "tests" / "pytorch"))
from reference import Discriminator, Generator  # noqa: E402


def main():
    batch, threads, steps = map(int, sys.argv[1:4])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    gen, dis = Generator(), Discriminator()
    g_optim = torch.optim.Adam(gen.parameters(), lr=1e-4)
    d_optim = torch.optim.Adam(dis.parameters(), lr=1e-5)
    loss = torch.nn.MSELoss()
    real = torch.rand(batch, 1, 28, 28) * 2 - 1
    for _ in range(steps):
        begin = time.perf_counter()
        noise = torch.randn(batch, 100)
        d_optim.zero_grad()
        verdict = dis(real)
        real_loss = loss(verdict, torch.ones_like(verdict))
        real_loss.backward()
        fake = gen(noise)
        verdict = dis(fake.detach())
        fake_loss = loss(verdict, torch.zeros_like(verdict))
        fake_loss.backward()
        d_optim.step()
        g_optim.zero_grad()
        verdict = dis(fake)
        g_loss = loss(verdict, torch.ones_like(verdict))
        g_loss.backward()
        g_optim.step()
        real_loss.item() + fake_loss.item(), g_loss.item()
        print(f"{(time.perf_counter() - begin) * 1000:.4f}")


main()
