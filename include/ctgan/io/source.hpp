#pragma once

#include <ctgan/core/config.hpp>

/// Defines the functions that the headers of io and plot only declare in a program that defines
/// CTGAN_SEPARATE_COMPILATION. Exactly one file of such a program includes this header.

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan needs CTGAN_SEPARATE_COMPILATION for io/source.hpp: define it in all files of the program, or include no io/source.hpp>
#endif

// Unsorted: what declares the functions has to come before what defines them.
// clang-format off
#include <ctgan/io/animation.hpp>
#include <ctgan/io/checkpoint.hpp>
#include <ctgan/io/checksum.hpp>
#include <ctgan/io/cifar.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/find_images.hpp>
#include <ctgan/io/find_labels.hpp>
#include <ctgan/io/find_pixels.hpp>
#include <ctgan/io/foreign_format.hpp>
#include <ctgan/io/gan_state.hpp>
#include <ctgan/io/hexadecimal.hpp>
#include <ctgan/io/idx.hpp>
#include <ctgan/io/load_network.hpp>
#include <ctgan/io/network_text.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/picture_file.hpp>
#include <ctgan/io/picture_folder.hpp>
#include <ctgan/io/png.hpp>
#include <ctgan/io/resize.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/safetensors_dtype.hpp>
#include <ctgan/io/safetensors_write.hpp>
#include <ctgan/io/tensors_checksum.hpp>
#include <ctgan/io/tensors_to_write.hpp>
#include <ctgan/io/weights.hpp>
#include <ctgan/plot/axis.hpp>
#include <ctgan/plot/histogram.hpp>
#include <ctgan/plot/line_chart.hpp>
#include <ctgan/plot/report.hpp>

#include <ctgan/io/impl/animation.hpp>
#include <ctgan/io/impl/checkpoint.hpp>
#include <ctgan/io/impl/checksum.hpp>
#include <ctgan/io/impl/cifar.hpp>
#include <ctgan/io/impl/data_set.hpp>
#include <ctgan/io/impl/error.hpp>
#include <ctgan/io/impl/find_images.hpp>
#include <ctgan/io/impl/find_labels.hpp>
#include <ctgan/io/impl/find_pixels.hpp>
#include <ctgan/io/impl/foreign_format.hpp>
#include <ctgan/io/impl/gan_state.hpp>
#include <ctgan/io/impl/gif.hpp>
#include <ctgan/io/impl/hexadecimal.hpp>
#include <ctgan/io/impl/idx.hpp>
#include <ctgan/io/impl/jpeg_decoder.hpp>
#include <ctgan/io/impl/load_network.hpp>
#include <ctgan/io/impl/picture.hpp>
#include <ctgan/io/impl/picture_cache.hpp>
#include <ctgan/io/impl/picture_file.hpp>
#include <ctgan/io/impl/picture_folder.hpp>
#include <ctgan/io/impl/picture_listing.hpp>
#include <ctgan/io/impl/png.hpp>
#include <ctgan/io/impl/png_decoder.hpp>
#include <ctgan/io/impl/resize.hpp>
#include <ctgan/io/impl/safetensors.hpp>
#include <ctgan/io/impl/safetensors_dtype.hpp>
#include <ctgan/io/impl/safetensors_header.hpp>
#include <ctgan/io/impl/safetensors_write.hpp>
#include <ctgan/io/impl/tensors_checksum.hpp>
#include <ctgan/io/impl/tensors_to_write.hpp>
#include <ctgan/io/impl/weights.hpp>
#include <ctgan/plot/impl/axis.hpp>
#include <ctgan/plot/impl/histogram.hpp>
#include <ctgan/plot/impl/line_chart.hpp>
#include <ctgan/plot/impl/report.hpp>
#include <ctgan/plot/impl/report_chart_script.hpp>
#include <ctgan/plot/impl/report_charts.hpp>
#include <ctgan/plot/impl/report_script.hpp>
#include <ctgan/plot/impl/report_style.hpp>
#include <ctgan/plot/impl/report_text.hpp>
// clang-format on
