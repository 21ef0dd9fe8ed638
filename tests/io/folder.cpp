#include <ctgan/io/folder.hpp>

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <csignal>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

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
    const auto file = folder.put("file", "");
    BOOST_TEST(
        test::message_of([&] { ctgan::io::make_folder(file); }).starts_with(file.string() + ": found "));
    BOOST_TEST(test::message_of([&] {
                   ctgan::io::make_folder(file / "below");
               }).starts_with(file.string() + ": found "));
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
