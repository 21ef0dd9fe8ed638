#pragma once

#include <ctgan/backend/cuda/device.hpp>
#include <ctgan/backend/cuda/parallel.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <cstdint>

/// Runs the tiles of a product (tiled_product.hpp): as one kernel on a device, or in a loop on the host.
namespace ctgan::inline CTGAN_ABI::gpu::detail {

#if CTGAN_ON_GPU

template <class Product, class Tile>
__global__ void __launch_bounds__(Tile::threads) tiles_of_product(const Product product) {
    __shared__ typename Product::Shared shared;
    typename Product::Thread thread;
    product.begin(thread, shared, blockIdx.x, static_cast<int>(threadIdx.x));
    const int slabs = thread.slabs(); // the same for all threads of the block
    for (int slab = 0; slab < slabs; ++slab) {
        __syncthreads();
        product.step(thread, shared, slab);
    }
    product.end(thread);
}

template <class Product, class Tile>
void launch_tiles(const Product& product) {
    const Access access;
    tiles_of_product<Product, Tile>
        <<<static_cast<unsigned>(product.blocks()), Tile::threads, 0, stream()>>>(product);
    launched<Product>();
}

#else

/// Runs the threads of a block one after the other, from barrier to barrier.
template <class Product, class Tile>
struct BlockOnHost {
    Product product;
    void operator()(Index block) const {
        typename Product::Shared shared;
        typename Product::Thread threads[Tile::threads];
        for (int i = 0; i < Tile::threads; ++i)
            product.begin(threads[i], shared, static_cast<std::uint32_t>(block), i);
        const int slabs = threads[0].slabs();
        for (int slab = 0; slab < slabs; ++slab)
            for (auto& thread : threads) product.step(thread, shared, slab);
        for (const auto& thread : threads) product.end(thread);
    }
};

template <class Product, class Tile>
void launch_tiles(const Product& product) {
    parallel_for(product.blocks(), BlockOnHost<Product, Tile>{product});
}

#endif

} // namespace ctgan::inline CTGAN_ABI::gpu::detail
