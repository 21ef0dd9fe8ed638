// What io promises of files, on every system: all or nothing, kept old files, locks, leftovers, messages.
// tests/io holds what only POSIX can test. Compiled with -DWITH_ZLIB, it also tests IDX files, which zlib
// decompresses, and checkpoints, whose checksum is zlib's; the rest needs no library.

#include <ctgan/io/folder.hpp>
#ifdef WITH_ZLIB
#    include <ctgan/io/checkpoint.hpp>
#    include <ctgan/io/find_labels.hpp>
#    include <ctgan/io/idx.hpp>
#endif

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using namespace ctgan;
namespace fs = std::filesystem;

namespace {

int failures = 0, checks = 0;

void expect(bool holds, const char* what) {
    ++checks;
    if (holds) return;
    std::printf("FAILED %s\n", what);
    ++failures;
}

void expect_text(const std::string& found, const std::string& expected) {
    ++checks;
    if (found == expected) return;
    std::printf("FAILED found    %s\n       expected %s\n", found.c_str(), expected.c_str());
    ++failures;
}

/// what() of the exception that `action` throws; empty if it throws none.
template <class Action>
std::string message_of(const Action& action) {
    try {
        action();
        return {};
    } catch (const std::exception& error) {
        return error.what();
    }
}

std::string content(const fs::path& path) {
    io::InputFile file(path, "a file of this test");
    std::string text(static_cast<std::size_t>(file.size()), '\0');
    file.read_exactly(std::as_writable_bytes(std::span(text)));
    return text;
}

int entries(const fs::path& folder) {
    int count = 0;
    for (fs::directory_iterator entry(folder), end; entry != end; ++entry) ++count;
    return count;
}

void check_writing(const fs::path& folder) {
    const fs::path file = folder / "a file";
    // Neither changed line ends nor a Ctrl-Z that ends the file: text modes of Windows.
    for (const std::string_view text : {"first\r\nline\n", "", "second, \x1a longer than the first"}) {
        io::write_atomically(file, text);
        expect(content(file) == text, "a file is replaced by another one");
    }
    const fs::path named = folder / fs::path(u8"gr\u00fcn \u6570\u5b57.txt");
    io::write_atomically(named, "x");
    expect(content(named) == "x", "names beyond ASCII");
    expect(message_of([&] {
               io::InputFile(folder / fs::path(u8"\u00fc"), "one");
           }).find("\xc3\xbc: found No such file or directory, expected one") != std::string::npos,
           "a name beyond ASCII in a message");
    io::write_atomically(folder / std::string(200, 'n'), "x");
    expect(entries(folder) == 3, "no temporary file is left");

    io::detail::PendingFile pending(file, 3);
    pending.write(std::as_bytes(std::span("new", 3)));
    expect(entries(folder) == 4 && content(file) != "new",
           "the old file stays until the new one is complete");
    pending.publish("the old one");
    expect(content(file) == "new" && content(folder / "the old one").starts_with("second"),
           "the old file is kept under another name");
    { io::detail::PendingFile dropped(file, 1); }
    expect(entries(folder) == 4, "a file that is not published leaves nothing");
}

void check_messages(const fs::path& folder) {
    const fs::path missing = folder / "missing", below = missing / "f";
    expect_text(message_of([&] { io::InputFile(missing, "a file"); }),
                missing.string() + ": found No such file or directory, expected a file");
    expect_text(message_of([&] { io::InputFile(folder, "a file"); }),
                folder.string() + ": found a directory, expected a file");
    expect_text(message_of([&] { io::write_atomically(below, "12"); }),
                below.string() +
                    ": found No such file or directory (opening its folder), expected to write 2 bytes");
    expect_text(message_of([&] { io::write_atomically(folder, "12"); }),
                folder.string() + ": found a directory, expected a regular file, or a name that is free");
    expect_text(message_of([&] { const io::FolderLock lock(missing); }),
                missing.string() + ": found No such file or directory, expected a folder");
    const fs::path file = folder / "file";
    io::write_atomically(file, "12");
    expect_text(message_of([&] { io::make_folder(file); }),
                file.string() + ": found a regular file, expected a folder to write to");
}

void check_reading(const fs::path& folder) {
    const fs::path path = folder / "digits";
    io::write_atomically(path, "0123456789");
    io::InputFile file(path, "ten digits");
    std::array<std::byte, 4> four{};
    expect(file.read(four) == 4 && four[3] == std::byte{'3'}, "the first bytes");
    expect(file.peek_end(four) && four[0] == std::byte{'6'}, "the last bytes");
    expect(file.peek_start(four) == 4 && four[0] == std::byte{'0'}, "the first bytes again");
    expect(file.read(four) == 4 && four[0] == std::byte{'4'}, "looking ahead moves no position");
    expect(file.read(four) == 2, "the end of the file");
    file.rewind();
    expect(file.read(four) == 4 && four[0] == std::byte{'0'}, "after rewind()");
    expect(message_of([&] { file.require_unchanged(); }).empty(), "a file that did not change");
    fs::resize_file(path, 5);
    expect(!message_of([&] { file.require_unchanged(); }).empty(), "a file that changed");
}

void check_folders(const fs::path& folder) {
    const fs::path deep = folder / "a" / "b" / "c";
    for (int time = 0; time < 2; ++time) io::make_folder(deep);
    expect(fs::is_directory(deep), "folders are created with those above");
    {
        const io::FolderLock lock(deep);
        expect_text(message_of([&] { const io::FolderLock second(deep); }),
                    deep.string() +
                        ": found another process that writes into it, expected a folder for this one alone");
        io::write_atomically(deep / "f", "x"); // the owner of the lock can write
    }
    expect(message_of([&] { const io::FolderLock again(deep); }).empty(), "the lock is released");
    expect(entries(deep) == 1, "no file is left of a lock");

    const std::string own = std::to_string(io::detail::system::process_id());
    constexpr const char* of_no_process = "2000000000"; // larger than any that a system gives
    io::write_atomically(deep / (".ctgan-" + own + "-77.tmp"), "");
    io::write_atomically(deep / (std::string(".ctgan-") + of_no_process + "-0.tmp"), "");
    io::write_atomically(deep / ".ctgan-notes.tmp", "");
    io::remove_leftovers(deep);
    expect(entries(deep) == 2, "leftovers are removed, and nothing else");
    expect(!io::detail::system::has_ended(io::detail::system::process_id()), "this process runs");
}

#ifdef WITH_ZLIB
void check_idx(const fs::path& folder) {
    // Labels are found by the name of their images, which may be beyond the code page of Windows.
    const fs::path images = folder / fs::path(u8"\u6570-images-idx3-ubyte");
    const fs::path labels = folder / fs::path(u8"\u6570-labels-idx1-ubyte");
    io::write_atomically(images, std::string_view("\0\0\x08\x03\0\0\0\1\0\0\0\1\0\0\0\1\x7f", 17));
    io::write_atomically(labels, std::string_view("\0\0\x08\x01\0\0\0\1\5", 9));
    expect(io::read_idx_images(images, {1, 1}).pixels == std::vector<std::uint8_t>{0x7f}, "an image");
    expect(io::find_labels(images) == labels, "the labels of images");
    expect(message_of([&] {
               io::read_idx_images(labels, {1, 1});
           }).ends_with("likely the file '\\xe6\\x95\\xb0-images-idx3-ubyte'"),
           "the images of labels, in a message");
}

void check_checkpoint(const fs::path& folder) {
    const fs::path path = folder / "checkpoint.safetensors";
    const std::array<float, 3> values{1, 2, 3};
    for (const char* step : {"1", "2"})
        io::write_checkpoint(
            path,
            std::vector<io::TensorToWrite>{{"w",
                                            io::Dtype::F32,
                                            {values.size()},
                                            {},
                                            [&](std::uint64_t) { return std::as_bytes(std::span(values)); }}},
            {{"step", step}});
    expect(io::open_checkpoint(path).metadata().at("step") == "2", "the latest checkpoint");
    expect(io::open_checkpoint(io::previous_of(path)).values<float>("w") == std::vector<float>{1, 2, 3},
           "the previous checkpoint");
    fs::resize_file(path, fs::file_size(path) - 1);
    expect(io::open_latest_checkpoint(path).file.metadata().at("step") == "1",
           "the previous checkpoint replaces a damaged one");
}
#endif

} // namespace

int main(int count, char** arguments) {
    const fs::path folder = count > 1 ? arguments[1] : "files";
    std::vector<void (*)(const fs::path&)> all{check_writing, check_messages, check_reading, check_folders};
#ifdef WITH_ZLIB
    all.insert(all.end(), {check_idx, check_checkpoint});
#endif
    for (const auto check : all) {
        fs::remove_all(folder);
        fs::create_directories(folder);
        const std::string message = message_of([&] { check(folder); });
        if (!message.empty()) expect(false, message.c_str());
    }
    fs::remove_all(folder);
    std::printf("%d checks, %d failed\n", checks, failures);
    return failures == 0 ? 0 : 1;
}
