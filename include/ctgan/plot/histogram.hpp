#pragma once

#include <ctgan/core/config.hpp>

#include <span>
#include <string>
#include <vector>

namespace ctgan::inline CTGAN_ABI::plot {

/// One of the sets whose values a Histogram counts.
struct HistogramSet {
    std::string name{};           ///< shown in the legend
    std::vector<double> shares{}; ///< for each bin, from 0 to 1: see shares_of()
};

/// How often values occur in several sets, by the same bins.
struct Histogram {
    std::string title{};              ///< shown above it
    std::string x_label{};            ///< of the values
    std::string y_label{};            ///< of the shares
    std::string caption{};            ///< a sentence on what is counted
    std::vector<double> edges{};      ///< of the bins, ascending; one more than there are bins
    std::vector<HistogramSet> sets{}; ///< drawn over each other
};

/// The edges of `bins` equally wide bins from `low` to `high`, rounded to 9 digits. Throws
/// std::invalid_argument unless there is a bin and low < high, both finite.
std::vector<double> bin_edges(double low, double high, int bins);

/// The share of the values in each bin. A value on an edge belongs to the bin above it. The first and the
/// last bin also have what is below and above them, so the shares add up to 1; a value that is NaN is in no
/// bin. Throws std::invalid_argument unless there are two edges at least, in ascending order, and a value.
std::vector<double> shares_of(std::span<const double> values, std::span<const double> edges);

} // namespace ctgan::inline CTGAN_ABI::plot

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/plot/impl/histogram.hpp>
#endif
