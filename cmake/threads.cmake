# Gives ctgan its threads: OpenMP's if `openmp` is true and the compiler has OpenMP, or else the library's own. Where ctgan is built
# and, later, where it is found may be different compilers, so CMakeLists.txt and ctganConfig.cmake both include this file.
function(ctgan_give_threads target openmp)
    find_package(Threads REQUIRED)
    set(libraries Threads::Threads)
    set(CTGAN_HAS_OPENMP 0)
    if(openmp)
        find_package(OpenMP QUIET COMPONENTS CXX)
        if(OpenMP_CXX_FOUND)
            set(CTGAN_HAS_OPENMP 1)
            list(APPEND libraries OpenMP::OpenMP_CXX)
            # The target of FindOpenMP has no flags for nvcc.
            string(REPLACE " " "," flags "${OpenMP_CXX_FLAGS}")
            target_compile_options(${target} INTERFACE $<BUILD_INTERFACE:$<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=${flags}>>)
        endif()
    endif()
    foreach(library IN LISTS libraries)
        target_link_libraries(${target} INTERFACE $<BUILD_INTERFACE:${library}>)
    endforeach()
    # All files of a program need the same threads, also those that are compiled with OpenMP for other reasons.
    target_compile_definitions(${target} INTERFACE $<BUILD_INTERFACE:CTGAN_OPENMP=${CTGAN_HAS_OPENMP}>)
    set(CTGAN_HAS_OPENMP ${CTGAN_HAS_OPENMP} PARENT_SCOPE)
    set(CTGAN_OPENMP_FLAGS "${OpenMP_CXX_FLAGS}" PARENT_SCOPE)
endfunction()
