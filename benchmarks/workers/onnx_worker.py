"""The published DCGAN's generator in ONNX Runtime: onnx_worker.py THREADS is a worker of benchmarks/run.

Prints "ready", then answers each line "BATCH COUNT" with one line: the milliseconds of COUNT runs.
"""

import sys
import time

import numpy
import onnxruntime

from onnx_graph import generator

random = numpy.random.default_rng(0)


def main():
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(sys.argv[1])
    options.inter_op_num_threads = 1
    prepared_for, session = None, None
    print("ready", flush=True)
    for line in sys.stdin:
        batch, count = map(int, line.split())
        if batch != prepared_for:
            # Releases the previous one first, so that the process's memory is that of one batch size.
            session = None
            session = onnxruntime.InferenceSession(generator(batch), options, providers=["CPUExecutionProvider"])
            prepared_for = batch
        noise = {"noise": random.standard_normal((batch, 100), numpy.float32)}
        times = []
        for _ in range(count):
            begin = time.perf_counter()
            session.run(None, noise)
            times.append((time.perf_counter() - begin) * 1000)
        print(*(f"{ms:.4f}" for ms in times), flush=True)


main()
