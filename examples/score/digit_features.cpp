#include "features.hpp"
#include "kind_of.hpp"

namespace scoring {

Kind digit_features(const std::filesystem::path& file) { return kind_of<Digit>(file); }

} // namespace scoring
