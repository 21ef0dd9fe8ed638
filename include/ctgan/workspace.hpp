#pragma once

#include <ctgan/fail.hpp>
#include <ctgan/plan.hpp>
#include <ctgan/tensor.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace ctgan {

namespace detail {

/// The first layer that cannot be trained, counted from 0; the depth where all can.
template <class Net, int... Is>
constexpr int find_layer_without_backward(std::integer_sequence<int, Is...>) {
    const bool has_backward[] = {
        HasBackward<typename Net::template layer<Is>, typename Net::template shape<Is>>..., false};
    int first = 0;
    while (has_backward[first]) ++first;
    return first;
}
template <class Net>
inline constexpr int
    first_without_backward = find_layer_without_backward<Net>(std::make_integer_sequence<int, Net::depth>{});
template <class Net>
inline constexpr bool is_trainable = first_without_backward<Net> == Net::depth;

template <class Net, Purpose purpose>
struct ProblemOfWorkspace {
    using type = diagnosis::Fits;
};
template <class Net>
    requires(!is_trainable<Net>)
struct ProblemOfWorkspace<Net, Purpose::training> {
    static constexpr int first = first_without_backward<Net>;
    using type = diagnosis::Fault<diagnosis::layer<first + 1, typename Net::template layer<first>>,
                                  diagnosis::has_no<diagnosis::backward>>;
};

} // namespace detail

/// The activations of one pass of a network, of at most `capacity` samples: one arena, all of it taken at
/// construction. Backward reads what forward left here, so a pass in flight needs a workspace of its own;
/// several threads may use one const Network, each with its own workspace.
template <class Net, class Backend, class T, Purpose purpose>
class Workspace {
    using Plan = detail::Plan<Net, Backend, T>;
    using Problem = typename detail::ProblemOfWorkspace<Net, purpose>::type;
    static constexpr auto layout = Plan::template workspace<purpose>();

  public:
    /// Takes the memory for passes of up to `capacity` samples. Throws std::invalid_argument where that is
    /// below 1.
    explicit Workspace(int capacity) : capacity_(check(capacity)), memory_(layout.total.at(capacity)) {}

    /// The largest batch.
    int capacity() const { return capacity_; }

    /// Bytes that a workspace of this capacity takes.
    static constexpr std::size_t bytes(int capacity) {
        return static_cast<std::size_t>(layout.total.at(capacity)) * sizeof(T);
    }

    /// What layer I saved for backward: a dropout's mask, say, which a test may put there before it runs
    /// forward with `Randomness::given`.
    template <int I>
    T* saved() {
        return memory_.data() + layout.saved[I].at(capacity_);
    }

    /// The output of the last forward pass.
    View<typename Net::output_shape, const T> output() const { return {position<Net::depth>(), batch_}; }

    /// The activation at position I, 0 being the input.
    template <int I>
    const T* position() const {
        constexpr int block = layout.block[I];
        if constexpr (block < 0)
            return input_;
        else
            return memory_.data() + layout.block_offset[block].at(capacity_);
    }

    // What follows is for Network.

    /// The same where forward may write; null for the input.
    template <int I>
    T* writable_position() {
        constexpr int block = layout.block[I];
        if constexpr (block < 0)
            return nullptr; // the user's input, which no layer writes to
        else
            return memory_.data() + layout.block_offset[block].at(capacity_);
    }
    /// One of the two blocks, 0 and 1, between which gradients go to and fro.
    T* gradient_block(int k) { return memory_.data() + layout.gradients[k].at(capacity_); }
    /// The layers' working memory.
    T* scratch() { return memory_.data() + layout.scratch.at(capacity_); }

    /// Notes the input of a pass, which has to live until its backward pass is done.
    template <class Shape>
    void begin(View<Shape, const T> input, Mode mode) {
        if (input.count < 1 || input.count > capacity_)
            detail::fail(std::invalid_argument("forward: found a batch of " + std::to_string(input.count) +
                                               ", expected 1 to " + std::to_string(capacity_) +
                                               ", the workspace's capacity"));
        input_ = input.data;
        batch_ = input.count;
        mode_ = mode;
    }
    /// Samples of the last forward pass; 0 before the first.
    int batch() const { return batch_; }
    /// Its mode.
    Mode mode() const { return mode_; }

  private:
    static int check(int capacity) {
        if (capacity < 1)
            detail::fail(std::invalid_argument("workspace: found a capacity of " + std::to_string(capacity) +
                                               ", expected at least 1"));
        return capacity;
    }

    int capacity_;
    typename Backend::template Memory<T> memory_;
    const T* input_ = nullptr;
    int batch_ = 0;
    Mode mode_ = Mode::evaluation;

    // Last: clang reads no further in a class in which an assertion fails.
    static_assert(nothing_is_wrong<diagnosis::Sentence<Problem>::text>, CTGAN_SENTENCE(Problem));
};

} // namespace ctgan
