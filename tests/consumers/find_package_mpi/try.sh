# packages: g++ cmake ninja-build openmpi-bin libopenmpi-dev
# shellcheck shell=sh disable=SC2154 # run.sh sets the variables
need mpirun
install_ctgan
build_with_cmake -DCMAKE_PREFIX_PATH="$prefix"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
alone=$(build/on_ranks)
two=$(mpirun -n 2 build/on_ranks)
echo "find_package_mpi: '$alone', '$two'"
[ "$two" = "2 ranks, ${alone#1 ranks, }" ]

without_mpi() { cmake -DCMAKE_DISABLE_FIND_PACKAGE_MPI=ON build; }
fails_with 'ctgan, component mpi: found no MPI, expected Open MPI, MPICH or another.' without_mpi
