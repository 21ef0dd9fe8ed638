"""Edits a checkpoint and corrects its checksum: edit_checkpoint.py FILE EDIT

EDIT is a Python statement that may use `metadata` and `tensors`, the two parts of the header, and put(NAME, FORMAT, VALUE), which
writes VALUE over the first bytes of a tensor in a format of struct.
"""
import json
import struct
import sys
import zlib

path, edit = sys.argv[1:]
with open(path, "rb") as file:
    content = file.read()
(length,) = struct.unpack("<Q", content[:8])
tensors = json.loads(content[8 : 8 + length])
metadata = tensors.pop("__metadata__")
data = bytearray(content[8 + length : -4])


def put(name: str, form: str, value: float) -> None:
    struct.pack_into("<" + form, data, tensors[name]["data_offsets"][0], value)


exec(edit)
header = json.dumps({"__metadata__": metadata, **tensors}, separators=(",", ":")).encode()
header += b" " * (-len(header) % 8)
content = struct.pack("<Q", len(header)) + header + data
with open(path, "wb") as file:
    file.write(content + struct.pack("<I", zlib.crc32(content)))
