#pragma once

#include <ctgan/backend/batch.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/tensor.hpp>
#include <ctgan/messages/missing_backend.hpp>
#include <ctgan/messages/require.hpp>
#include <ctgan/messages/several.hpp>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// Throws std::invalid_argument if a label is not a class. Operations of a backend then need not check it.
template <class Integer>
void check_label(Integer label, std::size_t position, int classes) {
    bool is_class = static_cast<std::uintmax_t>(label) < static_cast<std::uintmax_t>(classes);
    if constexpr (std::is_signed_v<Integer>) is_class = is_class && label >= 0;
    if (!is_class)
        fail_with<std::invalid_argument>(
            {"labels: found ", label, " at position ", position, ", expected 0 to ", classes - 1});
}

/// Labels that are not given as integers.
template <class Other>
struct ProblemOfLabelsInBatch {
    using type = messages::Mismatch<messages::batch_of_labels, messages::takes<messages::integers>,
                                    messages::but_is_given<messages::other_values>>;
};

} // namespace detail

/// Integers one after the other on the host, such as a std::vector<int> or a std::span of bytes.
template <class Range>
concept Integers = requires(const Range& range) {
    range.size();
    requires std::is_integral_v<std::remove_cvref_t<decltype(*range.data())>>;
};

/// Labels in the memory of backend B, one for each sample: `Batch<Classes<10>> labels(std::vector{3, 1,
/// 4});`. They are checked here, when they enter, so that no operation reads beyond the classes.
template <int N, class B>
class BatchOn<Classes<N>, B, std::int32_t> : private messages::CheckBackend<B> {
    using Backend = messages::backend_or_missing<B>;

  public:
    using shape = Classes<N>;                          ///< shape of a sample: a label
    using memory_space = messages::memory_space_of<B>; ///< whose memory it is

    /// Space for `count` labels, all 0. Throws std::invalid_argument if `count` is negative.
    explicit BatchOn(int count) : count_(check(count)), memory_(Index{count}) {}
    /// Copies labels. Throws std::invalid_argument if one is not between 0 and N - 1.
    template <Integers Range>
    explicit BatchOn(const Range& labels) : BatchOn(static_cast<int>(labels.size())) {
        assign(labels);
    }
    /// Of anything else: only reports the error.
    template <class Other>
        requires(!Integers<Other> && !std::is_convertible_v<const Other&, int>)
    explicit BatchOn(const Other&) : BatchOn(0) {
        using Problem = typename detail::ProblemOfLabelsInBatch<Other>::type;
        CTGAN_REQUIRE (Problem) {
        }
    }

    /// Copies labels from the host. Throws std::invalid_argument if there are not count() of them or if one
    /// is not between 0 and N - 1; then the batch is unchanged.
    template <Integers Range>
    void assign(const Range& labels) {
        if (labels.size() != static_cast<std::size_t>(count_))
            detail::fail_with<std::invalid_argument>(
                {"labels: found ", labels.size(), " of them, expected ", count_});
        std::vector<std::int32_t> checked;
        checked.reserve(labels.size());
        for (std::size_t i = 0; i < labels.size(); ++i) {
            detail::check_label(labels.data()[i], i, N);
            checked.push_back(static_cast<std::int32_t>(labels.data()[i]));
        }
        Backend::from_host(memory_.data(), checked.data(), Index{count_});
    }
    /// Of anything else: only reports the error.
    template <class Other>
        requires(!Integers<Other>)
    void assign(const Other&) {
        using Problem = typename detail::ProblemOfLabelsInBatch<Other>::type;
        CTGAN_REQUIRE (Problem) {
        }
    }
    /// A copy of all labels on the host.
    std::vector<std::int32_t> to_host() const {
        std::vector<std::int32_t> labels(static_cast<std::size_t>(count_));
        Backend::to_host(labels.data(), memory_.data(), Index{count_});
        return labels;
    }

    /// The number of labels.
    int count() const { return count_; }
    /// The same.
    Index size() const { return count_; }
    /// The first label, in the backend's memory. Whoever writes there keeps to the classes: only debug builds
    /// (CTGAN_CHECKS) check that again, before a pass of a network on the host.
    std::int32_t* data() { return memory_.data(); }
    /// The same, read-only.
    const std::int32_t* data() const { return memory_.data(); }

    /// All labels.
    View<Classes<N>, std::int32_t, memory_space> view() { return {memory_.data(), count_}; }
    /// The same, read-only.
    View<Classes<N>, const std::int32_t, memory_space> view() const { return {memory_.data(), count_}; }
    /// The first `n` labels. Throws std::invalid_argument if there are fewer.
    View<Classes<N>, std::int32_t, memory_space> first(int n) {
        if (n < 0 || n > count_)
            detail::fail_with<std::invalid_argument>(
                {"batch: found a use of ", n, " samples, expected 0 to ", count_});
        return {memory_.data(), n};
    }

  private:
    static int check(int count) {
        if (count < 0)
            detail::fail_with<std::invalid_argument>(
                {"batch: found a count of ", count, ", expected at least 0"});
        return count;
    }

    int count_;
    typename Backend::template Memory<std::int32_t> memory_;
};

} // namespace ctgan::inline CTGAN_ABI
