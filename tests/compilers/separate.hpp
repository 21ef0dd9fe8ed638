// What separate_write.cpp and separate_read.cpp share.
#pragma once

#include <ctgan/network/tensor_names.hpp>

#include "networks.hpp"

namespace ctgan::io {}
namespace io = ctgan::io;

inline const ctgan::LayerNames generator_names{"linear", "bn1", "residual", "decon1", "bn2", "decon2"};
inline const ctgan::LayerNames discriminator_names{"conv", "branch", "linear"};

int read_files(const Gan& gan);
