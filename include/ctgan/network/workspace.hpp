#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/tensor.hpp>
#include <ctgan/network/plan.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// The first layer that cannot be trained, counted from 0; the depth if all can.
template <class Net, int... Is>
constexpr int find_layer_without_backward(std::integer_sequence<int, Is...>) {
    const bool has_backward[] = {
        HasBackward<typename Net::template layer<Is>, typename Net::template given<Is>>..., false};
    int first = 0;
    while (has_backward[first]) ++first;
    return first;
}
template <class Net>
inline constexpr int
    first_without_backward = find_layer_without_backward<Net>(std::make_integer_sequence<int, Net::depth>{});
template <class Net>
inline constexpr bool is_trainable = first_without_backward<Net> == Net::depth;

/// A capacity, if it is one.
inline int checked_capacity(int capacity) {
    if (capacity < 1)
        fail_with<std::invalid_argument>(
            {"workspace: found a capacity of ", capacity, ", expected at least 1"});
    return capacity;
}

template <class Net, WorkspaceKind kind>
struct ProblemOfWorkspace {
    using type = typename Net::MissingInput;
};
template <class Net>
    requires(std::is_same_v<typename Net::MissingInput, messages::NoProblem> && !is_trainable<Net>)
struct ProblemOfWorkspace<Net, WorkspaceKind::training> {
    static constexpr int first = first_without_backward<Net>;
    using type = messages::Invalid<typename Net::template place<first>, messages::has_no<messages::backward>>;
};

} // namespace detail

/// The activations of one pass of a network, for at most `capacity` samples, in one arena that is allocated
/// at construction. backward() reads what the forward pass left here, so each pass under way needs a
/// workspace of its own. Several threads may use one const Network, each with its own workspace.
template <class Net, class Backend, class T, WorkspaceKind kind>
class Workspace {
    using Plan = detail::Plan<Net, Backend, T>;
    using Memory = typename Plan::Memory;
    using Problem = typename detail::ProblemOfWorkspace<Net, kind>::type;
    static constexpr auto layout = Plan::template workspace<kind>();

  public:
    /// Allocates the memory for passes of up to `capacity` samples. Throws std::invalid_argument if that is
    /// below 1.
    explicit Workspace(int capacity)
        : capacity_(detail::checked_capacity(capacity)), memory_(layout.total.at(capacity)) {}

    /// The largest number of samples of a pass.
    int capacity() const { return capacity_; }

    /// The size in bytes of a workspace with this capacity.
    static constexpr std::size_t bytes(int capacity) {
        return static_cast<std::size_t>(layout.total.at(capacity)) * sizeof(T);
    }

    /// What layer At (counted from 0) saved for backward: the mask of a dropout, for example. A test can put
    /// a mask there and run the forward pass with `Randomness::given()`.
    template <int At>
    T* saved() {
        return memory_.data() + layout.saved[At].at(capacity_);
    }

    /// The output of the last forward pass; a tuple of several.
    typename Memory::Outputs::template Views<const T, typename Backend::memory_space> output() const {
        if constexpr (Memory::Outputs::count == 1)
            return stamped<typename Net::output_shape>(position<Net::depth>(), forward_passes_);
        else
            return detail::each_of<Memory::Outputs::count>([&]<int K>() {
                constexpr int at = Memory::wiring.operands[Memory::wiring.first[Net::depth - 1] + K];
                return stamped<typename Memory::Outputs::template shape<K>>(position<at>(), forward_passes_);
            });
    }

    /// The activation at position At: 0 is the input, At the output of layer At - 1.
    template <int At>
    const typename Net::template shape<At>::template value<T>* position() const {
        constexpr Index offset = Plan::template activations<kind>().at[At];
        if constexpr (offset < 0)
            return static_cast<const typename Net::template shape<At>::template value<T>*>(
                inputs_.data[-1 - offset]);
        else
            return memory_.data() + layout.activations.at(capacity_) + offset * capacity_;
    }

    // The remaining functions are for Network.

    /// The activation at position At for writing; null for the user's input.
    template <int At>
    T* writable_position() {
        constexpr Index offset = Plan::template activations<kind>().at[At];
        if constexpr (offset < 0)
            return nullptr;
        else
            return memory_.data() + layout.activations.at(capacity_) + offset * capacity_;
    }
    /// A view of the gradient with respect to the input, which a backward pass has computed; a tuple of
    /// several.
    typename Memory::Inputs::template Gradients<const T, typename Backend::memory_space>
    input_gradient(const detail::Batches<Memory::Inputs::count>& of) const {
        if constexpr (Memory::Inputs::count == 1)
            return stamped<typename Net::input_shape>(static_cast<const T*>(of.data[0]), backward_passes_);
        else
            return detail::each_of<Memory::Inputs::count>([&]<int K>() {
                if constexpr (Memory::Inputs::are_labels[K])
                    return NoGradient{};
                else
                    return stamped<typename Memory::Inputs::template shape<K>>(
                        static_cast<const T*>(of.data[K]), backward_passes_);
            });
    }
    /// The memory of a backward pass's gradients, where value k of MemoryPlan::gradients has its offset.
    T* gradients() { return memory_.data() + layout.gradients.at(capacity_); }
    /// Its size.
    Index gradients_size() const { return Memory::gradients.total * capacity_; }
    /// The scratch memory of the layers.
    T* scratch() { return memory_.data() + layout.scratch.at(capacity_); }

    /// Begins a forward pass. Stores the addresses of its inputs, which must stay alive and unchanged until
    /// the backward pass is done.
    void begin(const detail::Batches<Memory::Inputs::count>& input, Mode mode) {
        if (input.count < 1 || input.count > capacity_)
            detail::fail_with<std::invalid_argument>({"forward: found a batch of ", input.count,
                                                      ", expected 1 to ", capacity_,
                                                      ", the workspace's capacity"});
        inputs_ = input;
        batch_ = input.count;
        mode_ = mode;
        forward_passes_.increment();
#if CTGAN_CHECKS
        if constexpr (kind == WorkspaceKind::training && input_can_be_read) input_hash_ = hash_of_input();
#endif
    }
    /// Begins a backward pass. With CTGAN_CHECKS, throws std::logic_error if the input of the forward pass
    /// has changed since.
    void begin_backward() {
        backward_passes_.increment();
#if CTGAN_CHECKS
        if constexpr (input_can_be_read)
            if (hash_of_input() != input_hash_)
                detail::fail_with<std::logic_error>(
                    {"backward: found an input that has changed since the forward pass, "
                     "expected it unchanged"});
#endif
    }
    /// The number of samples of the last forward pass; 0 before the first.
    int batch() const { return batch_; }
    /// The mode of the last forward pass.
    Mode mode() const { return mode_; }

  private:
    template <class Shape>
    View<Shape, const T, typename Backend::memory_space> stamped(const T* data,
                                                                 const detail::OverwriteCount& passes) const {
#if CTGAN_CHECKS
        return {data, batch_, passes.stamp()};
#else
        static_cast<void>(passes);
        return {data, batch_};
#endif
    }
#if CTGAN_CHECKS
    static constexpr bool input_can_be_read = std::is_same_v<typename Backend::memory_space, Cpu>;
    std::uint64_t hash_of_input() const {
        if constexpr (Memory::Inputs::count == 1)
            return detail::hash_of(static_cast<const T*>(inputs_.data[0]),
                                   Index{batch_} * Net::input_shape::size);
        else {
            std::uint64_t hash = 0;
            detail::for_each_index<Memory::Inputs::count>([&](auto k) {
                using Shape = typename Memory::Inputs::template shape<decltype(k)::value>;
                const void* const data = inputs_.data[decltype(k)::value];
                hash =
                    hash * 31 + detail::hash_of(static_cast<const typename Shape::template value<T>*>(data),
                                                Index{batch_} * Shape::size);
            });
            return hash;
        }
    }
    std::uint64_t input_hash_ = 0;
#endif

    int capacity_;
    typename Backend::template Memory<T> memory_;
    detail::Batches<Memory::Inputs::count> inputs_{};
    int batch_ = 0;
    Mode mode_ = Mode::evaluation;
    detail::OverwriteCount forward_passes_, backward_passes_; // empty without CTGAN_CHECKS

    // Last, because clang stops reading a class at an assertion that fails.
    static_assert(nothing_is_wrong<messages::Message<Problem>::text>, CTGAN_MESSAGE(Problem));
};

} // namespace ctgan::inline CTGAN_ABI
