#pragma once

/// The one place that states the version; CMake and Meson read it from here.
#define CTGAN_VERSION_MAJOR 0
#define CTGAN_VERSION_MINOR 1
#define CTGAN_VERSION_PATCH 0
