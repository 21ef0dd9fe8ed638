#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/ranks/exchange.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::ranks {

/// The text of each rank, on each rank.
inline std::vector<std::string> texts_of_all(Exchange& exchange, const std::string& own) {
    const int self = exchange.rank();
    std::vector<std::string> texts(static_cast<std::size_t>(exchange.count()));
    std::vector<std::uint64_t> sizes(texts.size());
    sizes[static_cast<std::size_t>(self)] = own.size();
    texts[static_cast<std::size_t>(self)] = own;
    std::vector<Message> sent, received;
    for (int rank = 0; rank < exchange.count(); ++rank)
        if (rank != self) {
            sent.push_back({rank, &sizes[static_cast<std::size_t>(self)], sizeof sizes[0]});
            received.push_back({rank, &sizes[static_cast<std::size_t>(rank)], sizeof sizes[0]});
        }
    exchange.exchange(sent, received);
    for (Message& message : sent)
        message = {message.rank, texts[static_cast<std::size_t>(self)].data(), own.size()};
    for (Message& message : received) {
        std::string& text = texts[static_cast<std::size_t>(message.rank)];
        text.resize(sizes[static_cast<std::size_t>(message.rank)]);
        message = {message.rank, text.data(), text.size()};
    }
    exchange.exchange(sent, received);
    return texts;
}

/// The largest number of any rank. All ranks ask.
inline int largest_of_all(Exchange& exchange, int own) {
    std::vector<int> all(static_cast<std::size_t>(exchange.count()), own);
    std::vector<Message> sent, received;
    for (int rank = 0; rank < exchange.count(); ++rank)
        if (rank != exchange.rank()) {
            sent.push_back({rank, &own, sizeof own});
            received.push_back({rank, &all[static_cast<std::size_t>(rank)], sizeof own});
        }
    exchange.exchange(sent, received);
    return *std::max_element(all.begin(), all.end());
}

/// A setting that all ranks must have alike.
using Setting = std::pair<std::string, std::string>;

/// What require_same() throws, on all ranks.
class SettingsDiffer : public std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

/// Throws SettingsDiffer, on all ranks, if a setting differs from rank 0's: it names the first such
/// setting, the rank, and both values. All ranks give the same names in the same order.
inline void require_same(Exchange& exchange, const std::vector<Setting>& settings) {
    for (const auto& [name, value] : settings) {
        const auto texts = texts_of_all(exchange, value);
        for (std::size_t rank = 1; rank < texts.size(); ++rank)
            if (texts[rank] != texts[0])
                ctgan::detail::fail(SettingsDiffer(name + ": found " + texts[rank] + " on rank " +
                                                   std::to_string(rank) + ", expected " + texts[0] +
                                                   " as on rank 0"));
    }
}

} // namespace ctgan::inline CTGAN_ABI::ranks
