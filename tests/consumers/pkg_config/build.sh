mkdir -p build
"${CXX:-g++}" -std=c++20 main.cpp -o build/app $(pkg-config --cflags --libs ctgan)
"${CXX:-g++}" -std=c++20 io.cpp -o build/io $(pkg-config --cflags --libs ctgan-io)
