#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/ranks/late_sum.hpp>
#include <ctgan/ranks/sharding.hpp>

#include <cstdint>

namespace ctgan::inline CTGAN_ABI::ranks {

/// The operations of Sharded<B> for embeddings.
template <class B>
struct ShardedEmbedding : B {
    /// The gradient of the whole batch.
    template <int Count, int Width, class T>
    static void embedding_gradient(T* dw, const std::int32_t* labels, const T* dy, int batch, bool add) {
        Sharding<B>* const s = Sharding<B>::in_batch();
        if (!s) return B::template embedding_gradient<Count, Width>(dw, labels, dy, batch, add);
        store_or_add_shards(*s, dw, Index{Count} * Width, add, [&](int shard, T* to) {
            const Index begin = s->begin_of(shard, batch);
            B::template embedding_gradient<Count, Width>(to, labels + begin, dy + begin * Width,
                                                         s->shards().samples({shard, shard + 1}), false);
        });
    }
};

} // namespace ctgan::inline CTGAN_ABI::ranks
