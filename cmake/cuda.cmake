# CUDA for the programs and tests. Users of ctgan::ctgan need none of this, because the CUDA backend is header-only. Defines
#
# CTGAN_WITH_CUDA       whether the programs are built for CUDA, too
# ctgan_own_cuda_flags  the flags to compile them with
# ctgan_cuda_on_host    the CUDA backend with Thrust on the host's threads, if Thrust is found
set(CTGAN_CUDA AUTO CACHE STRING "Build the programs for CUDA, too: ON, OFF, or AUTO (ON if there is nvcc, and a GPU or CTGAN_BUILD_TESTS)")
set_property(CACHE CTGAN_CUDA PROPERTY STRINGS AUTO ON OFF)
if(NOT CTGAN_CUDA MATCHES "^(AUTO|ON|OFF)$")
    message(FATAL_ERROR "CTGAN_CUDA: found ${CTGAN_CUDA}, expected AUTO, ON or OFF")
endif()

find_program(CTGAN_NVCC nvcc HINTS ENV CUDA_HOME ENV CUDA_PATH PATHS /usr/local/cuda PATH_SUFFIXES bin)
execute_process(COMMAND nvidia-smi --list-gpus RESULT_VARIABLE no_gpu OUTPUT_QUIET ERROR_QUIET)
if(CTGAN_NVCC)
    execute_process(COMMAND ${CTGAN_NVCC} --version OUTPUT_VARIABLE nvcc_version ERROR_QUIET)
    string(REGEX MATCH "release ([0-9.]+)" nvcc_version "${nvcc_version}")
    set(nvcc_version ${CMAKE_MATCH_1})
endif()
set(CTGAN_WITH_CUDA ${CTGAN_CUDA})
if(CTGAN_CUDA STREQUAL AUTO)
    # Compiling for CUDA takes minutes, so AUTO does it only if it is useful.
    set(CTGAN_WITH_CUDA OFF)
    if(CTGAN_NVCC AND nvcc_version VERSION_LESS 12)
        message(STATUS "ctgan: found nvcc ${nvcc_version}, expected 12 or newer for C++20; building without CUDA")
    elseif(CTGAN_NVCC AND (CTGAN_BUILD_TESTS OR NOT no_gpu))
        set(CTGAN_WITH_CUDA ON)
    endif()
endif()

if(CTGAN_WITH_CUDA)
    if(NOT CTGAN_NVCC)
        message(FATAL_ERROR "CTGAN_CUDA: found ON but no nvcc, expected a CUDA toolkit (CUDA_HOME, or nvcc on the PATH)")
    endif()
    if(NOT CMAKE_CUDA_ARCHITECTURES AND NOT DEFINED ENV{CUDAARCHS})
        set(CMAKE_CUDA_ARCHITECTURES native)
        if(no_gpu)
            set(CMAKE_CUDA_ARCHITECTURES all-major)
        endif()
        set(CMAKE_CUDA_ARCHITECTURES ${CMAKE_CUDA_ARCHITECTURES} CACHE STRING "The GPUs to compile for")
    endif()
    if(NOT CMAKE_CUDA_COMPILER)
        set(CMAKE_CUDA_COMPILER ${CTGAN_NVCC})
    endif()
    enable_language(CUDA)
    # nvcc searches the folders of its host compiler anyway. Passed explicitly, such a folder would come earlier in the search
    # order, and the standard library would no longer find its own headers.
    list(APPEND CMAKE_CUDA_IMPLICIT_INCLUDE_DIRECTORIES ${CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES})
    find_package(CUDAToolkit REQUIRED)

    # cuBLAS, if it is found: for products in TF32, and to compare our own products with.
    add_library(ctgan_own_cuda_flags INTERFACE)
    target_compile_options(ctgan_own_cuda_flags INTERFACE
        $<$<COMPILE_LANGUAGE:CUDA>:-std=c++20> # CMake 3.25 does not know that nvcc supports it
        $<$<AND:$<COMPILE_LANGUAGE:CUDA>,$<BOOL:${CTGAN_WARNINGS_AS_ERRORS}>>:-Werror=all-warnings>
        $<$<AND:$<COMPILE_LANGUAGE:CUDA>,$<BOOL:${CTGAN_NATIVE}>>:-Xcompiler=-march=native>)
    # NCCL, if it is found: between ranks, with MPI.
    find_path(CTGAN_NCCL_DIR nccl.h HINTS ${CUDAToolkit_INCLUDE_DIRS})
    find_library(CTGAN_NCCL_LIBRARY nccl HINTS ${CUDAToolkit_LIBRARY_DIR})
    if(MPI_CXX_FOUND AND CTGAN_NCCL_DIR AND CTGAN_NCCL_LIBRARY)
        target_link_libraries(ctgan_own_cuda_flags INTERFACE ${CTGAN_NCCL_LIBRARY})
        target_compile_definitions(ctgan_own_cuda_flags INTERFACE CTGAN_WITH_NCCL)
    endif()
    if(TARGET CUDA::cublas)
        target_link_libraries(ctgan_own_cuda_flags INTERFACE CUDA::cublas)
        target_compile_definitions(ctgan_own_cuda_flags INTERFACE CTGAN_CUBLAS)
    endif()
endif()

# Thrust from the toolkit or from Debian's libthrust-dev. The latter is in a folder that compilers search anyway; passed
# explicitly, it would come earlier in the search order, and the standard library would no longer find its own headers.
find_path(CTGAN_THRUST_DIR thrust/version.h PATHS /usr/include HINTS ENV CUDA_HOME ENV CUDA_PATH /usr/local/cuda
    PATH_SUFFIXES include/cccl include DOC "The folder with thrust/, cub/ and cuda/std/")
find_package(OpenMP QUIET COMPONENTS CXX)
if(CTGAN_THRUST_DIR AND OpenMP_CXX_FOUND)
    add_library(ctgan_cuda_on_host INTERFACE)
    target_compile_definitions(ctgan_cuda_on_host INTERFACE THRUST_DEVICE_SYSTEM=THRUST_DEVICE_SYSTEM_OMP)
    target_link_libraries(ctgan_cuda_on_host INTERFACE ctgan OpenMP::OpenMP_CXX)
    if(NOT CTGAN_THRUST_DIR IN_LIST CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES)
        target_include_directories(ctgan_cuda_on_host SYSTEM INTERFACE ${CTGAN_THRUST_DIR})
    endif()
endif()
