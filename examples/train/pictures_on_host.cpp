#include "host_networks.hpp"
#include "networks_on_host.hpp"
#include "picture_presets.hpp"

namespace train {

HostNetworks pictures32_on_host() { return networks_on_host<Pictures32>(); }

HostNetworks pictures64_on_host() { return networks_on_host<Pictures64>(); }

} // namespace train
