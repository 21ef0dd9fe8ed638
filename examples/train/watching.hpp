#pragma once

#include <ctgan/gan/watch.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/safetensors_write.hpp>
#include <ctgan/plot/report.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace train {

/// The watch of a run, and the lines that say what it saw. A checkpoint holds both, so a resumed run says
/// nothing twice.
class Watching {
  public:
    /// `even_loss` is that of WatchOptions.
    explicit Watching(double even_loss) : watch_({.even_loss = even_loss}) {}

    /// After an epoch. Returns the new lines, and keeps them.
    std::vector<std::string> after_epoch(std::int64_t epoch, const ctgan::WatchFigures& figures);
    /// Keeps a line about something else, which begins with where in the run it was and a colon.
    void add(std::string line) { events_ += line + "\n"; }

    /// Whether a symptom is there with which the run cannot go on.
    bool sees_collapse() const { return watch_.sees_collapse(); }
    bool sees_nothing() const { return watch_.sees_nothing(); }
    void went_back(bool to_beginning) { watch_.went_back(to_beginning); }

    /// Adds everything to the tensors of a checkpoint, which refer to this object.
    void gather(std::vector<ctgan::io::TensorToWrite>& tensors) const;
    /// Restores it. A checkpoint that was written without a watch leaves this one as it began. Throws
    /// io::Error, and changes nothing, if the tensors are damaged.
    void restore(const ctgan::io::SafetensorsFile& checkpoint);

    /// For report.html: the lines.
    ctgan::plot::ReportTable table() const;

  private:
    ctgan::Watch watch_;
    std::string events_; ///< lines, each with its end
};

} // namespace train
