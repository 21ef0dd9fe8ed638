// The gradient checker itself: it must detect every way in which a layer can be wrong.

#include <ctgan/testing/check_gradient.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"

using namespace ctgan;

namespace {

enum class Flaw {
    none,
    wrong_input_gradient,
    wrong_weight_gradient,
    skips_one,
    ignores_add,
    adds_always,
    all_zero
};

struct Times {
    double factor;
    CTGAN_HD double operator()(double x) const { return factor * x; }
};
struct Multiply {
    CTGAN_HD double operator()(double a, double b) const { return a * b; }
};
struct Plus {
    CTGAN_HD double operator()(double a, double b) const { return a + b; }
};

/// y = x * weight for one sample, with a deliberate flaw.
template <Flaw flaw>
struct Scaling : LayerDefaults {
    static constexpr int n = 6;
    static auto out(Flat<n>) -> Flat<n>;
    template <class In>
    static constexpr MemorySize saved{0, n}; // the product, before it is added to the gradient
    static constexpr std::array parameters{TensorSpec{"weight", Role::weight, n, 1, {n}}};

    template <class Pass>
    static void forward(const Pass& p) {
        if (flaw == Flaw::all_zero) return Pass::Backend::fill(p.output, n, 0.0);
        Pass::Backend::zip(p.output, p.input, p.template parameter<0>(), n, Multiply{});
    }
    template <class Pass>
    static void backward(const Pass& p) {
        using B = typename Pass::Backend;
        const Times factor{flaw == Flaw::all_zero ? 0.0 : 1.0};
        if constexpr (Pass::to_parameters) {
            double* const product = p.saved;
            B::zip(product, p.input, p.output_gradient, n, Multiply{});
            B::map(product, static_cast<const double*>(product), n, factor);
            if (flaw == Flaw::wrong_weight_gradient) falsify<B>(product + 2);
            double* const gradient = p.template gradient<0>();
            const bool add = flaw == Flaw::adds_always || (p.add && flaw != Flaw::ignores_add);
            if (add)
                B::zip(gradient, static_cast<const double*>(gradient), static_cast<const double*>(product), n,
                       Plus{});
            else
                B::copy(gradient, static_cast<const double*>(product), flaw == Flaw::skips_one ? n - 1 : n);
        }
        if constexpr (Pass::to_input) {
            B::zip(p.input_gradient, p.output_gradient, p.template parameter<0>(), n, Multiply{});
            B::map(p.input_gradient, static_cast<const double*>(p.input_gradient), n, factor);
            if (flaw == Flaw::wrong_input_gradient) falsify<B>(p.input_gradient + 4);
        }
    }

  private:
    template <class B>
    static void falsify(double* value) {
        B::map(value, static_cast<const double*>(value), 1, Times{1 + 1e-5});
    }
};

template <Flaw flaw>
testing::GradientReport report() {
    return testing::check_gradient<Scaling<flaw>, Flat<6>, TestBackend>(1);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_correct_layer_passes) {
    const auto found = report<Flaw::none>();
    BOOST_TEST(found.holds(), found.text());
    BOOST_TEST(found.compared == 12);
    BOOST_TEST(found.nonzero == 12);
    BOOST_TEST(found.parameter_errors.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_gradient_off_by_a_hundred_thousandth_is_detected) {
    const auto input = report<Flaw::wrong_input_gradient>();
    BOOST_TEST(!input.holds());
    BOOST_TEST(input.input_error > 1e-6);
    BOOST_TEST(input.parameter_errors[0].error < 1e-7);
    const auto weight = report<Flaw::wrong_weight_gradient>();
    BOOST_TEST(!weight.holds());
    BOOST_TEST(weight.input_error < 1e-7);
    BOOST_TEST(weight.parameter_errors[0].error > 1e-6);
}

BOOST_AUTO_TEST_CASE(an_unwritten_value_is_detected) {
    const auto found = report<Flaw::skips_one>();
    BOOST_TEST(!found.holds());
    BOOST_TEST(found.unwritten == 1);
}

BOOST_AUTO_TEST_CASE(overwriting_instead_of_adding_is_detected) {
    const auto found = report<Flaw::ignores_add>();
    BOOST_TEST(!found.holds());
    BOOST_TEST(found.not_added == 6);
}

BOOST_AUTO_TEST_CASE(adding_instead_of_overwriting_is_detected) {
    const auto found = report<Flaw::adds_always>();
    BOOST_TEST(!found.holds());
    BOOST_TEST(found.unwritten == 6);
}

BOOST_AUTO_TEST_CASE(gradients_that_are_all_zero_do_not_pass) {
    const auto found = report<Flaw::all_zero>();
    BOOST_TEST(found.largest_error() == 0);
    BOOST_TEST(found.nonzero == 0);
    BOOST_TEST(!found.holds());
}
