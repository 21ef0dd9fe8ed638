# packages: g++ cmake ninja-build zlib1g-dev libpng-dev nlohmann-json3-dev
# shellcheck shell=sh disable=SC2154 # run.sh sets the variables
install_ctgan
build_with_cmake -DCMAKE_PREFIX_PATH="$prefix"

without_png() { cmake -DCMAKE_DISABLE_FIND_PACKAGE_PNG=ON -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON build; }
fails_with 'ctgan, component io: found no PNG, no nlohmann_json, expected ZLIB, PNG and nlohmann_json.' without_png
# If io is optional, ctgan is found without it.
sed -i 's/REQUIRED COMPONENTS io/REQUIRED OPTIONAL_COMPONENTS io/; /io.cpp/d; /(io /d' CMakeLists.txt
without_png
# The component jpeg has io in it.
sed -i 's/OPTIONAL_COMPONENTS io/COMPONENTS jpeg/' CMakeLists.txt
without_jpeg() {
    cmake -DCMAKE_DISABLE_FIND_PACKAGE_PNG=OFF -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=OFF -DCMAKE_DISABLE_FIND_PACKAGE_JPEG=ON build
}
fails_with 'ctgan, component jpeg: found no JPEG, expected libjpeg-turbo.' without_jpeg
