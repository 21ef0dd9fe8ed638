#pragma once

#include <ctgan/gan.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/file.hpp>
#include <ctgan/io/svg.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace train {

/// Makes a folder and those above it. Throws io::Error.
inline void make_folder(const std::filesystem::path& folder) {
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    if (code || !std::filesystem::is_directory(folder))
        throw ctgan::io::Error(folder, code ? code.message() : "something else of that name",
                               "a folder to write to");
}

/// `steps.csv`: a line per training step, written through at each epoch's end.
class StepLog {
  public:
    explicit StepLog(std::filesystem::path path)
        : path_(std::move(path)), file_(std::fopen(path_.c_str(), "w")) {
        check(file_ != nullptr && std::fputs("step,d_loss,g_loss\n", file_.get()) >= 0);
    }
    void add(long long step, const ctgan::StepLosses& losses) {
        check(std::fputs(
                  fmt::format("{},{:.9g},{:.9g}\n", step, losses.discriminator, losses.generator).c_str(),
                  file_.get()) >= 0);
    }
    void flush() { check(std::fflush(file_.get()) == 0); }

  private:
    void check(bool good) const {
        if (!good) throw ctgan::io::Error(path_, std::system_category().message(errno), "a file to write to");
    }
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::filesystem::path path_;
    std::unique_ptr<std::FILE, Close> file_;
};

/// The mean losses of each epoch, as `loss.csv` and `loss.svg`.
class LossHistory {
  public:
    void add(double discriminator, double generator) {
        epochs_.push_back(static_cast<double>(epochs_.size() + 1));
        discriminator_.push_back(discriminator);
        generator_.push_back(generator);
    }

    void write(const std::filesystem::path& folder) const {
        std::string csv = "epoch,d_loss,g_loss\n";
        for (std::size_t i = 0; i < epochs_.size(); ++i)
            csv += fmt::format("{},{:.9g},{:.9g}\n", i + 1, discriminator_[i], generator_[i]);
        ctgan::io::write_atomically(folder / "loss.csv", csv);
        // Where the discriminator can only answer 1/2, each of its two terms and the generator's loss are
        // 1/4.
        ctgan::io::write_loss_svg(
            folder / "loss.svg",
            {.title = "DCGAN on MNIST: mean loss of each epoch, and the LSGAN equilibrium",
             .x_label = "epoch",
             .y_label = "mean squared error",
             .curves = {{"discriminator", epochs_, discriminator_}, {"generator", epochs_, generator_}},
             .marks = {{0.25, "equilibrium 0.25"}, {0.5, "0.25 + 0.25"}}});
    }

  private:
    std::vector<double> epochs_, discriminator_, generator_;
};

} // namespace train
