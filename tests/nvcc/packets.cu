// The CPU backend's packs of values in a file that nvcc compiles: each operation on a pack gives the same
// bits as on its values. Runs on the host only.
#include <ctgan/backend/cpu/simd.hpp>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>

namespace {

using ctgan::cpu::Pack;

int failures = 0;

template <class T>
void expect_same(const char* what, Pack<T> pack, const T (&expected)[Pack<T>::size]) {
    T found[Pack<T>::size];
    pack.store(found);
    if (std::memcmp(found, expected, sizeof found) == 0) return;
    std::printf("FAILED %s of %zu bytes: found %.17g ..., expected %.17g ...\n", what, sizeof(T),
                static_cast<double>(found[0]), static_cast<double>(expected[0]));
    ++failures;
}

template <class T>
void check() {
    constexpr int size = Pack<T>::size;
    T a[size], b[size], c[size], expected[size];
    for (int i = 0; i < size; ++i) {
        a[i] = T(1) / static_cast<T>(i + 3);
        b[i] = T(-1.7) * static_cast<T>(i * i + 1);
        c[i] = T(0.3) + static_cast<T>(i);
    }
    const auto x = Pack<T>::load(a), y = Pack<T>::load(b), z = Pack<T>::load(c);
    const auto compare = [&](const char* what, Pack<T> pack, auto f) {
        for (int i = 0; i < size; ++i) expected[i] = f(i);
        expect_same(what, pack, expected);
    };
    compare("a value", Pack<T>(T(-0.0)), [&](int) { return T(-0.0); });
    compare("+", x + y, [&](int i) { return a[i] + b[i]; });
    compare("-", x - y, [&](int i) { return a[i] - b[i]; });
    compare("*", x * y, [&](int i) { return a[i] * b[i]; });
    compare("/", x / y, [&](int i) { return a[i] / b[i]; });
    compare("sqrt", sqrt(z), [&](int i) { return std::sqrt(c[i]); });
    compare("multiply_add", ctgan::cpu::multiply_add(x, y, z),
            [&](int i) { return CTGAN_FUSES ? std::fma(a[i], b[i], c[i]) : a[i] * b[i] + c[i]; });
    for (int lanes = 0; lanes <= size; ++lanes)
        compare("some lanes", Pack<T>::load(a, lanes), [&](int i) { return i < lanes ? a[i] : T(0); });
    for (int bad = 0; bad < size; ++bad)
        for (const T value : {std::numeric_limits<T>::infinity(), std::numeric_limits<T>::quiet_NaN()}) {
            T mixed[size];
            std::memcpy(mixed, a, sizeof a);
            mixed[bad] = value;
            if (is_finite(x) && !is_finite(Pack<T>::load(mixed))) continue;
            std::printf("FAILED is_finite of %zu bytes\n", sizeof(T));
            ++failures;
        }
}

} // namespace

int main() {
    std::printf("packs of %d floats and %d doubles, %d registers\n", Pack<float>::size, Pack<double>::size,
                ctgan::cpu::registers);
    check<float>();
    check<double>();
    return failures == 0 ? 0 : 1;
}
