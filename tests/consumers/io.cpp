// A user's program that encodes a picture, with ctgan::io and its libraries.
#include <ctgan/io/idx.hpp>
#include <ctgan/io/png.hpp>
#include <ctgan/io/safetensors.hpp>

#include <cstdio>

int main() {
    const ctgan::io::Picture picture{.channels = 1, .height = 1, .width = 1, .pixels = {255}};
    std::printf("a picture of %d bytes\n", static_cast<int>(ctgan::io::encode_png(picture).size()));
}
