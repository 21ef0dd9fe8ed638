#!/usr/bin/env python3
"""Tests check_documents.py with a document that has each mistake once.   self_test.py g++"""
import os
import sys
import tempfile

from check_documents import check
from documents import COMPLAINTS

WRONG = """# Wrong
[a](nowhere.md) [b](#nothing) `tests/nothing.cpp` `--no-such-flag` `./run dance` `CTGAN_NOTHING`
```cpp
int f() { return 1 }
```
```cpp
int g();
```
<!-- code: fails -->
```cpp
int h();
```
```
error: this
```
<!-- code: perhaps -->
```cpp
```
<!-- code: continues -->
text
```python
def f(:
```
```sh
./run mnist --no-such-flag
tests/nothing.sh
build/release/bin/nothing
frobnicate
g++ examples/nothing.cpp
cmake -DCTGAN_NOTHING=ON
```
```cmake
find_package(nothing)
```
```perl
```
<!-- code: printed for nothing.cpp -->
```
error
```
| `program` | `--known --of-another` |
```sh
mpirun -n 2 build/release/bin/program --known --of-another
```
```cpp
#include <cstdio>
int main() { std::puts("one"); }
```
<!-- code: printed by the program -->
```
two
```
"""


def self_test(compiler):
    with tempfile.TemporaryDirectory() as root:
        with open(os.path.join(root, "README.md"), "w", encoding="utf-8") as file:
            file.write(WRONG)
        with open(os.path.join(root, "run"), "w", encoding="utf-8") as file:
            file.write("mnist)\n")
        os.mkdir(os.path.join(root, "examples"))
        for name, flag in ("program", "--known"), ("other", "--of-another"):
            with open(os.path.join(root, "examples", name + ".cpp"), "w", encoding="utf-8") as file:
                file.write(flag)
        check(compiler, root)
    expected = ["README.md:2: link to nowhere.md", "README.md:2: link to #nothing",
                "README.md:2: tests/nothing.cpp", "README.md:2: --no-such-flag", "README.md:2: ./run dance",
                "README.md:2: CTGAN_NOTHING", "README.md:3: does not compile", "README.md:10: 0 errors",
                "README.md:10: not printed: error: this", "README.md:17: unknown comment 'perhaps'",
                "README.md:20: text, expected a block", "README.md:21: line 1 is not Python",
                "README.md:24: ./run --no-such-flag", "README.md:24: tests/nothing.sh",
                "README.md:24: build/release/bin/nothing", "README.md:24: frobnicate",
                "README.md:24: examples/nothing.cpp", "README.md:24: -DCTGAN_NOTHING",
                "README.md:32: no CMakeLists.txt", "README.md:35: a block of 'perl'",
                "README.md:38: 'printed for nothing.cpp'", "README.md:41: --of-another: no flag of the program",
                "README.md:42: build/release/bin/program --of-another: no flag of it",
                "README.md:50: the program prints something else"]
    missing = [text for text in expected if not any(complaint.startswith(text) for complaint in COMPLAINTS)]
    others = [complaint for complaint in COMPLAINTS if not complaint.startswith(tuple(expected))]
    for text in missing:
        print(f"not complained of: {text}")
    for complaint in others:
        print(f"not expected: {complaint}")
    print(f"{len(expected)} faults, {len(missing)} not seen, {len(others)} others")
    return 1 if missing or others else 0


sys.exit(self_test(sys.argv[1:]))
