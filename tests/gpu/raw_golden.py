#!/usr/bin/env python3
"""Converts recorded tensors to the format of the GPU tests: raw_golden.py FILE.safetensors FILE.raw

In little-endian order: the number of tensors; for each the length of its name, the name, the rank, the shape, and the values as
doubles, which represent all recorded types exactly. Counts have 8 bytes.
"""

import json
import pathlib
import struct
import sys

import numpy

types = {"F64": "<f8", "F32": "<f4", "I64": "<i8", "U8": "|u1"}


def read_safetensors(path):
    content = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header, data = json.loads(content[8 : 8 + length]), content[8 + length :]
    header.pop("__metadata__", None)
    return {
        name: numpy.frombuffer(data[slice(*entry["data_offsets"])], types[entry["dtype"]]).reshape(entry["shape"])
        for name, entry in header.items()
    }


def write_raw(path, tensors):
    def count(*numbers):
        return struct.pack(f"<{len(numbers)}Q", *numbers)

    with open(path, "wb") as file:
        file.write(count(len(tensors)))
        for name, tensor in tensors.items():
            file.write(count(len(name)) + name.encode() + count(tensor.ndim, *tensor.shape))
            file.write(numpy.ascontiguousarray(tensor, "<f8").tobytes())


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: raw_golden.py FILE.safetensors FILE.raw")
    write_raw(sys.argv[2], read_safetensors(sys.argv[1]))
