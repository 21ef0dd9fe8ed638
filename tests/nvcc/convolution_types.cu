// nvcc writes types out for g++ as they were computed. Those of convolutions are computed from options, which
// are template arguments of class type and have no names there.

#include <ctgan/backend/cuda.hpp>
#include <ctgan/dcgan.hpp>
#include <ctgan/gan/gan_loop.hpp>

#include <cstddef>

using namespace ctgan;
namespace implementation = ctgan::gpu::detail;

namespace {

using Down = Conv2dWith<Conv2dOptions{.in = 4,
                                      .out = 6,
                                      .kernel = {3, 5},
                                      .stride = 2,
                                      .padding = 1,
                                      .groups = 2,
                                      .padding_mode = PaddingMode::reflect}>;
using Up = ConvTranspose2dWith<ConvTranspose2dOptions{.in = 6, .out = 4, .kernel = 3}>;
template <class... Layers>
using Output = typename Network<Sequential<Input<4, 9, 9>, Layers...>, Cuda>::output_shape;
using Product = implementation::TiledProduct<
    implementation::BigToSmall<Down::Geometry<Image<4, 9, 9>>, float, functions::Rectify>,
    implementation::Tile<64, 64, 4, 4>>;

struct Sizes {
    std::size_t of[5];
};
CTGAN_HD inline Sizes sizes() {
    return {{sizeof(GatheredImages<Output<Down, Up>, float>),
             sizeof(GatheredImages<Output<Conv2d<4, 6, 3>, ConvTranspose2d<6, 4, 3, 2>>, float>),
             offsetof(Product, splits), sizeof(Up::Geometry<Image<6, 4, 4>>),
             sizeof(Conv2d<4, 6, 3, 2>::Geometry<Image<4, 9, 9>>)}};
}

} // namespace

int main() { return sizes().of[0] > 0 ? 0 : 1; }
