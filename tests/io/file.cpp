#include <ctgan/io/file.hpp>

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <array>
#include <csignal>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/stat.h>
#include <vector>

using ctgan::io::InputFile;
using ctgan::io::write_atomically;

namespace {

/// Limits the size of all files of the process to `bytes`, which has the effect of a full disk on a writer.
class FileSizeLimit {
  public:
    explicit FileSizeLimit(rlim_t bytes) : handler_before_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;
    ~FileSizeLimit() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_before_);
    }

  private:
    rlimit before_{};
    void (*handler_before_)(int);
};

} // namespace

BOOST_AUTO_TEST_SUITE(file)

BOOST_AUTO_TEST_CASE(text_from_files_is_escaped_and_shortened) {
    using namespace std::string_view_literals;
    const std::string eighty(80, 'x');
    const std::vector<std::pair<std::string_view, std::string>> cases{
        {"", ""},
        {"conv1.weight", "conv1.weight"},
        {"a\0b\x1b\n\x7f\\"sv, "a\\x00b\\x1b\\x0a\\x7f\\x5c"},
        {"gr\xc3\xbcn", "gr\\xc3\\xbcn"},
    };
    for (const auto& [text, shown] : cases) BOOST_TEST(ctgan::io::printable(text) == shown);
    BOOST_TEST(ctgan::io::printable(eighty) == eighty);
    BOOST_TEST(ctgan::io::printable(eighty + "y") == eighty + "...");
    BOOST_TEST(ctgan::io::printable(std::string(78, 'x') + "\n") == std::string(78, 'x') + "...");
}

BOOST_AUTO_TEST_CASE(errors_are_one_line) {
    BOOST_TEST(ctgan::io::Error("a/b c", "this", "that").what() ==
               std::string("a/b c: found this, expected that"));
    BOOST_TEST(ctgan::io::Error("a\nb", 7, "this", "that").what() ==
               std::string("a\\x0ab: offset 7: found this, expected that"));
}

BOOST_AUTO_TEST_CASE(a_file_is_read_in_parts_and_its_end_is_detected) {
    const test::TemporaryFolder folder;
    const auto path = folder.put("f", "0123456789");
    InputFile file(path, "ten digits");
    BOOST_TEST(file.size() == 10u);
    std::array<std::byte, 4> chunk{};
    BOOST_TEST(file.peek_end(chunk));
    BOOST_TEST((chunk[0] == std::byte{'6'}));
    BOOST_TEST(file.read(chunk) == 4u);
    BOOST_TEST((chunk[0] == std::byte{'0'}));
    file.read_exactly(chunk);
    BOOST_TEST((chunk[3] == std::byte{'7'}));
    BOOST_TEST(test::message_of([&] { file.read_exactly(chunk); }) ==
               path.string() + ": offset 10: found the end of the file, expected 12 bytes");
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_further_is_reported_with_the_offset) {
    // Linux reports this file as a regular one and refuses to read the first page.
    const std::string path = "/proc/self/mem";
    if (!std::filesystem::exists(path)) return;
    InputFile file(path, "ten digits");
    std::array<std::byte, 4> chunk{};
    BOOST_TEST(test::message_of([&] { file.read(chunk); }) ==
               path + ": offset 0: found Input/output error, expected ten digits");
}

BOOST_AUTO_TEST_CASE(a_file_that_changes_while_it_is_read_is_detected) {
    const test::TemporaryFolder folder;
    const auto path = folder.put("f", "0123456789");
    const InputFile file(path, "ten digits");
    file.require_unchanged();
    std::filesystem::resize_file(path, 5);
    BOOST_TEST(test::message_of([&] { file.require_unchanged(); }) ==
               path.string() +
                   ": found a file that changed while it was read, expected one that stays as it is");
}

BOOST_AUTO_TEST_CASE(files_are_written_and_replaced_without_leftovers) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "a name with \xc3\xbc and\nline";
    for (const std::string text : {"first", "", "a longer text than the first"}) {
        write_atomically(path, text);
        BOOST_TEST(test::content(path) == text);
    }
    const std::string start = "in ", end = "parts";
    const std::array parts{std::as_bytes(std::span(start)), std::span<const std::byte>{},
                           std::as_bytes(std::span(end))};
    write_atomically(path, parts);
    BOOST_TEST(test::content(path) == "in parts");
    const auto longest = folder.path() / std::string(255, 'n');
    write_atomically(longest, "x");
    BOOST_TEST(test::content(longest) == "x");
    BOOST_TEST(folder.entries() == 2u);
}

BOOST_AUTO_TEST_CASE(a_new_file_s_permissions_follow_the_umask) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "f";
    const mode_t before = ::umask(027);
    write_atomically(path, "x");
    ::umask(before);
    BOOST_TEST((std::filesystem::status(path).permissions() == std::filesystem::perms{0640}));
}

/// Not those that the umask leaves, which might let others read it.
BOOST_AUTO_TEST_CASE(a_file_keeps_the_permissions_of_the_one_that_it_replaces) {
    const test::TemporaryFolder folder;
    const auto path = folder.put("f", "old"), link = folder.path() / "link";
    std::filesystem::create_symlink(path, link);
    const auto mode = [](const std::filesystem::path& file) {
        return static_cast<unsigned>(std::filesystem::status(file).permissions());
    };
    for (const mode_t umask : {mode_t{0}, mode_t{027}, mode_t{077}})
        for (const unsigned wanted : {0600U, 0640U, 0666U, 0777U, 0444U}) {
            const mode_t before = ::umask(umask);
            std::filesystem::permissions(path, std::filesystem::perms{wanted});
            write_atomically(path, "x");
            BOOST_TEST(mode(path) == wanted);
            write_atomically(link, "y");
            BOOST_TEST(mode(path) == wanted);
            ::umask(before);
        }
    BOOST_TEST(test::content(path) == "y");
}

BOOST_AUTO_TEST_CASE(a_private_file_is_private_while_it_is_written) {
    const test::TemporaryFolder folder;
    const auto path = folder.put("f", "old");
    std::filesystem::permissions(path, std::filesystem::perms{0600});
    const mode_t before = ::umask(0);
    ctgan::io::detail::PendingFile file(path, 1);
    ::umask(before);
    int seen = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
        BOOST_TEST((entry.status().permissions() == std::filesystem::perms{0600}), entry.path().filename());
        ++seen;
    }
    BOOST_TEST(seen == 2);
}

BOOST_AUTO_TEST_CASE(a_name_without_a_folder_is_in_the_current_folder) {
    const test::TemporaryFolder folder;
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    write_atomically("plain.txt", "x");
    std::filesystem::current_path(before);
    BOOST_TEST(test::content(folder.path() / "plain.txt") == "x");
}

BOOST_AUTO_TEST_CASE(a_symbolic_link_stays_a_link) {
    const test::TemporaryFolder folder;
    const auto target = folder.put("elsewhere/target", "old"), link = folder.path() / "link";
    std::filesystem::create_symlink(target, link);
    write_atomically(link, "new");
    BOOST_TEST(std::filesystem::is_symlink(link));
    BOOST_TEST(test::content(target) == "new");
}

BOOST_AUTO_TEST_CASE(targets_that_are_not_regular_files_are_refused_and_kept) {
    const test::TemporaryFolder folder;
    const auto fifo = folder.path() / "fifo";
    BOOST_REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    for (const auto& [path, found] : std::vector<std::pair<std::filesystem::path, std::string>>{
             {folder.path(), "a directory"}, {fifo, "a FIFO"}, {"/dev/null", "a character device"}})
        BOOST_TEST(test::message_of([target = path] { write_atomically(target, "x"); }) ==
                   path.string() + ": found " + found + ", expected a regular file, or a name that is free");
    BOOST_TEST(std::filesystem::is_fifo(fifo));
    BOOST_TEST(std::filesystem::is_character_file("/dev/null"));
}

BOOST_AUTO_TEST_CASE(missing_folders_and_files_in_place_of_folders_are_reported) {
    const test::TemporaryFolder folder;
    const auto under_file = folder.put("file", "") / "f", under_nothing = folder.path() / "missing" / "f";
    BOOST_TEST(test::message_of([&] { write_atomically(under_nothing, "12345"); }) ==
               under_nothing.string() +
                   ": found No such file or directory (opening its folder), expected to write 5 bytes");
    BOOST_TEST(test::message_of([&] { write_atomically(under_file, "1"); }) ==
               under_file.string() +
                   ": found Not a directory (opening its folder), expected to write 1 byte");
}

BOOST_AUTO_TEST_CASE(a_read_only_folder_is_reported) {
    const test::TemporaryFolder folder;
    std::filesystem::permissions(folder.path(), std::filesystem::perms{0555});
    std::string message;
    const auto path = folder.path() / "f";
    {
        const test::AsOrdinaryUser user;
        if (user.effective()) message = test::message_of([&] { write_atomically(path, "12"); });
    }
    std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
    if (message.empty())
        BOOST_TEST_MESSAGE("skipped: cannot become an ordinary user");
    else
        BOOST_TEST(
            message ==
            path.string() +
                ": found Permission denied (creating a file in its folder), expected to write 2 bytes");
}

BOOST_AUTO_TEST_CASE(a_full_disk_leaves_the_old_file_and_nothing_else) {
    const test::TemporaryFolder folder;
    const auto path = folder.put("f", "the old content");
    const std::string big(100000, 'x');
    std::string message;
    {
        const FileSizeLimit limit(4096);
        message = test::message_of([&] { write_atomically(path, big); });
    }
    BOOST_TEST(message ==
               path.string() + ": found File too large (after 4096 bytes), expected to write 100000 bytes");
    BOOST_TEST(test::content(path) == "the old content");
    BOOST_TEST(folder.entries() == 1u);
}

BOOST_AUTO_TEST_CASE(left_over_temporary_files_do_not_interfere) {
    const test::TemporaryFolder folder;
    for (int serial = 0; serial < 60; ++serial)
        folder.put(".ctgan-" + std::to_string(::getpid()) + "-" + std::to_string(serial) + ".tmp",
                   "left over");
    write_atomically(folder.path() / "f", "x");
    BOOST_TEST(test::content(folder.path() / "f") == "x");
    BOOST_TEST(folder.entries() == 61u);
}

BOOST_AUTO_TEST_SUITE_END()
