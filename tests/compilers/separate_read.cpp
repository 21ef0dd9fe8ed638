// Another file of the same program: it reads what separate_write.cpp wrote.
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/find_labels.hpp>
#include <ctgan/io/foreign_format.hpp>
#include <ctgan/io/gan_state.hpp>
#include <ctgan/io/load_network.hpp>
#include <ctgan/io/network_text.hpp>

#include "networks.hpp"
#include "separate.hpp"
#include <cstdio>
#include <string>

namespace {

int failures = 0;

void expect(bool holds, const char* what) {
    if (!holds) std::printf("%s differs\n", what);
    failures += holds ? 0 : 1;
}

float first_pixel(const ctgan::Network<Generator>& network) {
    ctgan::Network<Generator>::Workspace workspace(/*capacity*/ 1);
    const ctgan::Batch<ctgan::Flat<8>> noise(1);
    return network.forward(noise, workspace).data[0];
}

} // namespace

int read_files(const Gan& gan) {
    const io::GanNames names{generator_names, discriminator_names};
    ctgan::Network<Generator> loaded{/*seed*/ 1};
    io::load_network("generator.safetensors", loaded, names.generator, "generator");
    expect(first_pixel(loaded) == first_pixel(gan.generator), "the generator");
    ctgan::Network<Generator, ctgan::Cpu, double> in_double{/*seed*/ 1};
    io::load_weights(io::SafetensorsFile::open("double.safetensors"), in_double, names.generator);

    Gan restored(/*seed*/ 1, /*batch*/ 4, {.lr = 1e-3}, {.lr = 1e-3});
    const io::LatestCheckpoint latest = io::open_latest_checkpoint("checkpoint.safetensors");
    io::restore_gan(latest.file, restored, names);
    expect(first_pixel(restored.generator) == first_pixel(gan.generator), "the checkpoint's generator");
    expect(restored.generator_optimizer.steps() == 1, "the number of steps");
    expect(latest.file.values<double>("run.losses")[1] == 2, "a loss");
    expect(latest.file.values<std::uint8_t>("checksum").size() == 4, "the checksum");

    using Data = ctgan::io::DataSet<ctgan::Image<1, 1, 2>>;
    expect(Data::read(".").pixels()[3] == 4, "the images");
    expect(io::read_idx_labels(io::find_labels("train-images-idx3-ubyte"))[1] == 9, "the labels");
    expect(io::shuffled(3, 0, 0).size() == 3, "the shuffle");
    expect(io::foreign_format(std::as_bytes(std::span("%PDF"))).name == "a PDF document", "the format");
    expect(io::layers_text<Generator>()[0] == "Linear<8, 256> to [256]", "the text of a layer");

    std::string message;
    try {
        io::load_network("train-images-idx3-ubyte", loaded, names.generator, "generator");
    } catch (const io::Error& error) {
        message = error.what();
    }
    expect(message == "train-images-idx3-ubyte: found an IDX file of images, expected a safetensors file",
           "the message");
    std::printf("%s\n", failures == 0 ? "all as written" : "something else");
    return failures;
}
