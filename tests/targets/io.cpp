// Uses what a program needs of io: weights, checkpoints, a data set, pictures, a locked folder. run.sh
// compiles it for each target.

#include <ctgan/dcgan.hpp>
#include <ctgan/io/checkpoint.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/folder.hpp>
#include <ctgan/io/gan_state.hpp>
#include <ctgan/io/png.hpp>
#include <ctgan/io/weights.hpp>

#include <cstdint>
#include <filesystem>

using namespace ctgan;
using Generator = Network<dcgan::Generator>;
using Digits = io::DataSet<Image<1, 28, 28>>;

std::uint32_t use_files(const std::filesystem::path& folder, Generator& network, const io::Picture& picture) {
    const io::FolderLock lock(folder);
    io::remove_leftovers(folder);
    const io::LatestCheckpoint latest = io::open_latest_checkpoint(folder / "checkpoint.safetensors");
    io::load_weights(latest.file, network, dcgan::generator_names);
    io::save_weights(folder / "generator.safetensors", network, dcgan::generator_names);
    io::write_png(folder / "picture.png", picture);
    return Digits::read(folder).count();
}
