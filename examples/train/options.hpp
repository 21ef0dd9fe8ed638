#pragma once

#include <ctgan/dcgan.hpp>
#include <ctgan/io/picture_folder.hpp>

#include "../score/network_file.hpp"
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

namespace train {

/// The flags of train_dcgan and train_gan. The defaults are the published settings.
struct Options {
    std::vector<std::string> command; ///< the program's arguments, of which the first is its name
    std::string program = "train_dcgan";
    std::string preset;     ///< of train_gan; empty: the published networks
    int preset_version = 0; ///< grows when a change of the preset gives other results
    std::filesystem::path data = CTGAN_SHIPPED_DATA_DIR;
    ctgan::io::FolderOptions pictures; ///< how a folder of pictures is read
    bool flip = false;                 ///< mirror each image with a chance of one half in each epoch
    std::filesystem::path out = "out";
    int epochs = ctgan::dcgan::epochs;
    int batch_size = ctgan::dcgan::batch_size;
    std::uint64_t seed = 0;
    double generator_lr = ctgan::dcgan::generator_options.lr;
    double discriminator_lr = ctgan::dcgan::discriminator_options.lr;
    long long max_steps = std::numeric_limits<long long>::max();
    /// Steps between checkpoints. There is always one at the end of an epoch and when the run is stopped.
    long long save_every = std::numeric_limits<long long>::max();
    bool resume = false;
    long long score_every = 0; ///< epochs between scores; 0: none
    bool watch = true;         ///< for signs of collapse
    long long rollback = 0;    ///< how often the run may go back to its best state
    std::filesystem::path score_network = scoring::shipped_network();
    std::filesystem::path animation; ///< a file for the samples of all epochs; empty: none
    int threads = 0;                 ///< 0: all cores
    bool log_steps = false;
    std::filesystem::path init_generator, init_discriminator;
    bool allow_non_finite = false;          ///< in the initial weights
    int shards = 1;                         ///< of a batch; see ctgan::ranks
    std::string batch_statistics = "batch"; ///< of batch normalization: of the batch, or of the rank's part
    std::string read_data = "rank";         ///< each rank reads the data, or one rank of each node
    double rank_timeout = 6;                ///< seconds that a rank may leave the others without an answer
    bool tf32 = false;                      ///< CUDA: multiply in TF32
    bool graph = true;                      ///< CUDA: record the step once and play it back
};

} // namespace train
