#include "watching.hpp"

#include <ctgan/io/error.hpp>

#include <fmt/core.h>

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace train {

namespace {

/// Whether these are lines as add() keeps them: each with where in the run it was, a colon and its end.
bool are_events(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos || text.substr(0, end).find(": ") == std::string_view::npos)
            return false;
        text.remove_prefix(end + 1);
    }
    return true;
}

} // namespace

std::vector<std::string> Watching::after_epoch(std::int64_t epoch, const ctgan::WatchFigures& figures) {
    std::vector<std::string> lines;
    for (ctgan::Alarm& alarm : watch_.after(fmt::format("epoch {}", epoch), figures)) {
        add(alarm.text);
        lines.push_back(std::move(alarm.text));
    }
    return lines;
}

void Watching::gather(std::vector<ctgan::io::TensorToWrite>& tensors) const {
    const auto state = watch_.state();
    tensors.push_back({"run.watch", ctgan::io::Dtype::F64, {state.size()}, std::as_bytes(state)});
    tensors.push_back(
        {"run.events", ctgan::io::Dtype::U8, {events_.size()}, std::as_bytes(std::span(events_))});
}

void Watching::restore(const ctgan::io::SafetensorsFile& checkpoint) {
    if (checkpoint.tensors().count("run.watch") == 0) return;
    const auto& events = checkpoint.tensor("run.events");
    std::string text(reinterpret_cast<const char*>(events.bytes.data()), events.bytes.size());
    if (events.dtype != ctgan::io::Dtype::U8 || !are_events(text))
        throw ctgan::io::Error(checkpoint.path(), events.offset,
                               ctgan::io::counted(text.size(), "byte") + " as run.events",
                               "lines of text, each with a colon");
    ctgan::Watch watch = watch_;
    const auto state = checkpoint.values<double>("run.watch");
    try {
        watch.restore(state);
    } catch (const std::invalid_argument&) {
        throw ctgan::io::Error(checkpoint.path(), checkpoint.tensor("run.watch").offset,
                               ctgan::io::counted(state.size(), "number") + " as run.watch",
                               fmt::format("{} finite ones", ctgan::Watch::state_size));
    }
    watch_ = watch;
    events_ = std::move(text);
}

ctgan::plot::ReportTable Watching::table() const {
    ctgan::plot::ReportTable table{"Watch", {}};
    for (std::size_t at = 0; at < events_.size();) {
        const std::size_t end = events_.find('\n', at), colon = events_.find(": ", at);
        table.rows.emplace_back(events_.substr(at, colon - at), events_.substr(colon + 2, end - colon - 2));
        at = end + 1;
    }
    return table;
}

} // namespace train
