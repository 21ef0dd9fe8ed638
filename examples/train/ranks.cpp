#include "ranks.hpp"

#include <ctgan/ranks/launcher.hpp>

#include <cstddef>
#include <string>

namespace train {

bool runs_on_ranks(const Options& options) { return options.shards > 1 || ctgan::ranks::started_by_mpi(); }

void Ranks::share_data(std::vector<std::uint8_t>& pixels) const {
    if (count() == 1) return;
    const auto of_node = ctgan::ranks::texts_of_all(exchange_, std::to_string(exchange_.first_of_node()));
    const auto sizes = ctgan::ranks::texts_of_all(exchange_, std::to_string(pixels.size()));
    const auto self = static_cast<std::size_t>(exchange_.rank());
    std::vector<ctgan::ranks::Message> sent, received;
    if (reads_data_) {
        for (std::size_t rank = 0; rank < sizes.size(); ++rank)
            if (sizes[rank] == "0" && of_node[rank] == std::to_string(self)) // it has not read any
                sent.push_back({static_cast<int>(rank), pixels.data(), pixels.size()});
    } else {
        const int from = exchange_.first_of_node();
        pixels.resize(std::stoull(sizes[static_cast<std::size_t>(from)]));
        received.push_back({from, pixels.data(), pixels.size()});
    }
    exchange_.exchange(sent, received);
}

} // namespace train
