#include "settings.hpp"

#include <fmt/core.h>

namespace train {

std::vector<ctgan::ranks::Setting> settings_of(const Options& options, const Identity& identity) {
    const auto flag = [](const char* name, const auto& value) {
        return ctgan::ranks::Setting{name, fmt::format("{}", value)};
    };
    std::vector<ctgan::ranks::Setting> all{
        flag("--out", options.out.string()), flag("--epochs", options.epochs),
        flag("--max-steps", options.max_steps), flag("--save-every", options.save_every),
        flag("--resume", options.resume), flag("--log-steps", options.log_steps),
        // Before the metadata, which has these only sometimes.
        flag("--score-every", options.score_every), flag("--shards", options.shards),
        flag("--batch-statistics", options.batch_statistics), flag("--rollback", options.rollback),
        flag("--no-watch", !options.watch)};
    for (const auto& [name, value] : identity.metadata()) all.emplace_back(name, value);
    return all;
}

} // namespace train
