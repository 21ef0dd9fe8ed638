// Opens a plugin, draws with it and closes it, thirty times:  plugin_host LIBRARY unloads|stays
// It uses std::cout so that it, not the plugin, loads libstdc++, which may not depend on a plugin.

#include <chrono>
#include <cstring>
#include <dlfcn.h>
#include <iostream>
#include <sys/mman.h>
#include <thread>

int main(int, char** argv) {
    const bool unloads = std::strcmp(argv[2], "unloads") == 0;
    float first = 0;
    for (int round = 0; round < 30; ++round) {
        void* const library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
        if (!library) {
            std::cout << dlerror() << "\n";
            return 1;
        }
        const auto draw = reinterpret_cast<float (*)(unsigned long)>(dlsym(library, "draw"));
        const float drawn = draw(5);
        if (round == 0) first = drawn;
        if (drawn != first) {
            std::cout << "round " << round << ": drew " << drawn << ", expected " << first << "\n";
            return 1;
        }
        if (dlclose(library) != 0) return 1;
        void* const still = dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD);
        if (unloads == (still != nullptr)) {
            std::cout << "round " << round << ": the library is" << (still ? "" : " not") << " loaded\n";
            return 1;
        }
        if (still) dlclose(still);
        // Something else takes the place of the library, and a worker that was left behind would wake up.
        mmap(nullptr, 8 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    std::cout << "30 rounds\n";
}
