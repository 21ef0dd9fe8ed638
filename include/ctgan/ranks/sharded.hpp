#pragma once

#include <ctgan/backend/backend.hpp>
#include <ctgan/core/batch_share.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/random.hpp>
#include <ctgan/ranks/late_sum.hpp>
#include <ctgan/ranks/moments.hpp>
#include <ctgan/ranks/sharded_embedding.hpp>
#include <ctgan/ranks/sharding.hpp>
#include <ctgan/ranks/tree.hpp>

#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

/// Backend B for training on several processes: each computes a share of every batch, and what sums over a
/// batch adds up along a fixed tree over its shards (ranks/sharding.hpp). All results are the same bits on
/// any number of ranks. Everything else is B's: its memory, its batches, its operations on samples.
///
/// It needs a `Sharding<B>` on the thread. Between batches, and with a single shard, it is B itself. A step
/// begins with share_of(), which GanLoop calls; in a loop of your own
///
///     const auto share = OnRanks::share_of(batch); // as long as it lives, the batch is current
///     // forward, loss, backward and the optimizer's step on share.count samples from share.first on
///
/// with `using OnRanks = Sharded<Cpu>`. In a batch, random numbers are those of the samples' places in it, a
/// `LossValue<Sharded<B>>` is that of the whole batch, and gradients are complete on each rank when backward
/// returns. All ranks make the same calls. `sum`, `sum_rows` and the operations that fill with random numbers
/// take their arrays for values of the samples; `for_each`, `for_each_pixel` and `tabulate` see this rank's
/// samples only, so a layer of your own must not add up over the batch in them. `sum_of_squares` adds up any
/// array.
template <class B>
struct Sharded : ranks::ShardedEmbedding<B> {
  private:
    using Sharding = ranks::Sharding<B>;

  public:
    /// The samples of a batch that this rank computes. The batch is current until this object's end, so keep
    /// it in a variable.
    class [[nodiscard]] Share {
        Sharding* const sharding_ = Sharding::current();

      public:
        /// Begins a batch of so many samples.
        explicit Share(int samples) : count(samples) {
            if (!sharding_) return;
            sharding_->begin(samples);
            first = sharding_->shards().begin(sharding_->local().first);
            count = sharding_->local_samples();
        }
        Share(const Share&) = delete;
        Share& operator=(const Share&) = delete;
        ~Share() {
            if (sharding_) sharding_->end();
        }

        int first = 0; ///< the first one
        int count;     ///< how many
    };
    /// Begins a batch. Throws std::logic_error if another one is current, std::invalid_argument if `batch` is
    /// below 1.
    static Share share_of(int batch) { return Share(batch); }
    /// Of how many values of the whole batch this rank has n.
    static Index whole(Index n) {
        const Sharding* const s = Sharding::in_batch();
        return s ? n / s->local_samples() * s->shards().batch : n;
    }

    /// Messages cannot be recorded: the action runs each time.
    struct Recording {
        /// True: the action was called, not played back.
        template <class Action>
        bool run(const Action& action) {
            action();
            return true;
        }
    };

    /// Random numbers of the samples' places in the whole batch.
    template <class T>
    static void fill_uniform(T* y, Index n, T bound, random::Stream stream) {
        B::fill_uniform(y, n, bound, in_whole_batch(stream, n));
    }
    /// The same, normal.
    template <class T>
    static void fill_normal(T* y, Index n, T deviation, random::Stream stream) {
        B::fill_normal(y, n, deviation, in_whole_batch(stream, n));
    }
    /// The same, the factors of dropout.
    template <class T>
    static void fill_mask(T* y, Index n, T p, random::Stream stream) {
        B::fill_mask(y, n, p, in_whole_batch(stream, n));
    }

    /// The sum over the whole batch.
    template <class F, class T>
    static void sum(double* result, const T* x, Index n, F f) {
        Sharding* const s = Sharding::in_batch();
        if (!s) return B::sum(result, x, n, f);
        ranks::sum_shards(*s, result, 1, [&](int shard, double* to) {
            B::sum(to, x + s->begin_of(shard, n), size_of(*s, shard, n), f);
        });
    }
    /// The same for a function of two values.
    template <class F, class T>
    static void sum(double* result, const T* a, const T* b, Index n, F f) {
        Sharding* const s = Sharding::in_batch();
        if (!s) return B::sum(result, a, b, n, f);
        ranks::sum_shards(*s, result, 1, [&](int shard, double* to) {
            const Index begin = s->begin_of(shard, n);
            B::sum(to, a + begin, b + begin, size_of(*s, shard, n), f);
        });
    }

    /// The sums over all rows of the whole batch.
    template <int Channels, class T>
    static void sum_rows(T* y, const T* x, Index rows, bool add, T* scratch = nullptr) {
        Sharding* const s = Sharding::in_batch();
        if (!s) return B::template sum_rows<Channels>(y, x, rows, add, scratch);
        ranks::store_or_add_shards(*s, y, Channels, add, [&](int shard, T* to) {
            B::template sum_rows<Channels>(to, x + s->begin_of(shard, rows) * Channels,
                                           size_of(*s, shard, rows), false, scratch);
        });
    }

    /// The gradient of the whole batch.
    template <int In, int Out, class T>
    static void linear_weight_gradient(T* dw, const T* x, const T* dy, int batch, bool add) {
        Sharding* const s = Sharding::in_batch();
        if (!s) return B::template linear_weight_gradient<In, Out>(dw, x, dy, batch, add);
        ranks::store_or_add_shards(*s, dw, Index{In} * Out, add, [&](int shard, T* to) {
            const Index begin = s->begin_of(shard, batch);
            B::template linear_weight_gradient<In, Out>(to, x + begin * In, dy + begin * Out,
                                                        samples_of(*s, shard), false);
        });
    }
    /// An optimizer's step with the gradient of the whole batch.
    template <int In, int Out, class F, class T, int States>
    static void linear_update(ParameterBlock<T, States> block, const T* x, const T* dy, int batch, F f) {
        Sharding* const s = Sharding::in_batch();
        if (!s) return B::template linear_update<In, Out>(block, x, dy, batch, f);
        if constexpr (requires { typename B::PartialSums; })
            if (s->ranks() == 1 && s->depth() <= B::PartialSums::max_depth)
                return B::template linear_update<In, Out>(block, x, dy, typename B::PartialSums{s->order()},
                                                          f);
        constexpr Index n = Index{In} * Out;
        T* const gradient = s->template memory<T>(Sharding::Use::result, n);
        ranks::sum_shards_in_segments(
            *s, gradient, n,
            [&](int shard, T* to) {
                const Index begin = s->begin_of(shard, batch);
                B::template linear_weight_gradient<In, Out>(to, x + begin * In, dy + begin * Out,
                                                            samples_of(*s, shard), false);
            },
            [&](Index begin, Index end) {
                B::update(block.after(begin), static_cast<const T*>(gradient + begin), end - begin, f);
            });
    }

    /// As in B, by the algorithm for the whole batch.
    template <class G, class T, class Factors = NoFactors, class F = IdentityFunction>
    static void convolution(ConvolutionOperands<T, Factors> operands, F f = {}) {
        operands.whole_batch = whole_batch(operands.batch);
        advance_late();
        B::template convolution<G>(operands, f);
    }
    /// As in B, by the algorithm for the whole batch.
    template <class G, class T, class Factors = NoFactors, class F = IdentityFunction>
    static void transposed_convolution(ConvolutionOperands<T, Factors> operands, F f = {}) {
        operands.whole_batch = whole_batch(operands.batch);
        advance_late();
        B::template transposed_convolution<G>(operands, f);
    }
    /// The gradient of the whole batch.
    template <class G, class T, class Factors = NoFactors>
    static void convolution_weight_gradient(const ConvolutionGradientOperands<T, Factors>& operands) {
        Sharding* const s = Sharding::in_batch();
        if (!s) return B::template convolution_weight_gradient<G>(operands);
        ranks::store_or_add_shards(
            *s, operands.weight_gradient, G::weights, operands.add, [&](int shard, T* to) {
                const Index begin = s->begin_of(shard, operands.batch);
                auto of_shard = operands;
                of_shard.weight_gradient = to;
                of_shard.add = false;
                of_shard.big_image += begin * (G::big_height * G::big_width * G::big_channels);
                of_shard.small_image += begin * (G::small_height * G::small_width * G::small_channels);
                if constexpr (has_factors<Factors>)
                    if (of_shard.small_factors) of_shard.small_factors += begin * G::small_channels;
                of_shard.batch = samples_of(*s, shard);
                of_shard.whole_batch = s->shards().batch;
                B::template convolution_weight_gradient<G>(of_shard);
            });
    }

    /// The moments of the whole batch or, with BatchStatistics::of_rank, of the rank's part.
    template <int Channels, class T>
    static void batch_moments(T* mean, T* variance, T* running_mean, T* running_variance, const T* x,
                              Index rows, T momentum, T* scratch = nullptr) {
        if (rows < 2 && Sharding::in_batch() && !normalizing())
            ctgan::detail::fail_with<std::invalid_argument>(
                {"BatchNorm: found 1 value per channel on a rank, expected at least 2 for statistics of a "
                 "rank"});
        Sharding* const s = normalizing();
        if (!s)
            return B::template batch_moments<Channels>(mean, variance, running_mean, running_variance, x,
                                                       rows, momentum, scratch);
        constexpr Index n = 2 * Index{Channels};
        // The moments, and running statistics of each shard, which nobody reads.
        T* const moments = s->template memory<T>(Sharding::Use::result, 2 * n);
        ranks::merge_shards(
            *s, moments, n,
            [&](int shard, T* to) {
                B::template batch_moments<Channels>(to, to + Channels, moments + n, moments + n + Channels,
                                                    x + s->begin_of(shard, rows) * Channels,
                                                    size_of(*s, shard, rows), momentum, scratch);
            },
            [&](T* lower, const T* upper, ranks::ShardRange of_lower, ranks::ShardRange of_upper) {
                const double l = s->shards().samples(of_lower), u = s->shards().samples(of_upper);
                B::for_each(Channels, ranks::detail::MergeMoments<T>{lower, upper, Channels,
                                                                     static_cast<T>(l / (l + u)),
                                                                     static_cast<T>(u / (l + u))});
            });
        const auto all = static_cast<double>(whole(rows));
        B::for_each(Channels,
                    ranks::detail::StoreMoments<T>{mean, variance, running_mean, running_variance, moments,
                                                   Channels, static_cast<T>(all / (all - 1)), momentum});
    }
    /// The gradients of the whole batch, and the sums that belong to the moments.
    template <int Channels, class T>
    static void batch_norm_gradient_sums(NormGradientSums<T> sums, NormGradientSums<T> gradients, const T* x,
                                         const T* dy, Moments<T> moments, Index rows, bool add,
                                         T* scratch = nullptr) {
        Sharding* const s = Sharding::in_batch();
        if (!s)
            return B::template batch_norm_gradient_sums<Channels>(sums, gradients, x, dy, moments, rows, add,
                                                                  scratch);
        constexpr Index n = 2 * Index{Channels};
        T* const both = s->template memory<T>(Sharding::Use::result, n);
        ranks::sum_shards(*s, both, n, [&](int shard, T* to) {
            const Index begin = s->begin_of(shard, rows) * Channels;
            B::template batch_norm_gradient_sums<Channels>(NormGradientSums<T>{to, to + Channels}, {},
                                                           x + begin, dy + begin, moments,
                                                           size_of(*s, shard, rows), false, scratch);
        });
        put(gradients.dy, both, Channels, add);
        put(gradients.dy_normalized, both + Channels, Channels, add);
        if (s->statistics() == ranks::BatchStatistics::of_rank)
            return B::template batch_norm_gradient_sums<Channels>(sums, {}, x, dy, moments, rows, false,
                                                                  scratch);
        B::copy(sums.dy, static_cast<const T*>(both), Channels);
        B::copy(sums.dy_normalized, static_cast<const T*>(both + Channels), Channels);
    }
    /// As in B, with the sums of the rows that the moments are of.
    template <int Channels, class T, class F>
    static void batch_norm_input_gradient(T* dx, const T* x, const T* dy, Moments<T> moments, const T* weight,
                                          NormGradientSums<const T> sums, Index rows, Index summed_rows,
                                          F f) {
        B::template batch_norm_input_gradient<Channels>(dx, x, dy, moments, weight, sums, rows,
                                                        normalizing() ? whole(summed_rows) : summed_rows, f);
    }

    /// body(); then the gradients of a backward pass in it are complete.
    template <class Body>
    static auto in_region(const Body& body) {
        return B::in_region([&] {
            const typename Sharding::EndOfRegion end;
            if constexpr (std::is_void_v<decltype(body())>) {
                body();
                finish_late();
            } else {
                auto result = body();
                finish_late();
                return result;
            }
        });
    }
    /// While the result lives, sums over the batch of many values are left open until in_region() returns.
    static auto late_gradients() { return typename Sharding::MayBeLate(Sharding::in_batch()); }

  private:
    static void finish_late() {
        if (Sharding* const s = Sharding::in_batch()) s->finish_late();
    }
    static void advance_late() {
        if (Sharding* const s = Sharding::in_batch()) s->advance_late();
    }
    /// The sharding of a batch whose statistics are those of all ranks, or null.
    static Sharding* normalizing() {
        Sharding* const s = Sharding::in_batch();
        return s && s->statistics() == ranks::BatchStatistics::of_batch ? s : nullptr;
    }
    static int samples_of(const Sharding& s, int shard) { return s.shards().samples({shard, shard + 1}); }
    static Index size_of(const Sharding& s, int shard, Index n) {
        return n / s.local_samples() * samples_of(s, shard);
    }
    static int whole_batch(int batch) { return static_cast<int>(whole(batch)); }
    static random::Stream in_whole_batch(random::Stream stream, Index n) {
        if (const Sharding* const s = Sharding::in_batch())
            stream.first += n / s->local_samples() * s->shards().begin(s->local().first);
        return stream;
    }

    /// y (+)= sum, n values; nothing if y is null.
    template <class T>
    static void put(T* y, const T* sum, Index n, bool add) {
        if (y && add)
            ranks::detail::add_values<B>(y, sum, n);
        else if (y)
            B::copy(y, sum, n);
    }
};

} // namespace ctgan::inline CTGAN_ABI
