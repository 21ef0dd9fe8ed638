mkdir -p build
"${CXX:-g++}" -std=c++20 -O3 -march=native -pthread -I ctgan/include -I /usr/include/eigen3 main.cpp -o build/app
"${CXX:-g++}" -std=c++20 -O3 -march=native -pthread -I ctgan/include -I /usr/include/eigen3 io.cpp -o build/io -lpng -lz
