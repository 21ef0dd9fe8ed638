#pragma once

#include <ctgan/testing/check_gradient.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"

namespace gradient {

/// Checks all derivatives, and that at least a share `min_nonzero` of them is not zero.
template <class Layer, class Shape>
void check(int batch, const ctgan::testing::GradientOptions& options = {}, double min_nonzero = 0.95) {
    const auto report = ctgan::testing::check_gradient<Layer, Shape, TestBackend>(batch, options);
    BOOST_TEST(report.holds(), report.text());
    BOOST_TEST(static_cast<double>(report.nonzero) >= min_nonzero * static_cast<double>(report.compared),
               report.text());
}

} // namespace gradient
