#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/finite.hpp>

#include <cstring>

namespace ctgan::inline CTGAN_ABI::detail {

/// a if `condition`, otherwise b, chosen by bits. With `condition ? a : b`, g++ may move a multiplication of
/// the result into one of the two sides. Then it branches for each value of a loop, because a multiplication
/// may trap, unless the processor has masked instructions, such as AVX-512's.
template <class T>
CTGAN_HD T select(bool condition, T a, T b) {
    using Bits = typename FloatBits<T>::type;
    Bits bits_of_a, bits_of_b;
    std::memcpy(&bits_of_a, &a, sizeof a);
    std::memcpy(&bits_of_b, &b, sizeof b);
    const Bits mask = Bits{0} - static_cast<Bits>(condition);
    const Bits bits = (bits_of_a & mask) | (bits_of_b & ~mask);
    T chosen;
    std::memcpy(&chosen, &bits, sizeof bits);
    return chosen;
}

} // namespace ctgan::inline CTGAN_ABI::detail
