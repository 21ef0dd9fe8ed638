#include <ctgan/io/folder.hpp>

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <algorithm>
#include <array>
#include <barrier>
#include <csignal>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

BOOST_AUTO_TEST_SUITE(folder)

BOOST_AUTO_TEST_CASE(a_folder_is_locked_by_one_process_at_a_time) {
    const test::TemporaryFolder folder;
    const auto attempt = [&] { const ctgan::io::FolderLock lock(folder.path()); };
    {
        const ctgan::io::FolderLock lock(folder.path());
        BOOST_TEST(test::message_of(attempt) ==
                   folder.path().string() +
                       ": found another process that writes into it, expected a folder for this one alone");
    }
    BOOST_CHECK_NO_THROW(attempt());
    BOOST_TEST(folder.entries() == 0U);
    const auto missing = folder.path() / "missing";
    BOOST_TEST(test::message_of([&] { const ctgan::io::FolderLock lock(missing); }) ==
               missing.string() + ": found No such file or directory, expected a folder");
}

BOOST_AUTO_TEST_CASE(folders_are_created_with_their_parents) {
    const test::TemporaryFolder folder;
    const auto deep = folder.path() / "a" / "b" / "c";
    for (int time = 0; time < 2; ++time) {
        ctgan::io::make_folder(deep);
        BOOST_TEST(std::filesystem::is_directory(deep));
    }
}

/// Names that end with a slash, as a shell completes them, and other names that are not in their shortest
/// form.
BOOST_AUTO_TEST_CASE(folders_are_created_under_any_form_of_their_name) {
    for (const std::string name :
         {"a", "a/", "a//", "a/.", "a/b/c/", "a//b/c", "a/./b/", "a/b/..", "a/b/../c/"}) {
        const test::TemporaryFolder folder;
        const std::string path = folder.path().string() + "/" + name;
        for (int time = 0; time < 2; ++time) {
            BOOST_TEST(test::message_of([&] { ctgan::io::make_folder(path); }) == "", name);
            BOOST_TEST(std::filesystem::is_directory(path), name);
        }
    }
    const test::TemporaryFolder folder;
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    for (const char* name : {"new/", "x/y/z/", ".", "./w/"})
        BOOST_TEST(test::message_of([&] { ctgan::io::make_folder(name); }) == "", name);
    std::filesystem::current_path(before);
    for (const char* name : {"new", "x/y/z", "w"})
        BOOST_TEST(std::filesystem::is_directory(folder.path() / name), name);
}

BOOST_AUTO_TEST_CASE(several_threads_create_the_same_folders) {
    constexpr int count = 8, rounds = 200;
    std::array<std::string, count> messages;
    const test::TemporaryFolder folder;
    for (int round = 0; round < rounds; ++round) {
        const auto common = folder.path() / std::to_string(round) / "a" / "b" / "c";
        std::barrier start(count);
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < count; ++i)
            threads.emplace_back([&, i] {
                start.arrive_and_wait();
                const auto path = i % 2 == 0 ? common : common / ("own" + std::to_string(i)) / "";
                const std::string message = test::message_of([&] { ctgan::io::make_folder(path); });
                if (!message.empty()) messages[i] = message;
                if (!std::filesystem::is_directory(path)) messages[i] += " missing";
            });
        for (std::thread& thread : threads) thread.join();
    }
    for (const std::string& message : messages) BOOST_TEST(message == "");
}

BOOST_AUTO_TEST_CASE(what_stands_in_the_way_of_a_folder_is_reported) {
    const test::TemporaryFolder folder;
    const std::string file = folder.put("file", "").string(), link = (folder.path() / "link").string();
    std::filesystem::create_symlink("nothing", link);
    const auto message = [](const std::string& path) {
        return test::message_of([&] { ctgan::io::make_folder(path); });
    };
    const std::string expected = ", expected a folder to write to";
    for (const char* below : {"", "/", "/below", "/below/", "/below/it"})
        BOOST_TEST(message(file + below) == file + ": found a regular file" + expected, below);
    BOOST_TEST(message(link) == link + ": found a symbolic link to a missing file" + expected);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string socket_name = (folder.path() / "socket").string();
    BOOST_REQUIRE(socket_name.size() < sizeof address.sun_path);
    std::copy(socket_name.begin(), socket_name.end(), address.sun_path);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    BOOST_REQUIRE(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    ::close(socket);
    BOOST_TEST(message(socket_name) == socket_name + ": found a socket" + expected);
    BOOST_TEST(message("") == "'': found No such file or directory" + expected);
    BOOST_TEST(message("/proc/ctgan/x") ==
               "/proc/ctgan: found No such file or directory, expected a folder to write to");
    const std::string long_name = (folder.path() / std::string(300, 'n')).string();
    BOOST_TEST(message(long_name).ends_with(": found File name too long" + expected));
}

BOOST_AUTO_TEST_CASE(only_temporary_files_of_ended_processes_are_removed) {
    const test::TemporaryFolder folder;
    const pid_t ended = ::fork();
    if (ended == 0) ::_exit(0);
    ::waitpid(ended, nullptr, 0);
    const std::string running = std::to_string(::getppid()), own = std::to_string(::getpid());
    for (const std::string& name : {".ctgan-" + std::to_string(ended) + "-0.tmp", ".ctgan-" + own + "-3.tmp"})
        folder.put(name, "");
    for (const std::string& name : {".ctgan-" + running + "-0.tmp", std::string(".ctgan-1.txt"),
                                    std::string(".ctgan-notes.tmp"), std::string("a.tmp")})
        folder.put(name, "");
    ctgan::io::remove_leftovers(folder.path());
    BOOST_TEST(folder.entries() == 4U);
    BOOST_TEST(std::filesystem::exists(folder.path() / (".ctgan-" + running + "-0.tmp")));
    BOOST_CHECK_NO_THROW(ctgan::io::remove_leftovers(folder.path() / "missing"));
}

BOOST_AUTO_TEST_SUITE_END()
