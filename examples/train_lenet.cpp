// Trains the LeNet whose features score_samples compares: train_lenet [--data DIR] [--out FILE] ... (see
// --help)

#include <ctgan/backend/cpu.hpp>
#include <ctgan/io/cifar.hpp>

#include "lenet/recipe.hpp"
#include "program.hpp"

int main(int argc, char** argv) {
    lenet::Options options;
    program::Arguments arguments{"Trains the network whose features score_samples compares", "train_lenet"};
    arguments.let_the_last_count();
    arguments.option("--data", options.data,
                     "folder with IDX files of images and labels, plain or .gz, or with CIFAR-10's binary "
                     "files (the digits shipped with ctgan, of which every fifth is for testing)");
    arguments.option("--out", options.out, "file for the weights").show_default();
    arguments.option("--epochs", options.epochs, "number of epochs").between(1, 100000).show_default();
    arguments.option("--batch-size", options.batch_size, "images per step")
        .between(1, 1 << 16)
        .show_default();
    arguments.option("--lr", options.lr, "learning rate of Adam at the start").positive().show_default();
    arguments.option("--seed", options.seed, "seed of all random numbers").at_least(0).show_default();
    arguments.option("--threads", options.threads, "number of threads (all cores)").between(1, 1024);
    return arguments.run(argc, argv, [&] {
        if (options.threads > 0) ctgan::cpu::set_threads(options.threads);
        if (ctgan::io::is_cifar(options.data))
            lenet::train_on_colors(options);
        else
            lenet::train_on_digits(options);
        return 0;
    });
}
