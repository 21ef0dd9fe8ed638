#include "preset_list.hpp"

#include "picture_presets.hpp"
#include "presets.hpp"
#include "run.hpp"
#include <algorithm>

namespace train {

namespace {

/// The optimizers' rates of some networks.
template <class Networks>
void set_rates(Options& options) {
    options.generator_lr = Networks::generator_options.lr;
    options.discriminator_lr = Networks::discriminator_options.lr;
}

void set_digits(Options& options) {
    set_rates<Digits>(options);
    options.batch_size = 32;
    options.epochs = 32;
}

void set_pictures32(Options& options) {
    set_rates<Pictures32>(options);
    options.data.clear(); // none is shipped
    options.batch_size = 32;
    options.epochs = 200;
}

void set_pictures64(Options& options) {
    set_rates<Pictures64>(options);
    options.data.clear();
    options.batch_size = 32;
    options.epochs = 100;
}

} // namespace

const std::vector<Preset>& presets() {
    static const std::vector<Preset> all{
        {"digits", 1,
         "grey 28 x 28, such as digits: a small DCGAN with R1 penalty; two minutes, Fréchet distance 58 "
         "(reference 425)",
         false, set_digits, run_digits},
        {"pictures32", 1,
         "color 32 x 32 from a folder of PNG and JPEG files or CIFAR: a DCGAN with R1 penalty; an "
         "epoch of 4,000 pictures takes a core 5 s",
         true, set_pictures32, run_pictures32},
        {"pictures64", 1, "color 64 x 64 from a folder: the same with a stage more; 20 s", true,
         set_pictures64, run_pictures64}};
    return all;
}

const Preset* find_preset(std::string_view name) {
    const auto found = std::find_if(presets().begin(), presets().end(),
                                    [&](const Preset& each) { return name == each.name; });
    return found == presets().end() ? nullptr : &*found;
}

} // namespace train
