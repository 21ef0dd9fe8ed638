// Reads a folder of pictures as compare.py asks for: read FOLDER CACHE. Prints the seconds.

#include <ctgan/io/data_set.hpp>

#include <chrono>
#include <cstdio>
#include <exception>

int main(int argc, char** argv) try {
    if (argc != 3) return 2;
    const auto begin = std::chrono::steady_clock::now();
    const auto data = ctgan::io::DataSet<ctgan::Image<3, 64, 64>>::read(argv[1], {.cache = argv[2]});
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    std::printf("%u %.4f\n", data.count(), seconds.count());
} catch (const std::exception& error) {
    std::fprintf(stderr, "read: %s\n", error.what());
    return 1;
}
