#pragma once

#include <ctgan/core/finite.hpp>
#include <ctgan/gan/step_losses.hpp>
#include <ctgan/io/gan_state.hpp>
#include <ctgan/optim/bad_tensor.hpp>

#include <fmt/core.h>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace train {

/// A step with a loss or a gradient that is not finite.
class BadStep : public std::runtime_error {
  public:
    /// `goes_back`: the run has --rollback, so that is not what to try.
    BadStep(long long step, const std::string& found, bool goes_back)
        : std::runtime_error(
              fmt::format("step {}: found {}, expected finite numbers; try lower learning rates{}", step,
                          found, goes_back ? "" : ", or --rollback")),
          step_(step),
          found_("found " + found) {}

    long long step() const { return step_; }
    const std::string& found() const { return found_; }

  private:
    long long step_;
    std::string found_;
};

/// Takes the pending losses of a loop whose last step was number `last`, and calls `add(step, losses)` for
/// each. Throws BadStep at the first that is not finite, or whose gradients are not. `uncounted` is by how
/// many steps the optimizers count less than the run, `goes_back` whether that has --rollback.
template <class Gan, class Loop, class Add>
void take_losses(Gan& gan, Loop& loop, const ctgan::io::GanNames& names, long long last,
                 std::int64_t uncounted, bool goes_back, const Add& add) {
    const auto bad_step = [&](const auto& optimizer) {
        const std::int64_t step = optimizer.first_bad_step();
        return step == 0 ? 0 : step + uncounted;
    };
    const auto gradient = [](const std::string& tensor) {
        return "a gradient of " + tensor + " that, or whose square, is infinite or NaN";
    };
    const std::int64_t of_discriminator = bad_step(gan.discriminator_optimizer);
    const std::int64_t of_generator = bad_step(gan.generator_optimizer);
    long long step = last - loop.pending_losses();
    for (const ctgan::StepLosses& losses : loop.take_losses()) {
        ++step;
        if (step == of_discriminator)
            throw BadStep(
                step,
                gradient("discriminator." + first_bad_tensor(gan.discriminator, gan.discriminator_optimizer,
                                                             names.discriminator)),
                goes_back);
        if (step == of_generator)
            throw BadStep(step,
                          gradient("generator." +
                                   first_bad_tensor(gan.generator, gan.generator_optimizer, names.generator)),
                          goes_back);
        if (!ctgan::is_finite(losses.discriminator) || !ctgan::is_finite(losses.generator))
            throw BadStep(step,
                          fmt::format("d_loss {} and g_loss {}", losses.discriminator, losses.generator),
                          goes_back);
        add(step, losses);
    }
}

} // namespace train
