// A file of a program with separate compilation: it writes a file of each kind. training.cpp calls it.
#include <ctgan/io/checkpoint.hpp>
#include <ctgan/io/file.hpp>
#include <ctgan/io/gan_state.hpp>
#include <ctgan/io/png.hpp>
#include <ctgan/io/weights.hpp>
#include <ctgan/plot/line_chart.hpp>

#include "networks.hpp"
#include "separate.hpp"
#include <string_view>

int write_files(const Gan& gan);

int write_files(const Gan& gan) {
    using namespace std::string_view_literals; // the files of IDX contain zero bytes
    const io::GanNames names{generator_names, discriminator_names};
    io::save_weights("generator.safetensors", gan.generator, names.generator, {{"kind", "generator"}});
    io::TensorsToWrite tensors;
    io::gather_gan(tensors, gan, names);
    tensors.add("run.losses", {2}, std::vector<double>{1, 2});
    io::write_checkpoint("checkpoint.safetensors", tensors.list(), {});

    const ctgan::Network<Generator, ctgan::Cpu, double> in_double{/*seed*/ 0};
    io::save_weights("double.safetensors", in_double, names.generator);

    io::write_atomically("train-images-idx3-ubyte",
                         "\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x02\x01\x02\x03\x04"sv);
    io::write_atomically("train-labels-idx1-ubyte", "\0\0\x08\x01\0\0\0\x02\x07\x09"sv);
    const std::vector<float> black(4, -1.F);
    io::write_png("picture.png", io::enlarged(io::tile(black, 1, 1, 2, 2, 1), 2));
    ctgan::plot::write_svg("chart.svg", {.title = "losses",
                                         .x_label = "step",
                                         .y_label = "loss",
                                         .curves = {{"d", {1, 2, 3}, {3, 2, 1}}},
                                         .marks = {{1.5, "equilibrium"}}});
    return read_files(gan);
}
