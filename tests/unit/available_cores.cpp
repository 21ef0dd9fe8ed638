#include <ctgan/backend/cpu/available_cores.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#if defined(__linux__)
#    include <unistd.h>
#endif

using namespace ctgan;

BOOST_AUTO_TEST_SUITE(available_cores)

#if defined(__linux__)

namespace {

/// A folder in place of /sys/fs/cgroup, with a list in place of /proc/self/cgroup.
class ControlGroups {
  public:
    explicit ControlGroups(const std::string& groups)
        : folder_(std::filesystem::temp_directory_path() / ("ctgan_cgroup_" + std::to_string(getpid()))) {
        write("list", groups);
    }
    ControlGroups(const ControlGroups&) = delete;
    ControlGroups& operator=(const ControlGroups&) = delete;
    ~ControlGroups() { std::filesystem::remove_all(folder_); }

    void write(const std::string& file, const std::string& text) const {
        std::filesystem::create_directories((folder_ / file).parent_path());
        std::ofstream(folder_ / file) << text << "\n";
    }
    int cores(int unlimited) const {
        return cpu::detail::cores_of_control_groups(unlimited, folder_.c_str(), (folder_ / "list").c_str());
    }

  private:
    std::filesystem::path folder_;
};

} // namespace

BOOST_AUTO_TEST_CASE(quotas_of_version_2) {
    const ControlGroups groups("0::/a/b");
    BOOST_TEST(groups.cores(8) == 8);
    groups.write("a/b/cpu.max", "max 100000");
    BOOST_TEST(groups.cores(8) == 8);
    groups.write("a/b/cpu.max", "350000 100000");
    BOOST_TEST(groups.cores(8) == 3);
    BOOST_TEST(groups.cores(2) == 2);
    groups.write("a/cpu.max", "200000 100000"); // the group around it
    BOOST_TEST(groups.cores(8) == 2);
    groups.write("cpu.max", "50000 100000"); // half a core: one thread
    BOOST_TEST(groups.cores(8) == 1);
}

BOOST_AUTO_TEST_CASE(quotas_of_version_1) {
    const ControlGroups groups("3:memory:/c\n2:cpuacct,cpu:/c\n1:cpuset:/c");
    groups.write("cpu/c/cpu.cfs_period_us", "100000");
    groups.write("cpu/c/cpu.cfs_quota_us", "-1");
    BOOST_TEST(groups.cores(8) == 8);
    groups.write("cpu/c/cpu.cfs_quota_us", "400000");
    BOOST_TEST(groups.cores(8) == 4);
}

BOOST_AUTO_TEST_CASE(control_groups_that_cannot_be_read_limit_nothing) {
    BOOST_TEST(cpu::detail::cores_of_control_groups(4, "/nowhere", "/nowhere/list") == 4);
    const ControlGroups groups("no list of groups\n0::\n0::e\n:\n0::/d");
    groups.write("d/cpu.max", "");
    BOOST_TEST(groups.cores(4) == 4);
    groups.write("d/cpu.max", "100000 0");
    BOOST_TEST(groups.cores(4) == 4);
}

BOOST_AUTO_TEST_CASE(the_environment_says_how_many) {
    const char* const given = std::getenv("CTGAN_NUM_THREADS");
    const std::string before = given ? given : "";
    const auto with = [](const char* text) {
        setenv("CTGAN_NUM_THREADS", text, 1);
        return cpu::threads_of_environment(5);
    };
    BOOST_TEST(with("") == 5);
    BOOST_TEST(with("1") == 1);
    BOOST_TEST(with("12") == 12);
    for (const char* const wrong : {"0", "-2", "two", "3 cores", "1.5", "99999999999999999999"})
        BOOST_CHECK_THROW(with(wrong), std::invalid_argument);
    setenv("CTGAN_NUM_THREADS", before.c_str(), 1);
}

#endif

BOOST_AUTO_TEST_CASE(there_is_a_core) { BOOST_TEST(cpu::available_cores() >= 1); }

BOOST_AUTO_TEST_SUITE_END()
