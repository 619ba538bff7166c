/* test_npy.c - NumPy's array files. */
#include "format_test.h"

#include <math.h>

#include "format/npy.h"

typedef struct image {
    char bytes[512];
    size_t length;
} image;

/* A file of the given version: 'dict' as its header (unpadded), then the data. */
static image make(int version, const char *dict, const void *data, size_t size)
{
    image file = {.length = 0};
    size_t length = strlen(dict), start = version == 1 ? 10 : 12;
    memcpy(file.bytes, "\x93NUMPY", 6);
    file.bytes[6] = (char)version;
    file.bytes[8] = (char)(length & 0xFF);
    file.bytes[9] = (char)(length >> 8);
    memcpy(file.bytes + start, dict, length);
    memcpy(file.bytes + start + length, data, size);
    file.length = start + length + size;
    return file;
}

static kedge_status parse(fixture *self, kedge_npy *npy, const image *file)
{
    return kedge_npy_parse(npy, &self->arena, "t.npy", file->bytes, file->length);
}

static void assert_wrong(fixture *self, const image *file, const char *message)
{
    kedge_npy npy = {.dims = -7};
    assert_int_equal(parse(self, &npy, file), KEDGE_EFORMAT);
    assert_string_equal(kedge_error(), message);
    assert_int_equal(npy.dims, -7);
}

static const float floats[6] = {0.5f, 1.0f, 2.0f, 3.0f, 4.0f, -5.0f};
#define F4_2X3 "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n"

static void reads_every_version(void **state)
{
    for (int version = 1; version <= 3; version++) {
        kedge_npy npy;
        image file = make(version, F4_2X3, floats, sizeof floats);
        assert_int_equal(parse(*state, &npy, &file), KEDGE_OK);
        assert_int_equal(npy.dims, 2);
        assert_int_equal(npy.shape[0], 2);
        assert_int_equal(npy.shape[1], 3);
        for (int i = 0; i < 6; i++) assert_true(npy.values[i] == (double)floats[i]);
    }
}

static void assert_type(fixture *self, const char *type, const void *data, size_t size, double first, double second)
{
    char dict[128];
    kedge_npy npy;
    snprintf(dict, sizeof dict, "{'descr': '%s', 'fortran_order': False, 'shape': (2,)}", type);
    image file = make(1, dict, data, 2 * size);
    assert_int_equal(parse(self, &npy, &file), KEDGE_OK);
    assert_true(npy.values[0] == first);
    assert_true(npy.values[1] == second);
}

static void reads_every_type(void **state)
{
    assert_type(*state, "<f4", floats + 4, 4, 4.0, -5.0);
    assert_type(*state, "<f8", (double[]){0.1, -1e300}, 8, 0.1, -1e300);
    assert_type(*state, "|i1", (int8_t[]){-128, 127}, 1, -128.0, 127.0);
    assert_type(*state, "<i2", (int16_t[]){-32768, 7}, 2, -32768.0, 7.0);
    assert_type(*state, "<i4", (int32_t[]){INT32_MIN, 7}, 4, -2147483648.0, 7.0);
    assert_type(*state, "<i8", (int64_t[]){INT64_MIN, 7}, 8, -9223372036854775808.0, 7.0);
    assert_type(*state, "|u1", (uint8_t[]){255, 7}, 1, 255.0, 7.0);
    assert_type(*state, "<u2", (uint16_t[]){65535, 7}, 2, 65535.0, 7.0);
    assert_type(*state, "<u4", (uint32_t[]){UINT32_MAX, 7}, 4, 4294967295.0, 7.0);
    assert_type(*state, "<u8", (uint64_t[]){1, 7}, 8, 1.0, 7.0);
}

static void reorders_fortran(void **state)
{
    kedge_npy npy;
    const uint8_t lying[24] = {0,  12, 4, 16, 8,  20, 1, 13, 5, 17, 9, 21,
                               2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23}; /* numpy: arange(24).reshape(2,3,4) */
    image file = make(1, "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 4), }", lying, sizeof lying);
    assert_int_equal(parse(*state, &npy, &file), KEDGE_OK);
    for (int i = 0; i < 24; i++) assert_true(npy.values[i] == (double)i);
}

static void takes_keys_in_any_order(void **state)
{
    kedge_npy npy;
    image file = make(1, "{\"shape\":(6,),'fortran_order':True,'descr':'<f4'}   \n", floats, sizeof floats);
    assert_int_equal(parse(*state, &npy, &file), KEDGE_OK);
    assert_int_equal(npy.dims, 1);
}

static void refuses_other_lengths(void **state)
{
    image file = make(1, F4_2X3, floats, sizeof floats);
    file.length--;
    assert_wrong(*state, &file, "t.npy: the shape needs 24 bytes, the file has 23");
    file.length += 2;
    assert_wrong(*state, &file, "t.npy: the shape needs 24 bytes, the file has 25");
}

static void refuses_every_shorter_file(void **state)
{
    for (int version = 1; version <= 2; version++) {
        kedge_npy npy;
        image file = make(version, F4_2X3, floats, sizeof floats);
        for (size_t length = file.length; length-- > 0;) {
            file.length = length;
            assert_int_equal(parse(*state, &npy, &file), KEDGE_EFORMAT);
        }
    }
}

static void refuses_lying_sizes(void **state)
{
    image file = make(2, F4_2X3, floats, sizeof floats);
    memset(file.bytes + 8, 0xFF, 4);
    assert_wrong(*state, &file, "t.npy: the header needs 4294967295 bytes, the file has 84");
    file = make(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", floats, 8);
    assert_wrong(*state, &file, "t.npy: the shape needs more bytes than can be counted, the file has 8");
    file = make(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999999,), }", floats, 8);
    assert_wrong(*state, &file, "t.npy: 'shape' in the header has a size past 64 bits");
    file = make(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 3), }", floats, 0);
    assert_wrong(*state, &file, "t.npy: the shape has a 0: there are no values");
}

static void refuses_other_types(void **state)
{
    image file = make(1, "{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", floats, 4);
    assert_wrong(*state, &file, "t.npy: type '>f4' is big-endian; save it little-endian");
    file = make(1, "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", floats, 4);
    assert_wrong(*state, &file, "t.npy: type '|O' is not read; save float32, float64 or integers");
    file = make(1, "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", floats, 4);
    assert_wrong(*state, &file, "t.npy: 'descr' in the header is not a plain type");
}

static void refuses_other_headers(void **state)
{
    static const struct { const char *dict, *message; } cases[] = {
        {"x", "t.npy: the header is not a dict"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x", "t.npy: text after the header's closing brace"},
        {"{'descr': '<f4', 'shape': (1,)}", "t.npy: the header lacks one of 'descr', 'fortran_order' and 'shape'"},
        {"{'descr': '<f4', 'descr': '<f4'}", "t.npy: 'descr' is in the header twice"},
        {"{'dtype': '<f4'}",
         "t.npy: unknown key 'dtype' in the header; it has 'descr', 'fortran_order' and 'shape'"},
        {"{'fortran_order': 0}", "t.npy: 'fortran_order' in the header is not True or False"},
        {"{'shape': (1)}", "t.npy: 'shape' in the header is not a tuple of whole numbers"},
        {"{'shape': (1, -2)}", "t.npy: 'shape' in the header is not a tuple of whole numbers"},
        {"{'shape': (1, 2", "t.npy: 'shape' in the header is not a tuple of whole numbers"},
        {"{'shape': 3}", "t.npy: 'shape' in the header is not a tuple of whole numbers"},
        {"{'shape': ()}", "t.npy: the array is a single number; 1 to 4 dims are read"},
        {"{'shape': (1, 1, 1, 1, 1)}", "t.npy: more than 4 dims; at most 4 are read"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        image file = make(1, cases[i].dict, floats, 4);
        assert_wrong(*state, &file, cases[i].message);
    }
}

static void refuses_other_files(void **state)
{
    image file = make(1, F4_2X3, floats, sizeof floats);
    file.bytes[6] = 4;
    assert_wrong(*state, &file, "t.npy: version 4.0 of the format; versions 1.0, 2.0 and 3.0 are read");
    file.bytes[0] = 'x';
    assert_wrong(*state, &file, "t.npy: not a NumPy array file: it does not begin with '\\x93NUMPY'");
}

static void names_a_value_that_is_not_finite(void **state)
{
    float values[6] = {0, 0, 0, 0, NAN, 0};
    image file = make(1, F4_2X3, values, sizeof values);
    assert_wrong(*state, &file, "t.npy: value [1, 1] is nan; every value must be finite");
    values[2] = -INFINITY;
    file = make(1, F4_2X3, values, sizeof values);
    assert_wrong(*state, &file, "t.npy: value [0, 2] is infinite; every value must be finite");
}

static void write_and_read(fixture *self, kedge_npy *npy, int dims, const size_t *shape, const float *values, size_t n)
{
    char path[64], *bytes = NULL;
    size_t length = 0;
    kedge_outfile file;
    temporary_file(path);
    assert_int_equal(kedge_outfile_open(&file, self->ctx, path), KEDGE_OK);
    kedge_npy_write_header(&file, "f4", dims, shape);
    kedge_outfile_write(&file, values, n * sizeof *values);
    assert_int_equal(kedge_outfile_commit(&file), KEDGE_OK);
    kedge_status status = kedge_npy_load(npy, &self->arena, path, 1000);
    assert_int_equal(kedge_file_read(self->ctx, path, 1000, &bytes, &length), KEDGE_OK);
    unlink(path);
    assert_int_equal(status, KEDGE_OK);
    assert_int_equal((length - n * sizeof *values) % 64, 0);
    kedge_release(self->ctx, bytes);
}

static void reads_what_it_writes(void **state)
{
    static const size_t shape[4] = {1, 2, 1, 3};
    kedge_npy npy;
    for (int dims = 1; dims <= 4; dims++) {
        size_t n = dims == 1 ? 1 : dims == 4 ? 6 : 2;
        write_and_read(*state, &npy, dims, shape, floats, n);
        assert_int_equal(npy.dims, dims);
        assert_memory_equal(npy.shape, shape, (size_t)dims * sizeof *shape);
        for (size_t i = 0; i < n; i++) assert_true(npy.values[i] == (double)floats[i]);
    }
}

static void writes_numpys_header(void **state)
{
    fixture *self = *state;
    static const char expected[] =
        "\x93NUMPY\x01\x00\xB6\x00{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }";
    const size_t shape[1] = {3};
    char path[64], *bytes = NULL;
    size_t length = 0;
    kedge_outfile file;
    temporary_file(path);
    assert_int_equal(kedge_outfile_open(&file, self->ctx, path), KEDGE_OK);
    kedge_npy_write_header(&file, "i8", 1, shape);
    assert_int_equal(kedge_outfile_commit(&file), KEDGE_OK);
    assert_int_equal(kedge_file_read(self->ctx, path, 1000, &bytes, &length), KEDGE_OK);
    unlink(path);
    assert_int_equal(length, KEDGE_NPY_HEADER);
    assert_memory_equal(bytes, expected, sizeof expected - 1);
    assert_int_equal(bytes[KEDGE_NPY_HEADER - 2], ' ');
    assert_int_equal(bytes[KEDGE_NPY_HEADER - 1], '\n');
    kedge_release(self->ctx, bytes);
}

/* So that one can take the place of another in the file. */
static void headers_of_any_shape_have_one_size(void **state)
{
    (void)state;
    const size_t largest[4] = {SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX};
    char header[KEDGE_NPY_HEADER + 2] = {0};
    header[KEDGE_NPY_HEADER] = '#';
    kedge_npy_header(header, "f4", 4, largest);
    assert_memory_equal(header + KEDGE_NPY_HEADER - 2, " \n#", 3);
    assert_non_null(strstr(header + 10, "18446744073709551615), }"));
}

static kedge_status work(fixture *self)
{
    kedge_npy npy;
    image file = make(1, F4_2X3, floats, sizeof floats);
    return parse(self, &npy, &file);
}

static void survives_failing_memory(void **state)
{
    (void)state;
    assert_survives_failing_memory(work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FORMAT_TEST(reads_every_version),
        FORMAT_TEST(reads_every_type),
        FORMAT_TEST(reorders_fortran),
        FORMAT_TEST(takes_keys_in_any_order),
        FORMAT_TEST(refuses_other_lengths),
        FORMAT_TEST(refuses_every_shorter_file),
        FORMAT_TEST(refuses_lying_sizes),
        FORMAT_TEST(refuses_other_types),
        FORMAT_TEST(refuses_other_headers),
        FORMAT_TEST(refuses_other_files),
        FORMAT_TEST(names_a_value_that_is_not_finite),
        FORMAT_TEST(reads_what_it_writes),
        FORMAT_TEST(writes_numpys_header),
        cmocka_unit_test(headers_of_any_shape_have_one_size),
        cmocka_unit_test(survives_failing_memory),
    };
    return cmocka_run_group_tests_name("format/npy", tests, NULL, NULL);
}
