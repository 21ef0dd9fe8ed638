#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <algorithm>

/// Where the values of a pass are in memory that later values use again.
namespace ctgan::inline CTGAN_ABI::detail {

/// A value of a pass, and the step that writes it.
struct PlacedValue {
    static constexpr int never = -1;
    static constexpr int one_of_two = -2; ///< either of the first two values that the step reads

    Index size = 0, offset = 0;
    int first_read = 0;       ///< of the step, in the list of what all steps read
    int overwritable = never; ///< a value in whose memory the step may write, or one of the above
    int overwritten = never;  ///< that value, if nothing else reads it later
    int last_read = 0;        ///< the step that reads the value for the last time
    int block = 0;            ///< the first value in the same memory
    int below = 0;            ///< the block below on its stack; 0 is none
    bool high = false;        ///< whether a block is on the stack from the end
    bool has_side = false;    ///< whether `high` has been decided
    bool left = false;        ///< whether nothing needs the block anymore
};

/// The steps of a pass, as far as memory is concerned: each reads values and writes a new one. Value 0 is
/// outside of the memory, such as the user's input. Offsets and sizes are those of a sample.
///
/// The memory has two stacks, one from each end. In a chain, values alternate between them, so that each
/// leaves its stack when the next one is there, and no more memory is needed than two neighbors have. With
/// branches, values that wait for others are below on both stacks. So that values leave their stack from the
/// top, what a step reads for the last time is on the other stack than what the step writes: that decides
/// the sides, from the last step to the first. All of it is O(n). Chains, residual networks and U-Nets take
/// the largest sum of values that are needed at the same time, and not more (tests/unit/placement.cpp). Other
/// branches may take more: a branch's output may have to wait on top of what the next branch still reads.
///
/// Not a template: it would be compiled for each network.
class Placement {
  public:
    /// In these arrays, with one more value than there are steps and one more entry than values are read.
    constexpr Placement(PlacedValue* values, int* reads) : values_(values), reads_(reads) {}

    /// Adds a step that reads one value, and that may or may not write over it; returns the value that it
    /// writes.
    constexpr int add(int read, Index size, bool may_overwrite) {
        add_read(read);
        return add(size, may_overwrite ? read : PlacedValue::never);
    }
    /// Adds a value to those that the next step reads.
    constexpr void add_read(int value) { reads_[count_of_reads_++] = value; }
    /// Adds this step; returns the value that it writes.
    constexpr int add(Index size, int overwritable) {
        values_[count_].size = size;
        values_[count_].overwritable = overwritable;
        values_[++count_].first_read = count_of_reads_;
        return count_ - 1;
    }

    /// Computes all offsets. `last` is still needed after the last step.
    constexpr void place(int last) {
        find_last_reads(last);
        choose_sides();
        stack();
    }
    constexpr Index offset(int value) const { return values_[value].offset; }
    /// The size of the memory.
    constexpr Index total() const { return total_; }

  private:
    /// Calls f(value) for what a step reads.
    template <class F>
    constexpr void for_each_read(int step, const F& f) const {
        for (int r = values_[step].first_read; r < values_[step + 1].first_read; ++r) f(reads_[r]);
    }
    /// Whether a step that may overwrite this value can do so.
    constexpr bool fits(int value, int step) const {
        return value > 0 && values_[value].last_read == step && values_[value].size == values_[step].size;
    }
    /// The same for the first or second value that a step reads: a sum of the first two overwrites it, and
    /// then reads the others.
    constexpr bool fits_and_is_read_once(int number, int step) const {
        const int first = values_[step].first_read, value = reads_[first + number];
        bool once = fits(value, step);
        for (int r = first + 2; r < values_[step + 1].first_read; ++r) once = once && reads_[r] != value;
        return once;
    }
    /// Whether a value's memory is free after a step.
    constexpr bool ends(int value, int step) const {
        return value > 0 && values_[value].last_read == step && values_[step].overwritten != value;
    }

    constexpr void find_last_reads(int last) {
        for (int step = 1; step < count_; ++step) {
            values_[step].last_read = step; // of a value that nothing reads
            for_each_read(step, [&](int value) { values_[value].last_read = step; });
        }
        values_[last].last_read = count_;
        for (int step = 1; step < count_; ++step) {
            int over = values_[step].overwritable;
            bool overwrites = fits(over, step);
            if (over == PlacedValue::one_of_two) {
                const int* const read = reads_ + values_[step].first_read;
                const bool first = fits_and_is_read_once(0, step), second = fits_and_is_read_once(1, step);
                overwrites = first || second;
                // The one that is lower on its stack.
                over =
                    first && (!second || values_[read[0]].block < values_[read[1]].block) ? read[0] : read[1];
            }
            values_[step].overwritten = overwrites ? over : PlacedValue::never;
            values_[step].block = overwrites ? values_[over].block : step;
        }
    }
    constexpr void choose_sides() {
        for (int step = count_ - 1; step > 0; --step)
            for_each_read(step, [&](int value) {
                PlacedValue& block = values_[values_[value].block];
                if (!ends(value, step) || block.has_side) return;
                block.has_side = true;
                block.high = !values_[values_[step].block].high;
            });
    }
    constexpr void stack() {
        int top[2]{}; // blocks; 0 is none
        Index height[2]{};
        const auto leave = [&](int block) {
            values_[block].left = true;
            const int side = values_[block].high ? 1 : 0;
            for (; top[side] > 0 && values_[top[side]].left; top[side] = values_[top[side]].below)
                height[side] = values_[top[side]].offset;
        };
        for (int step = 1; step < count_; ++step) {
            PlacedValue& value = values_[step];
            if (value.block == step) {
                const int side = value.high ? 1 : 0;
                value.below = top[side];
                value.offset = height[side];
                top[side] = step;
                height[side] += value.size;
                total_ = (std::max)(total_, height[0] + height[1]);
            }
            for_each_read(step, [&](int read) {
                if (ends(read, step)) leave(values_[read].block);
            });
            if (value.last_read == step) leave(value.block);
        }
        // So far, the offsets of the high stack are from the end.
        for (int step = 1; step < count_; ++step) {
            PlacedValue& value = values_[step];
            if (value.block != step)
                value.offset = values_[value.block].offset;
            else if (value.high)
                value.offset = total_ - value.offset - value.size;
        }
    }

    PlacedValue* values_;
    int* reads_;
    int count_ = 1, count_of_reads_ = 0;
    Index total_ = 0;
};

} // namespace ctgan::inline CTGAN_ABI::detail
