#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/safetensors_write.hpp>

#include <boost/test/unit_test.hpp>

#include "safetensors_support.hpp"
#include "support.hpp"
#include <chrono>
#include <string>
#include <utility>
#include <vector>

using ctgan::io::SafetensorsFile;
using ctgan::io::TensorToWrite;
using ctgan::io::write_safetensors;
using test::entry;
using test::file_of;
using test::little_endian;

namespace {

/// A header with the one tensor "w".
std::string one(const std::string& dtype, const std::string& shape, const std::string& offsets) {
    return R"({"w":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
}

std::string repeated(const std::string& text, std::size_t count) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i) result += text;
    return result;
}

struct BadFile {
    std::string name, content, message; ///< message: what follows the path
};

/// Checks that the file is refused with its message.
void check_refusal(const BadFile& file) {
    const test::TemporaryFolder folder;
    BOOST_TEST_CONTEXT(file.name) {
        const auto path = folder.put("weights", file.content);
        BOOST_TEST(test::message_of([&] { SafetensorsFile::open(path); }) ==
                   path.string() + ": " + file.message);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(hostile_safetensors)

BOOST_AUTO_TEST_CASE(impossible_lengths_are_refused) {
    const std::string empty = file_of("{}");
    const auto length_of = [](std::uint64_t length) { return little_endian(length) + "{}"; };
    const std::string follow = ", expected at most the 2 bytes that follow it";
    const std::string cap = ", expected at most 4194304";
    const std::string big(std::size_t{5} << 20, ' ');
    for (const BadFile& file : {
             BadFile{"0 bytes", "", "found 0 bytes, expected a safetensors file's 8-byte header length"},
             BadFile{"1 byte", "x", "found 1 byte, expected a safetensors file's 8-byte header length"},
             BadFile{"7 bytes", empty.substr(0, 7),
                     "found 7 bytes, expected a safetensors file's 8-byte header length"},
             BadFile{"8 bytes", empty.substr(0, 8),
                     "offset 0: found a header length of 2, expected at most the 0 bytes that follow it"},
             BadFile{"0", length_of(0), "offset 0: found a header length of 0, expected at least 2"},
             BadFile{"1", length_of(1), "offset 0: found a header length of 1, expected at least 2"},
             BadFile{"one too many", length_of(3), "offset 0: found a header length of 3" + follow},
             BadFile{"2^63", length_of(std::uint64_t{1} << 63),
                     "offset 0: found a header length of 9223372036854775808" + follow},
             BadFile{"2^64 - 8", length_of(~std::uint64_t{7}),
                     "offset 0: found a header length of 18446744073709551608" + follow},
             BadFile{"2^64 - 1", length_of(~std::uint64_t{0}),
                     "offset 0: found a header length of 18446744073709551615" + follow},
             BadFile{"over the cap", little_endian(4194305) + big,
                     "offset 0: found a header length of 4194305" + cap},
         })
        check_refusal(file);
}

BOOST_AUTO_TEST_CASE(foreign_formats_are_named_with_the_way_to_convert) {
    using namespace std::string_literals;
    const std::string zip = "PK\x03\x04" + std::string(26, '\0');
    const std::string from_pickle =
        ": in Python, safetensors.torch.save_file(torch.load('FILE', weights_only=True), 'FILE.safetensors')";
    const std::string from_numpy =
        ": in Python, safetensors.numpy.save_file(dict(numpy.load('FILE')), 'FILE.safetensors')";
    const std::string from_onnx =
        ": in Python, safetensors.numpy.save_file({t.name: "
        "onnx.numpy_helper.to_array(t) for t in onnx.load('FILE').graph.initializer}, "
        "'FILE.safetensors')";
    std::string tar = "weights.bin" + std::string(501, '\0');
    tar.replace(257, 5, "ustar");
    struct Case {
        std::string content, name, way;
    };
    for (const auto& [content, name, way] : std::vector<Case>{
             {zip + "archive/data.pkl", "a zip archive, as PyTorch .pt files are", from_pickle},
             {zip + "arr_0.npy", "a NumPy .npz archive", from_numpy},
             {"\x80\x02\x8a\x0al\xfc\x9c\x46\xf9 j", "a Python pickle, as old PyTorch .pt files are",
              from_pickle},
             {"\x80\x04\x95\x10\0\0\0\0\0\0\0}"s, "a Python pickle", from_pickle},
             {"\x93NUMPY\x01\0v\0{'descr'"s, "a NumPy .npy array, one without a name", ""},
             {"\x08\x07\x12\x07pytorch\x1a\x03"s, "an ONNX model", from_onnx},
             {"GGUF\x03\0\0\0\x10\0\0\0"s, "a GGUF file", ""},
             {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"s, "a PNG picture", ""},
             {"\xff\xd8\xff\xe0\0\x10JFIF\0"s, "a JPEG picture", ""},
             {"<!DOCTYPE html>\n<html>", "an HTML page", ": download the file itself"},
             {"<html><head>", "an HTML page", ": download the file itself"},
             {"\x89HDF\r\n\x1a\n\0\0\0\0"s, "an HDF5 file, as Keras and MATLAB write", ""},
             {"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer in place of the file itself",
              ": git lfs pull brings the file"},
             {"\0\0\x08\x03\0\0\xea\x60\0\0\0\x1c"s, "an IDX file of images", ""},
             {test::gzipped("anything"), "gzip data", ": unpack it first"},
             {tar, "a tar archive", ": unpack it first"},
             {"{\"fc.weight\": [[1, 2], [3, 4]]}", "text in JSON", ""},
             {"[\n  [1.0]\n]", "text in JSON", ""},
             {"{\"metadata\": {}, \"weight_map\": {}}", "an index in JSON of safetensors files",
              ": one of the files it names"},
         })
        check_refusal({name, content, "found " + name + ", expected a safetensors file" + way});
}

/// The first eight bytes of such a file are a possible header length if the file is long enough.
BOOST_AUTO_TEST_CASE(a_foreign_format_is_named_even_if_its_first_bytes_are_a_possible_length) {
    const std::string gzip_of_one_byte_names("\x1f\x8b\x08\0\0\0\0\0", 8); // 0x088b1f bytes of header
    check_refusal({"gzip", gzip_of_one_byte_names + std::string(std::size_t{1} << 20, 'x'),
                   "found gzip data, expected a safetensors file: unpack it first"});
}

BOOST_AUTO_TEST_CASE(headers_that_are_not_json_objects_are_refused) {
    using namespace std::string_literals;
    const std::string object = ", expected a JSON object as the header", json = ", expected a header of JSON";
    for (const auto& [header, message] : std::vector<std::pair<std::string, std::string>>{
             {"[]", "offset 8: found '[]'" + object},
             {"null", "offset 8: found 'null'" + object},
             {R"("x")", "offset 8: found '\"x\"'" + object},
             {"  17", "offset 10: found '17'" + object},
             {"    ", "offset 8: found '    '" + object},
             {"\xef\xbb\xbf{}", "offset 8: found '\\xef\\xbb\\xbf{}'" + object},
             {std::string(100000, '['), "offset 8: found '[[[[[[[['" + object},
             {"{\"w\":" + std::string(100000, '['),
              "found an array for 'w' in the header, expected an object"},
             {repeated("{\"w\":", 100000),
              "found the key 'w' in tensor 'w', expected dtype, shape and data_offsets"},
             {one("\"U8\"", std::string(100000, '['), "[0,0]"),
              "found an array in shape of tensor 'w', expected at most 8 whole numbers from 0 to 2^64 - 1"},
             {"{\"w\"", "offset 12: found unexpected end of input" + json},
             {"{\"w", "offset 11: found invalid string: missing closing quote" + json},
             {"{} {}", "offset 11: found unexpected '{'" + json},
             {"{}\0{}"s, "offset 10: found a NUL in the header, expected JSON text"},
             {"{\"\xff\":1}", "offset 10: found invalid string: ill-formed UTF-8 byte" + json},
             {"{\"\xc3\":1}", "offset 11: found invalid string: ill-formed UTF-8 byte" + json},
             {R"({"\ud800":1})",
              "offset 16: found invalid string: surrogate U+D800..U+DBFF must be followed by U+DC00..U+DFFF" +
                  json},
             {"{/**/}", "offset 9: found invalid literal" + json},
         })
        check_refusal({header.substr(0, 20), file_of(header), message});
}

BOOST_AUTO_TEST_CASE(entries_that_violate_the_format_are_refused) {
    const std::string numbers = ", expected at most 8 whole numbers from 0 to 2^64 - 1";
    const std::string two = ", expected two whole numbers from 0 to 2^64 - 1";
    const std::string types = " as dtype of tensor 'w', expected F64, F32, F16, BF16, I64, I32 or U8";
    const auto shape = [](const std::string& text) { return one("\"U8\"", text, "[0,4]"); };
    const auto offsets = [](const std::string& text) { return one("\"U8\"", "[4]", text); };
    const auto dtype = [](const std::string& text) { return one(text, "[4]", "[0,4]"); };
    for (const auto& [header, message] : std::vector<std::pair<std::string, std::string>>{
             {R"({"w":1})", "found 1 for 'w' in the header, expected an object"},
             {R"({"w":null})", "found null for 'w' in the header, expected an object"},
             {R"({"w":{}})", "found no dtype in tensor 'w', expected one"},
             {R"({"w":{"dtype":"U8"}})", "found no shape in tensor 'w', expected one"},
             {R"({"w":{"dtype":"U8","shape":[]}})", "found no data_offsets in tensor 'w', expected one"},
             {R"({"w":{"color":"red"}})",
              "found the key 'color' in tensor 'w', expected dtype, shape and data_offsets"},
             {dtype("\"F8_E4M3\""), "found 'F8_E4M3'" + types + ": tensor.float() in Python"},
             {dtype("\"F8_E5M2\""), "found 'F8_E5M2'" + types + ": tensor.float() in Python"},
             {dtype("\"I16\""), "found 'I16'" + types},
             {dtype("\"BOOL\""), "found 'BOOL'" + types},
             {dtype("\"f32\""), "found 'f32'" + types},
             {dtype(R"("\u001b[31m")"), "found '\\x1b[31m'" + types},
             {dtype("7"), "found 7" + types},
             {dtype("[]"), "found an array" + types},
             {shape("[-1]"), "found -1 in shape of tensor 'w'" + numbers},
             {shape("[1.5]"), "found 1.5 in shape of tensor 'w'" + numbers},
             {shape("[1e3]"), "found 1e3 in shape of tensor 'w'" + numbers},
             {shape("[18446744073709551616]"), "found 18446744073709551616 in shape of tensor 'w'" + numbers},
             {shape("[\"2\"]"), "found '2' in shape of tensor 'w'" + numbers},
             {shape("[null]"), "found null in shape of tensor 'w'" + numbers},
             {shape("[true]"), "found true in shape of tensor 'w'" + numbers},
             {shape("[{}]"), "found an object in shape of tensor 'w'" + numbers},
             {shape("[1,1,1,1,1,1,1,1,4]"), "found a ninth dimension in shape of tensor 'w'" + numbers},
             {shape("[" + repeated("1,", 9999) + "1]"),
              "found a ninth dimension in shape of tensor 'w'" + numbers},
             {shape("4"), "found 4 as shape of tensor 'w', expected a list of dimensions"},
             {shape("\"4\""), "found '4' as shape of tensor 'w', expected a list of dimensions"},
             {offsets("[]"), "found 0 numbers in data_offsets of tensor 'w'" + two},
             {offsets("[0]"), "found 1 number in data_offsets of tensor 'w'" + two},
             {offsets("[0,4,8]"), "found a third number in data_offsets of tensor 'w'" + two},
             {offsets("[-4,0]"), "found -4 in data_offsets of tensor 'w'" + two},
             {offsets("4"), "found 4 as data_offsets of tensor 'w', expected a list of two offsets"},
             {R"({"__metadata__":7})", "found 7 for '__metadata__' in the header, expected an object"},
             {R"({"__metadata__":null})", "found null for '__metadata__' in the header, expected an object"},
             {R"({"__metadata__":{"a":1}})", "found 1 for 'a' in __metadata__, expected a string"},
             {R"({"__metadata__":{"a":{}}})", "found an object for 'a' in __metadata__, expected a string"},
         })
        check_refusal({header.substr(0, 60), file_of(header, 4), message});
}

BOOST_AUTO_TEST_CASE(numbers_that_violate_json_are_refused) {
    const std::string start = R"({"w":{"dtype":"U8","shape":[)", end = R"(],"data_offsets":[0,4]}})";
    const std::size_t at = 8 + start.size();
    check_refusal({"1e400", file_of(start + "1e400" + end, 4),
                   "offset " + std::to_string(at + 4) +
                       ": found number overflow parsing '1e400', expected a header of JSON"});
    check_refusal({"00", file_of(start + "00" + end, 4),
                   "offset " + std::to_string(at + 1) +
                       ": found unexpected number literal, expected a header of JSON"});
}

BOOST_AUTO_TEST_CASE(duplicate_keys_are_refused) {
    for (const auto& [header, message] : std::vector<std::pair<std::string, std::string>>{
             {"{" + entry("w", 0, 4) + "," + entry("w", 0, 4) + "}",
              "found the key 'w' twice in the header, expected each key once"},
             {"{" + entry("w", 0, 4) + R"(,"\u0077":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
              "found the key 'w' twice in the header, expected each key once"},
             {R"({"w":{"dtype":"U8","dtype":"U8"}})",
              "found the key 'dtype' twice in tensor 'w', expected each key once"},
             {R"({"w":{"shape":[4],"shape":[]}})",
              "found the key 'shape' twice in tensor 'w', expected each key once"},
             {R"({"w":{"data_offsets":[0,4],"data_offsets":[0,4]}})",
              "found the key 'data_offsets' twice in tensor 'w', expected each key once"},
             {R"({"__metadata__":{"a":"1","a":"2"}})",
              "found the key 'a' twice in __metadata__, expected each key once"},
             {R"({"__metadata__":{},"__metadata__":{}})",
              "found the key '__metadata__' twice in the header, expected each key once"},
         })
        check_refusal({header.substr(0, 60), file_of(header, 4), message});
}

BOOST_AUTO_TEST_CASE(contradictory_layouts_are_refused) {
    const std::string u8 = "\"U8\"";
    const std::string uncountable = " as tensor 'w', expected a size that 64 bits can count";
    const auto two_tensors = [](const std::string& a, const std::string& b) {
        return "{" + a + "," + b + "}";
    };
    struct Case {
        std::string header;
        std::size_t data_bytes;
        std::string message; ///< "data N: " stands for the offset of byte N of the data
    };
    for (
        const auto& [header, data_bytes, message] : std::vector<Case>{
            {"{}", 1, "data 0: found 1 byte of data, expected 0 for the tensors in the header"},
            {one(u8, "[4]", "[4,0]"), 4,
             "found the offsets [4, 0] of tensor 'w', expected a begin before the end"},
            {one(u8, "[4]", "[0,4]"), 5,
             "data 4: found 5 bytes of data, expected 4 for the tensors in the header"},
            {one(u8, "[4]", "[0,4]"), 2,
             "found the offsets [0, 4] of tensor 'w', expected at most 2, the bytes of data in the file"},
            {one(u8, "[3]", "[0,4]"), 4,
             "found 4 bytes at the offsets [0, 4] of tensor 'w', expected 3 for U8 [3]"},
            {one("\"F32\"", "[1,1]", "[0,8]"), 8,
             "found 8 bytes at the offsets [0, 8] of tensor 'w', expected 4 for F32 [1, 1]"},
            {one("\"I64\"", "[]", "[0,4]"), 4,
             "found 4 bytes at the offsets [0, 4] of tensor 'w', expected 8 for I64 []"},
            {one(u8, "[0]", "[8,8]"), 4,
             "found the offsets [8, 8] of tensor 'w', expected at most 4, the bytes of data in the file"},
            {one(u8, "[18446744073709551615]", "[0,18446744073709551615]"), 4,
             "found the offsets [0, 18446744073709551615] of tensor 'w', expected at most 4, the bytes of "
             "data in the "
             "file"},
            {one(u8, "[4294967296,4294967296]", "[0,0]"), 0,
             "found U8 [4294967296, 4294967296]" + uncountable},
            {one("\"F32\"", "[4611686018427387904]", "[0,0]"), 0,
             "found F32 [4611686018427387904]" + uncountable},
            {one(u8, "[4611686018427387904,4]", "[0,0]"), 0,
             "found U8 [4611686018427387904, 4]" + uncountable},
            {one(u8, "[9223372036854775810,2]", "[0,4]"), 4,
             "found U8 [9223372036854775810, 2]" + uncountable},
            {one(u8, "[2,18446744073709551614]", "[0,4]"), 4,
             "found U8 [2, 18446744073709551614]" + uncountable},
            {two_tensors(entry("a", 0, 4), entry("b", 5, 8)), 8,
             "data 4: found a hole at the offsets [5, 8] of tensor 'b', expected tensors that follow one "
             "another: 4"},
            {two_tensors(entry("a", 0, 4), entry("b", 3, 8)), 8,
             "data 3: found an overlap at the offsets [3, 8] of tensor 'b', expected tensors that follow one "
             "another: 4"},
            {two_tensors(entry("a", 0, 4), entry("b", 0, 4)), 4,
             "data 0: found an overlap at the offsets [0, 4] of tensor 'b', expected tensors that follow one "
             "another: 4"},
            {two_tensors(entry("a", 0, 4), entry("b", 2, 2)), 4,
             "data 2: found an overlap at the offsets [2, 2] of tensor 'b', expected tensors that follow one "
             "another: 4"},
            {one(u8, "[2]", "[2,4]"), 4,
             "data 0: found a hole at the offsets [2, 4] of tensor 'w', expected tensors that follow one "
             "another: 0"},
            {two_tensors(entry("a", 0, 4), entry("b", 4, 8)), 6,
             "found the offsets [4, 8] of tensor 'b', expected at most 6, the bytes of data in the file"},
        }) {
        std::string whole = message;
        if (whole.starts_with("data ")) {
            const std::size_t colon = whole.find(':');
            const std::size_t offset = 8 + header.size() + std::stoul(whole.substr(5, colon - 5));
            whole.replace(0, colon, "offset " + std::to_string(offset));
        }
        check_refusal({header, file_of(header, data_bytes), whole});
    }
}

BOOST_AUTO_TEST_CASE(names_are_printed_escaped_and_shortened) {
    using namespace std::string_literals;
    const std::string bad = R"(:{"dtype":"I16"}})", types = "', expected F64, F32, F16, BF16, I64, I32 or U8";
    check_refusal({"empty", file_of("{\"\"" + bad), "found 'I16' as dtype of tensor '" + types});
    check_refusal({"NUL and ESC", file_of(R"({"a\u0000\u001b[2J\n")" + bad),
                   "found 'I16' as dtype of tensor 'a\\x00\\x1b[2J\\x0a" + types});
    check_refusal({"1 MB", file_of("{\"" + std::string(1 << 20, 'n') + "\"" + bad),
                   "found 'I16' as dtype of tensor '" + std::string(80, 'n') + "..." + types});
}

BOOST_AUTO_TEST_CASE(many_tensors_do_not_take_quadratic_time) {
    const test::TemporaryFolder folder;
    std::string empty_ones = "{", colliding = "{";
    for (std::size_t i = 0; i < 60000; ++i) {
        if (i > 0) empty_ones += ',', colliding += ',';
        empty_ones += entry("tensor" + std::to_string(i), 0, 0);
        colliding += entry("tensor" + std::to_string(i), 0, 16);
    }
    const auto start = std::chrono::steady_clock::now();
    const auto many = SafetensorsFile::open(folder.put("many", file_of(empty_ones + "}")));
    BOOST_TEST(many.tensors().size() == 60000u);
    check_refusal({"all at the same offsets", file_of(colliding + "}", 16),
                   "offset " + std::to_string(8 + colliding.size() + 1) +
                       ": found an overlap at the offsets [0, 16] of tensor 'tensor1', expected tensors that "
                       "follow one "
                       "another: 16"});
    std::vector<TensorToWrite> tensors;
    for (const auto& [name, view] : many.tensors())
        tensors.push_back({name, view.dtype, view.shape, view.bytes});
    write_safetensors(folder.path() / "again", tensors);
    // A tenth of this time is enough; a quadratic check takes minutes. The margin is for sanitizers and busy
    // machines.
    BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::seconds(20)));
}

BOOST_AUTO_TEST_CASE(a_valid_file_truncated_anywhere_is_refused) {
    const test::TemporaryFolder folder;
    const std::string good = file_of("{" + entry("a", 0, 4) + "," + entry("b", 4, 9) + "}", 9);
    for (std::size_t size = 0; size < good.size(); ++size) {
        const auto path = folder.put("cut", good.substr(0, size));
        const std::string message = test::message_of([&] { SafetensorsFile::open(path); });
        BOOST_TEST(message.starts_with(path.string() + ": "), size << " bytes: " << message);
    }
}

BOOST_AUTO_TEST_CASE(files_that_are_not_regular_are_refused) {
    const test::TemporaryFolder folder;
    for (const auto& [path, found] : std::vector<std::pair<std::filesystem::path, std::string>>{
             {folder.path() / "missing", "No such file or directory"},
             {folder.path(), "a directory"},
             {"/dev/zero", "a character device"}})
        BOOST_TEST(test::message_of([file = path] { SafetensorsFile::open(file); }) ==
                   path.string() + ": found " + found + ", expected a safetensors file");
}

BOOST_AUTO_TEST_CASE(a_header_of_line_ends_is_refused_before_it_is_parsed) {
    const test::TemporaryFolder folder;
    const auto path = folder.put("f", file_of("{" + std::string(65537, '\n') + "}"));
    BOOST_TEST(test::message_of([&] { SafetensorsFile::open(path); }) ==
               path.string() +
                   ": offset 8: found 65537 line ends and tabs in the header, expected at most 65536");
    BOOST_CHECK_NO_THROW(
        SafetensorsFile::open(folder.put("g", file_of("{" + std::string(65536, '\t') + "}"))));
}

BOOST_AUTO_TEST_SUITE_END()
