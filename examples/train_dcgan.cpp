// Trains the reference's DCGAN on MNIST: train_dcgan [--data DIR] [--out DIR] ... (see --help)

#include "cuda/train_dcgan.hpp"

#include "device.hpp"
#include "program.hpp"
#include "train/trainer.hpp"

/// Returns 0, or the signal by which the run was asked to stop.
static int train_on(const std::string& device, const train::Options& options) {
    if (program::chooses_cuda(device)) {
        if constexpr (program::built_with_cuda) return train::run_on_cuda(options);
    }
    if (options.threads > 0) ctgan::cpu::set_threads(options.threads);
    return train::run<ctgan::Cpu>(options, fmt::format("{} threads", ctgan::cpu::threads()));
}

int main(int argc, char** argv) {
    train::Options options;
    std::string device;
    std::filesystem::path to_check;
    CLI::App app{"Trains a DCGAN on handwritten digits", "train_dcgan"};
    // A flag given twice means its last value: scripts add theirs behind defaults.
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    app.add_option("--data", options.data,
                   "folder with IDX files, plain or .gz (the digits shipped with ctgan)");
    app.add_option("--out", options.out, "folder for the results")->capture_default_str();
    app.add_option("--epochs", options.epochs, "passes over the data")
        ->check(program::between(1, 100000))
        ->capture_default_str();
    app.add_option("--batch-size", options.batch_size, "images in a step")
        ->check(program::between(2, 1 << 16))
        ->capture_default_str();
    app.add_option("--seed", options.seed, "all random numbers follow from it")
        ->check(program::at_least(0))
        ->capture_default_str();
    app.add_option("--generator-lr", options.generator_lr, "Adam's rate")
        ->check(program::positive())
        ->capture_default_str();
    app.add_option("--discriminator-lr", options.discriminator_lr, "Adam's rate")
        ->check(program::positive())
        ->capture_default_str();
    app.add_option("--max-steps", options.max_steps, "stop after this many steps")
        ->check(program::at_least(1));
    app.add_option(
           "--save-every", options.save_every,
           "also write checkpoint.safetensors after so many steps (at each epoch's end and on a stop)")
        ->check(program::at_least(1));
    app.add_flag(
        "--resume", options.resume,
        "go on from the checkpoint in --out as if nothing had happened; repeat the run's other flags");
    app.add_option("--check", to_check, "only say whether this checkpoint is whole, and what it holds");
    app.add_option("--threads", options.threads, "threads (all cores)")->check(program::between(1, 1024));
    program::add_device(app, device);
    app.add_flag("--tf32", options.tf32, "CUDA: multiply in TF32: faster, and off by 5e-4 instead of 1e-7");
    app.add_flag("!--no-graph", options.graph,
                 "cuda only: run steps plainly, so that an error names its kernel");
    app.add_flag("--log-steps", options.log_steps, "also write steps.csv");
    app.add_option("--init-generator", options.init_generator, "start from these weights, or a checkpoint's");
    app.add_option("--init-discriminator", options.init_discriminator, "the same");
    app.add_flag("--allow-nonfinite", options.allow_non_finite,
                 "start from weights that are infinite or NaN, too");
    return program::run(app, argc, argv, [&] {
        if (!to_check.empty()) {
            train::say("{}", train::description(to_check));
            return 0;
        }
        train::note_stop_signals();
        const int signal = train_on(device, options);
        return signal == 0 ? 0 : 128 + signal;
    });
}
