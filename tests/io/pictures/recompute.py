"""Makes the pictures of this folder and expected.csv, what Pillow and torchvision make of them.

usage: recompute.py           writes both, with Pillow
       recompute.py --check   compares expected.csv with what this machine's Pillow makes of the pictures in the folder

A line of expected.csv: file, mode of Pillow, operation, CRC-32 of the bytes. The operations: `whole`; `resize HxW`; `crop HxW`, for a
square torchvision's Resize(H) and CenterCrop(H), which torchvision itself computes if it is there.
"""
import pathlib
import random
import sys
import zlib

from PIL import Image

try:
    from torchvision import transforms
except ImportError:
    transforms = None

here = pathlib.Path(__file__).parent
CROPS = [(16, 16), (24, 24), (7, 7), (32, 32), (20, 12)]
RESIZES = [(5, 9), (9, 5), (16, 16), (41, 67), (1, 1), (29, 40)]


def write_pictures():
    drawn = random.Random(1)

    def picture(height, width, mode):
        bands = len(mode)
        cells = Image.frombytes(mode, (max(2, width // 5), max(2, height // 5)),
                                drawn.randbytes(max(2, width // 5) * max(2, height // 5) * bands))
        return cells.resize((width, height), Image.Resampling.BICUBIC)

    rgb, tall, gray = picture(29, 40, "RGB"), picture(37, 23, "RGB"), picture(33, 26, "L")
    rgb.save(here / "rgb.png")
    tall.save(here / "tall.png")
    gray.save(here / "gray.png")
    picture(1, 9, "RGB").save(here / "line.png")
    picture(18, 21, "RGBA").save(here / "rgba.png")
    picture(20, 20, "RGBA").convert("LA").save(here / "gray_alpha.png")
    rgb.quantize(19).save(here / "palette.png")
    tall.quantize(5).save(here / "palette_transparent.png", transparency=2)
    gray.convert("1").save(here / "bits.png")
    rgb.save(here / "baseline.jpg", quality=90)
    tall.save(here / "progressive.jpeg", progressive=True)
    gray.save(here / "gray.JPG")
    tall.convert("CMYK").save(here / "cmyk.jpg")
    rgb.save(here / "whole_chroma.jpg", subsampling=0)


def crop(image, height, width):
    if transforms and height == width:
        return transforms.CenterCrop(height)(transforms.Resize(height)(image))
    if image.width * height <= image.height * width:
        size = width, int(width * image.height / image.width)
    else:
        size = int(height * image.width / image.height), height
    image = image.resize(size, Image.Resampling.BILINEAR)
    left, top = round((size[0] - width) / 2), round((size[1] - height) / 2)
    return image.crop((left, top, left + width, top + height))


def lines():
    for path in sorted(path for path in here.iterdir() if path.suffix.lower() in (".png", ".jpg", ".jpeg")):
        for mode in ("L", "RGB"):
            image = Image.open(path).convert(mode)

            def line(operation, result):
                return f"{path.name},{mode},{operation},{zlib.crc32(result.tobytes()):08x}\n"

            yield line("whole", image)
            for height, width in RESIZES:
                yield line(f"resize {height}x{width}", image.resize((width, height), Image.Resampling.BILINEAR))
            for height, width in CROPS:
                yield line(f"crop {height}x{width}", crop(image, height, width))


if sys.argv[1:] == ["--check"]:
    wanted = (here / "expected.csv").read_text().splitlines(keepends=True)
    found = list(lines())
    differ = [a + b for a, b in zip(found, wanted) if a != b]
    sys.stdout.write("".join(differ))
    print(f"{len(found)} results, {len(differ)} differ")
    sys.exit(bool(differ) or len(found) != len(wanted))
write_pictures()
(here / "expected.csv").write_text("".join(lines()))
