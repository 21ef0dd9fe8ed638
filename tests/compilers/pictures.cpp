// The second file of the user's program: it reads and writes files, and runs a network that training.cpp
// runs, too.
#include <ctgan/io/checkpoint.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/load_network.hpp>
#include <ctgan/io/png.hpp>
#include <ctgan/io/weights.hpp>
#include <ctgan/plot/line_chart.hpp>
#include <ctgan/plot/report.hpp>

#include "networks.hpp"
#include <array>
#include <cstdio>
#include <string_view>

int write_files(const Gan& gan);

int write_files(const Gan& gan) {
    constexpr std::array<std::string_view, 6> names{"linear", "bn1", "residual", "decon1", "bn2", "decon2"};
    ctgan::io::save_weights("generator.safetensors", gan.generator, names);
    ctgan::Network<Generator> loaded{/*seed*/ 1};
    ctgan::io::load_weights(ctgan::io::SafetensorsFile::open("generator.safetensors"), loaded, names);

    ctgan::Network<Generator>::Workspace for_loaded(/*capacity*/ 1), for_original(/*capacity*/ 1);
    const ctgan::Batch<ctgan::Flat<8>> noise(1);
    const bool same =
        loaded.forward(noise, for_loaded).data[0] == gan.generator.forward(noise, for_original).data[0];
    std::printf("%s\n", same ? "the same picture" : "another picture");
    return same ? 0 : 1;
}
