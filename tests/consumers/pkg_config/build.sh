mkdir -p build
"${CXX:-g++}" -std=c++20 -O3 -march=native main.cpp -o build/app $(pkg-config --cflags --libs ctgan)
"${CXX:-g++}" -std=c++20 -O3 -march=native io.cpp -o build/io $(pkg-config --cflags --libs ctgan-io)
