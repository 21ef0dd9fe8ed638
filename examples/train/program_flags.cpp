#include "program_flags.hpp"

#include <fmt/core.h>

#include "animation.hpp"
#include "checkpoint.hpp"
#include "record.hpp"
#include "stop.hpp"

namespace train {

void declare_flags(program::Arguments& arguments, Options& options, ProgramFlags& flags) {
    arguments.option(
        "--data", options.data,
        "folder of PNG or JPEG pictures, or with IDX files, plain or .gz, data sets of torchvision or, for "
        "color pictures of 32 x 32, CIFAR's binary files (for grey digits, those shipped with ctgan)");
    arguments.flag("--skip-broken", options.pictures.skip_broken,
                   "leave out pictures of a folder that cannot be read, and name them");
    arguments.option("--picture-cache", options.pictures.cache,
                     "file for the decoded pictures of a folder (a hidden one in the folder)");
    arguments.option("--out", options.out, "folder for the results").show_default();
    arguments.option("--epochs", options.epochs, "number of epochs").between(1, 100000).show_default();
    arguments.option("--batch-size", options.batch_size, "images per step")
        .between(2, 1 << 16)
        .show_default();
    arguments.option("--seed", options.seed, "seed of all random numbers").at_least(0).show_default();
    arguments.option("--generator-lr", options.generator_lr, "learning rate of the generator's Adam")
        .positive()
        .show_default();
    arguments
        .option("--discriminator-lr", options.discriminator_lr, "learning rate of the discriminator's Adam")
        .positive()
        .show_default();
    arguments.option("--max-steps", options.max_steps, "stop after this many steps").at_least(1);
    arguments
        .option("--save-every", options.save_every,
                "steps between checkpoints; there is always one at the end of an epoch and when the run "
                "is stopped")
        .at_least(1);
    arguments.flag("--resume", options.resume,
                   "continue from the checkpoint in --out; give the other flags of the run again");
    arguments
        .option("--score-every", options.score_every,
                "epochs between scores of the generator against real digits, which also choose "
                "generator_best.safetensors; 0: none")
        .between(0, 100000)
        .show_default();
    arguments.option("--score-network", options.score_network,
                     "weights of the feature network, from train_lenet (those shipped with ctgan)");
    arguments.flag("!--no-watch", options.watch,
                   "do not look for signs of collapse after each epoch (docs/watch.md)");
    arguments
        .option("--rollback", options.rollback,
                "how often a run that has collapsed goes back to its best state, each time with a lower "
                "learning rate; 0: never")
        .between(0, 1000)
        .show_default();
    arguments.option(
        "--animate", options.animation,
        "at the end, also write the samples of all epochs as an animation: a name that ends with "
        ".gif, if the program was built with giflib, or .png");
    arguments.option("--check", flags.checkpoint,
                     "only check whether this checkpoint is whole, and print its state");
    arguments.option("--threads", options.threads, "number of threads (all cores)").between(1, 1024);
    arguments
        .option("--shards", options.shards,
                "parts of a batch, which mpirun's processes share; the results depend on it, not on the "
                "number of processes")
        .between(1, 4096)
        .show_default();
    arguments
        .option("--batch-statistics", options.batch_statistics,
                "of batch normalization: of the whole batch, or, with other results, of a rank's part")
        .one_of({"batch", "rank"})
        .show_default();
    arguments
        .option("--read-data", options.read_data, "each rank reads the data set, or one rank of each node")
        .one_of({"rank", "node"})
        .show_default();
    arguments
        .option("--rank-timeout", options.rank_timeout,
                "seconds without an answer after which a rank counts as dead")
        .positive()
        .show_default();
    arguments.flag("--log-steps", options.log_steps, "also write the losses of each step to steps.csv");
    arguments.option("--init-generator", options.init_generator,
                     "initial weights: a weight file or a checkpoint");
    arguments.option("--init-discriminator", options.init_discriminator,
                     "initial weights: a weight file or a checkpoint");
    arguments.flag("--allow-nonfinite", options.allow_non_finite,
                   "accept initial weights that are infinite or NaN");
}

int run_program(const Options& options, const ProgramFlags& flags, const std::function<int()>& train) {
    if (!flags.checkpoint.empty()) {
        say("{}", description(flags.checkpoint));
        return 0;
    }
    if (!options.animation.empty()) require_animation(options.animation);
    note_stop_signals();
    const int signal = train();
    return signal == 0 ? 0 : 128 + signal;
}

} // namespace train
