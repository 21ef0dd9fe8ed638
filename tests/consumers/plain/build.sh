mkdir -p build
"${CXX:-g++}" -std=c++20 -O3 -march=native -pthread -I ctgan/include main.cpp -o build/app
"${CXX:-g++}" -std=c++20 -O3 -march=native -pthread -I ctgan/include io.cpp -o build/io -lpng -lz
