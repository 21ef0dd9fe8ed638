#include "animation.hpp"

#include <ctgan/io/animation.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/png.hpp>
#include <ctgan/plot/report.hpp>

#include <fmt/core.h>

#include <system_error>
#include <vector>

namespace train {

void require_animation(const std::filesystem::path& path) {
    ctgan::io::require_animation_name(path);
    std::error_code ignored;
    if (path.has_parent_path() && !std::filesystem::is_directory(path.parent_path(), ignored))
        throw ctgan::io::Error(path, "no such folder", "a file in an existing one");
}

void require_animation_of(const std::filesystem::path& path, int channels) {
    if (channels != 1 && path.extension() == ".gif")
        throw ctgan::io::Error(path, "a GIF for color pictures", "a name that ends with '.png'");
}

std::size_t animate(const std::filesystem::path& path, const Folder& folder, std::size_t epochs) {
    constexpr std::size_t most = 200; // forty seconds
    std::vector<ctgan::io::Picture> frames;
    for (const std::size_t i : ctgan::plot::evenly_chosen(epochs, most)) {
        const auto file = folder.sample(static_cast<long long>(i + 1));
        auto frame = ctgan::io::read_png(file);
        if (!frames.empty() && (frame.height != frames[0].height || frame.width != frames[0].width ||
                                frame.channels != frames[0].channels))
            throw ctgan::io::Error(file,
                                   fmt::format("{} x {} pixels of {}", frame.height, frame.width,
                                               ctgan::io::counted(frame.channels, "channel")),
                                   fmt::format("{} x {} of {}, as the other pictures", frames[0].height,
                                               frames[0].width, frames[0].channels));
        frames.push_back(std::move(frame));
    }
    if (!frames.empty()) ctgan::io::write_animation(path, frames);
    return frames.size();
}

} // namespace train
