#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/finite.hpp>
#include <ctgan/io/separate_compilation.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <vector>

namespace ctgan::inline CTGAN_ABI::plot {

CTGAN_IO_FUNCTION std::vector<double> bin_edges(double low, double high, int bins) {
    if (bins < 1 || !is_finite(low) || !is_finite(high) || !(low < high))
        ctgan::detail::fail_with<std::invalid_argument>(
            {"bin_edges: found ", bins,
             " bins of a range that is empty or not finite, expected at least one, "
             "and low < high"});
    std::vector<double> edges;
    for (int i = 0; i <= bins; ++i) {
        // Such as 0.15 in place of 0.15000000000000002.
        std::array<char, 64> text{};
        const double exact = low + (high - low) * i / bins;
        const char* const end =
            std::to_chars(text.data(), text.data() + text.size(), exact, std::chars_format::general, 9).ptr;
        double rounded = 0;
        std::from_chars(text.data(), end, rounded);
        edges.push_back(rounded);
    }
    return edges;
}

CTGAN_IO_FUNCTION std::vector<double> shares_of(std::span<const double> values,
                                                std::span<const double> edges) {
    const auto not_below = [](double a, double b) { return !(a < b); }; // also if one of them is NaN
    if (values.empty() || edges.size() < 2 ||
        std::adjacent_find(edges.begin(), edges.end(), not_below) != edges.end())
        ctgan::detail::fail_with<std::invalid_argument>(
            {"shares_of: found ", values.size(), " values and ", edges.size(),
             " edges, expected one value and two edges or more, each edge above the one before"});
    std::vector<std::size_t> counts(edges.size() - 1);
    for (const double value : values) {
        if (ctgan::detail::is_nan(value)) continue;
        // Of the inner edges, so that what is beyond the others is in the first or the last bin.
        const auto inner = edges.subspan(1, edges.size() - 2);
        ++counts[static_cast<std::size_t>(std::upper_bound(inner.begin(), inner.end(), value) -
                                          inner.begin())];
    }
    std::vector<double> shares;
    shares.reserve(counts.size());
    for (const std::size_t count : counts)
        shares.push_back(static_cast<double>(count) / static_cast<double>(values.size()));
    return shares;
}

} // namespace ctgan::inline CTGAN_ABI::plot
