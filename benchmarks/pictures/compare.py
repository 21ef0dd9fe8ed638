"""Pictures per second from a folder of JPEG files of 178 x 218 to 64 x 64: ctgan's first epoch, which decodes, its later ones, which
take the cache, and torchvision's ImageFolder with a DataLoader. In alternating rounds, because machines differ from minute to minute.

usage: compare.py [COUNT [ROUNDS]]     by default 10000 pictures, 3 rounds

Needs torchvision in the Python that runs it, g++ and libjpeg-turbo. The pictures are smoothed noise, of the size of photographs. Later
epochs of the DataLoader take as long as its first one.
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import torch
from PIL import Image
from torchvision import datasets, transforms

count = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
workers = 2
root = pathlib.Path(__file__).resolve().parents[2]


def make_pictures(folder):
    os.makedirs(folder / "all")
    drawn = random.Random(0)
    for i in range(count):
        coarse = Image.frombytes("RGB", (24, 30), drawn.randbytes(24 * 30 * 3))
        coarse.resize((178, 218), Image.Resampling.BICUBIC).save(folder / "all" / f"{i:06d}.jpg", quality=90)


def by_torchvision(folder):
    made = transforms.Compose([transforms.Resize(64), transforms.CenterCrop(64), transforms.ToTensor(),
                               transforms.Normalize([0.5] * 3, [0.5] * 3)])
    begin = time.perf_counter()
    loader = torch.utils.data.DataLoader(datasets.ImageFolder(folder, made), batch_size=64, num_workers=workers)
    read = sum(len(batch) for batch, _ in loader)
    assert read == count
    return time.perf_counter() - begin


with tempfile.TemporaryDirectory() as work:
    work = pathlib.Path(work)
    folder = work / "pictures"
    make_pictures(folder)
    program = work / "read"
    subprocess.run(["g++", "-std=c++20", "-O2", "-march=native", "-pthread", "-DCTGAN_WITH_JPEG", "-I", root / "include",
                    root / "benchmarks/pictures/read.cpp", "-o", program, "-lpng", "-ljpeg", "-lz"], check=True)

    def by_ctgan():
        result = subprocess.run([program, folder, work / "cache"], check=True, capture_output=True, text=True).stdout.split()
        assert int(result[0]) == count
        return float(result[1])

    for each in range(rounds):
        (work / "cache").unlink(missing_ok=True)
        first, later, torchvision = by_ctgan(), by_ctgan(), by_torchvision(folder)
        print(f"round {each + 1}: pictures/s: ctgan {count / first:.0f}, from its cache {count / later:.0f}, "
              f"torchvision with {workers} workers {count / torchvision:.0f}; first epoch {torchvision / first:.2f} times as fast",
              flush=True)
