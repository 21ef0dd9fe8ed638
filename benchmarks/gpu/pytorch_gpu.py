#!/usr/bin/env python3
"""Measures the published DCGAN's training step in PyTorch on the GPU, in several modes: pytorch_gpu.py MODE...

Prints one JSON object per line. All modes but `eager` favor PyTorch: fused Adam, cuDNN's search for the fastest algorithm, and
losses that stay on the device. In all modes the images are on the device.
"""

import argparse
import dataclasses
import json
import math
import pathlib
import statistics
import sys
import time

import torch
import torch._inductor.config

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "workers"))
from any_layout import Discriminator, Generator  # noqa: E402


@dataclasses.dataclass
class Mode:
    fused: bool = True
    channels_last: bool = False
    compile: str = ""  # the mode of torch.compile
    graph: bool = False  # the whole step as one CUDA graph
    reads_losses: bool = False  # after each step, which waits for the device


modes = {
    # As published: the default Adam, and `.item()` after each step.
    "eager": Mode(fused=False, reads_losses=True),
    "eager fused": Mode(),
    "channels last": Mode(channels_last=True),
    "graph": Mode(graph=True),
    "graph channels last": Mode(graph=True, channels_last=True),
    "compile": Mode(compile="default"),
    "reduce-overhead": Mode(compile="reduce-overhead"),
    "graph of compile": Mode(compile="default", graph=True),
}


class Step:
    """One training step. Returns its losses as tensors, or as numbers if the mode reads them."""

    def __init__(self, mode, batch, device):
        self.batch, self.device, self.mode = batch, device, mode
        layout = torch.channels_last if mode.channels_last else torch.contiguous_format
        self.real = (torch.rand(batch, 1, 28, 28, device=device) * 2 - 1).contiguous(memory_format=layout)
        generator, discriminator = (net().to(device, memory_format=layout) for net in (Generator, Discriminator))
        adam = {"fused": True} if mode.fused else {}
        if mode.graph:
            adam["capturable"] = True
        self.g_optim = torch.optim.Adam(generator.parameters(), lr=1e-4, **adam)
        self.d_optim = torch.optim.Adam(discriminator.parameters(), lr=1e-5, **adam)
        if mode.compile:
            # With its own choice of layouts PyTorch 2.11 ends with an AssertionError on strides at some batch sizes.
            torch._inductor.config.layout_optimization = False
            # Not dynamic: otherwise PyTorch would compile for all batch sizes when it meets a second one.
            generator, discriminator = (
                torch.compile(net, mode=mode.compile, dynamic=False) for net in (generator, discriminator))
        self.gen, self.dis = generator, discriminator
        self.loss = torch.nn.MSELoss()

    def __call__(self):
        if self.mode.compile == "reduce-overhead":
            torch.compiler.cudagraph_mark_step_begin()
        noise = torch.randn(self.batch, 100, device=self.device)
        self.d_optim.zero_grad()
        score = self.dis(self.real)
        real_loss = self.loss(score, torch.ones_like(score))
        real_loss.backward()
        fake = self.gen(noise)
        score = self.dis(fake.detach())
        fake_loss = self.loss(score, torch.zeros_like(score))
        fake_loss.backward()
        d_loss = real_loss.detach() + fake_loss.detach()
        self.d_optim.step()
        self.g_optim.zero_grad()
        score = self.dis(fake)
        g_loss = self.loss(score, torch.ones_like(score))
        g_loss.backward()
        self.g_optim.step()
        if self.mode.reads_losses:
            return d_loss.item(), g_loss.item()
        return d_loss, g_loss.detach()


def as_graph(step):
    """Records the step as a CUDA graph and returns a function that plays it back."""
    aside = torch.cuda.Stream()
    aside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(aside):
        for _ in range(4):  # compiles and selects the kernels, and creates Adam's state
            step()
    torch.cuda.current_stream().wait_stream(aside)
    # The recorded step allocates its gradients again, in the graph's own memory.
    step.d_optim.zero_grad()
    step.g_optim.zero_grad()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        losses = step()

    def play():
        graph.replay()
        return losses

    return play


def synchronize(device):
    if device == "cuda":
        torch.cuda.synchronize()


def seconds_of(step, count, device):
    synchronize(device)
    begin = time.perf_counter()
    for _ in range(count):
        step()
    synchronize(device)
    return time.perf_counter() - begin


def prepared(mode, batch, tf32, device):
    torch.backends.cudnn.allow_tf32 = tf32
    torch.backends.cuda.matmul.allow_tf32 = tf32
    torch.backends.cudnn.benchmark = mode.fused
    torch.manual_seed(0)
    # Code that was compiled without TF32 must not be used with it.
    torch._dynamo.reset()
    step = Step(mode, batch, device)
    if mode.graph:
        if device != "cuda":
            raise RuntimeError("a CUDA graph needs a CUDA device")
        step = as_graph(step)
    seconds_of(step, 5, device)
    return step


def measure(mode, batch, tf32, options):
    """Measures as gpu_bench does: the median of several repeats of many steps."""
    begin = time.perf_counter()
    step = prepared(mode, batch, tf32, options.device)
    result = {"prepare_s": round(time.perf_counter() - begin, 2)}
    if options.prepare:
        return result
    trial = 1 if options.smoke else 10
    count = max(1, min(4096, int(options.seconds * trial / seconds_of(step, trial, options.device))))
    times = [seconds_of(step, count, options.device) * 1000 / count for _ in range(options.repeats)]
    losses = [float(loss) for loss in step()]
    spread = {"median": statistics.median(times), "least": min(times), "most": max(times)}
    return result | {"steps": count, "ms": spread, "finite": all(map(math.isfinite, losses))}


def described(error):
    """The type of an error and the first line of its message."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0][:200] if lines else ''}"


def measure_mode(name, options):
    begin = time.perf_counter()
    # The most informative batch sizes first, in case the time does not suffice for all.
    for batch, tf32 in [(batch, tf32) for batch in options.batches for tf32 in (False, True)]:
        if time.perf_counter() - begin > options.mode_seconds:
            result = {"reason": f"left out: the {options.mode_seconds:.0f} s for this mode were over"}
        else:
            try:
                result = measure(modes[name], batch, tf32, options)
            except Exception as error:  # whatever it is, continue with the next
                result = {"reason": described(error)}
        if options.device == "cuda" and "reason" not in result:
            torch.cuda.empty_cache()
        print(json.dumps({"what": "pytorch", "mode": name, "batch": batch, "tf32": tf32} | result), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modes", nargs="*", metavar="MODE", help="one of " + ", ".join(modes) + " (all)")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--batches", type=int, nargs="+", default=[4, 512, 64, 4096])
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.1, help="approximate length of a repeat (%(default)s)")
    parser.add_argument("--mode-seconds", type=float, default=60, help="time limit for starting measurements of a mode (%(default)s)")
    parser.add_argument("--prepare", action="store_true", help="only take the first steps, which fill the compiler's caches for another run")
    parser.add_argument("--smoke", action="store_true", help="small and short, to see that it works")
    options = parser.parse_args()
    unknown = [name for name in options.modes if name not in modes]
    if unknown:
        parser.error(f"found mode {unknown[0]}, expected one of {', '.join(modes)}")
    if options.smoke:
        options.batches, options.repeats, options.seconds = [4], 2, 0
    if options.device == "cuda" and not torch.cuda.is_available():
        sys.exit("pytorch_gpu: found no CUDA device, expected one")
    name = torch.cuda.get_device_name() if options.device == "cuda" else "cpu"
    print(json.dumps({"what": "torch", "version": torch.__version__, "device": name}), flush=True)
    for mode in options.modes or modes:
        measure_mode(mode, options)


main()
