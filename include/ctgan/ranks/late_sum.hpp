#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/ranks/sharding.hpp>
#include <ctgan/ranks/sum.hpp>

#include <memory>

namespace ctgan::inline CTGAN_ABI::ranks {

namespace detail {

/// y (+)= the sum over all shards. The additions are those of sum_shards(), in the same order.
template <class B, class T>
class LateSum : public Sharding<B>::Late {
  public:
    template <class Partial>
    LateSum(Sharding<B>& sharding, T* y, Index n, bool add, const Partial& partial)
        : memory_(1 + sharding.late()),
          y_(y),
          sums_(add ? sharding.template memory<T>(Sharding<B>::Use::result, n, memory_) : y),
          n_(n),
          tree_(tree_of_sums(sharding, sums_, n, partial, memory_)),
          sum_(sharding, tree_, sums_, {0, n}, memory_) {}

    void advance() override { sum_.advance(); }
    void send_sums() override { sum_.send_sums(); }
    void finish() override {
        sum_.finish();
        if (sums_ != y_) add_values<B>(y_, static_cast<const T*>(sums_), n_);
    }

  private:
    int memory_;
    T *y_, *sums_;
    Index n_;
    TreeOfShards<B, T> tree_;
    SumInParts<B, T> sum_;
};

} // namespace detail

/// y (+)= the sum over all shards of what partial(shard, to) computes, n values; y has it when finish_late()
/// returns. Only sums of many values are left open, whose time is that of their bytes.
template <class B, class T, class Partial>
void store_or_add_shards(Sharding<B>& sharding, T* y, Index n, bool add, const Partial& partial) {
    if (sharding.may_be_late() && n > detail::few_values)
        return sharding.add_late(std::make_unique<detail::LateSum<B, T>>(sharding, y, n, add, partial));
    T* const sums = add ? sharding.template memory<T>(Sharding<B>::Use::result, n) : y;
    sum_shards(sharding, sums, n, partial);
    if (add) detail::add_values<B>(y, static_cast<const T*>(sums), n);
}

} // namespace ctgan::inline CTGAN_ABI::ranks
