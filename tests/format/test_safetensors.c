/* test_safetensors.c - named tensors with text metadata. */
#include "format_test.h"

#include "format/safetensors.h"

typedef struct image {
    char bytes[1024];
    size_t length;
} image;

static image make(const char *json, size_t data)
{
    image file = {.length = 0};
    uint64_t size = strlen(json);
    memcpy(file.bytes, &size, 8);
    memcpy(file.bytes + 8, json, size);
    for (size_t i = 0; i + 4 <= data; i += 4) {
        float value = (float)(i / 4);
        memcpy(file.bytes + 8 + size + i, &value, 4);
    }
    file.length = 8 + size + data;
    return file;
}

static kedge_status parse(fixture *self, kedge_st *st, const image *file)
{
    return kedge_st_parse(st, &self->arena, "t.st", file->bytes, file->length);
}

static void assert_wrong(fixture *self, const char *json, size_t data, const char *message)
{
    image file = make(json, data);
    kedge_st st = {.n_tensors = 77};
    assert_int_equal(parse(self, &st, &file), KEDGE_EFORMAT);
    assert_string_equal(kedge_error(), message);
    assert_int_equal(st.n_tensors, 77);
}

#define TENSOR(name, shape, begin, end)                                                                                \
    "\"" name "\":{\"dtype\":\"F32\",\"shape\":" shape ",\"data_offsets\":[" begin "," end "]}"

static void reads_in_order_of_the_data(void **state)
{
    kedge_st st;
    image file = make("{" TENSOR("b", "[1,2]", "4", "12") ",\"__metadata__\":{\"k\":\"v\",\"a\":\"\"},"
                      TENSOR("a", "[]", "0", "4") "}   ", 12);
    assert_int_equal(parse(*state, &st, &file), KEDGE_OK);
    assert_int_equal(st.n_tensors, 2);
    assert_string_equal(st.tensors[0].name, "a");
    assert_int_equal(st.tensors[0].dims, 0);
    assert_int_equal(st.tensors[1].shape[1], 2);
    assert_true(st.tensors[1].values[1] == 2.0f);
    assert_int_equal((uintptr_t)st.tensors[1].values % 64, 0);
    assert_int_equal(st.n_metadata, 2);
    assert_string_equal(st.metadata[0].key, "k");
    assert_string_equal(kedge_st_get(&st, "k"), "v");
    assert_null(kedge_st_get(&st, "x"));
    assert_ptr_equal(kedge_st_find(&st, "b"), &st.tensors[1]);
    assert_null(kedge_st_find(&st, "c"));
}

static void reads_empty_tensors(void **state)
{
    kedge_st st;
    image file = make("{" TENSOR("a", "[0,7]", "4", "4") "," TENSOR("b", "[1]", "0", "4") "}", 4);
    assert_int_equal(parse(*state, &st, &file), KEDGE_OK);
    assert_string_equal(st.tensors[1].name, "a");
}

static void refuses_lying_headers(void **state)
{
    fixture *self = *state;
    kedge_st st;
    image file = make("{}", 0);
    file.bytes[0] = 3;
    assert_int_equal(parse(self, &st, &file), KEDGE_EFORMAT);
    assert_string_equal(kedge_error(), "t.st: the header needs 3 bytes, the file has 2");
    memset(file.bytes, 0xFF, 4);
    assert_int_equal(parse(self, &st, &file), KEDGE_EFORMAT);
    assert_string_equal(kedge_error(), "t.st: the header needs 4294967295 bytes, the file has 2");
}

static const char no_file[] =
    "t.st: not a safetensors file; must be one, such as the model.safetensors that 'kedge run' writes";

static void says_what_is_no_safetensors_file(void **state)
{
    fixture *self = *state;
    static const char *const cases[] = {"", "data: x", "title: r", "title: red", "{\"a\": 1{}", "\x89PNG\r\n\x1a\n\n"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kedge_st st;
        image file = {.length = strlen(cases[i])};
        memcpy(file.bytes, cases[i], file.length);
        assert_int_equal(parse(self, &st, &file), KEDGE_EFORMAT);
        assert_string_equal(kedge_error(), no_file);
    }
}

static void refuses_every_shorter_file(void **state)
{
    kedge_st st;
    image file = make("{" TENSOR("a", "[2]", "0", "8") "}", 8);
    for (size_t length = file.length; length-- > 0;) {
        file.length = length;
        assert_int_equal(parse(*state, &st, &file), KEDGE_EFORMAT);
    }
}

static void refuses_wrong_offsets(void **state)
{
    assert_wrong(*state, "{" TENSOR("a", "[2]", "0", "8") "," TENSOR("b", "[1]", "4", "8") "}", 8,
                 "t.st: tensor 'b': its data overlaps with the tensor before it");
    assert_wrong(*state, "{" TENSOR("a", "[1]", "0", "4") "," TENSOR("b", "[1]", "8", "12") "}", 12,
                 "t.st: tensor 'b': a hole in the data before it");
    assert_wrong(*state, "{" TENSOR("a", "[2]", "0", "8") "}", 4,
                 "t.st: tensor 'a' ends at byte 8 of the data, the file has 4");
    assert_wrong(*state, "{" TENSOR("a", "[1]", "0", "4") "}", 8,
                 "t.st: the tensors end at byte 4 of the data, the file has 8");
    assert_wrong(*state, "{" TENSOR("a", "[1]", "8", "4") "}", 8, "t.st: tensor 'a': its data ends before it begins");
    assert_wrong(*state, "{" TENSOR("a", "[1]", "-4", "0") "}", 0,
                 "t.st: tensor 'a': 'data_offsets' is not a pair of whole numbers");
    assert_wrong(*state, "{" TENSOR("a", "[1]", "0", "4.0") "}", 4,
                 "t.st: tensor 'a': 'data_offsets' is not a pair of whole numbers");
}

static void refuses_wrong_shapes(void **state)
{
    assert_wrong(*state, "{" TENSOR("a", "[3]", "0", "8") "}", 8,
                 "t.st: tensor 'a': the shape needs 12 bytes, the offsets give 8");
    assert_wrong(*state, "{" TENSOR("a", "[1,1,1,1,1]", "0", "4") "}", 4, "t.st: tensor 'a': more than 4 dims");
    assert_wrong(*state, "{" TENSOR("a", "[4294967296,4294967296]", "0", "0") "}", 0,
                 "t.st: tensor 'a': the shape needs more bytes than can be counted");
    assert_wrong(*state, "{" TENSOR("a", "[0,9223372036854775807]", "0", "0") "}", 0,
                 "t.st: tensor 'a': the shape needs more bytes than can be counted");
    assert_wrong(*state, "{" TENSOR("a", "[-1]", "0", "4") "}", 4,
                 "t.st: tensor 'a': 'shape' is not a list of whole numbers");
    assert_wrong(*state, "{" TENSOR("a", "1", "0", "4") "}", 4, "t.st: tensor 'a': 'shape' is not a list");
}

static void refuses_other_entries(void **state)
{
    assert_wrong(*state, "{\"a\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]}}", 2,
                 "t.st: tensor 'a' has type 'F16'; only 'F32' is read");
    assert_wrong(*state, "{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4,
                 "t.st: tensor 'a': 'dtype' is missing or not text");
    assert_wrong(*state, "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":0}}", 4,
                 "t.st: tensor 'a': keys other than dtype, shape and data_offsets");
    assert_wrong(*state, "{\"a\":3}", 0, "t.st: tensor 'a': not an object of dtype, shape and data_offsets");
    assert_wrong(*state, "{\"__metadata__\":{\"k\":1}}", 0, "t.st: metadata 'k' is not text");
    assert_wrong(*state, "{\"__metadata__\":[]}", 0, "t.st: '__metadata__' is not an object");
}

static void refuses_what_is_no_json_object(void **state)
{
    fixture *self = *state;
    static const char *const cases[] = {"{", "{}x", "{\"a\\u0000\":{}}", "{\"\xFF\":{}}", "{\"a\":NaN}",
                                        "{\"__metadata__\":{\"k\":\"\\u0000\"}}"};
    assert_wrong(self, "[]", 0, no_file);
    assert_wrong(self, "", 0, no_file);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kedge_st st;
        image file = make(cases[i], 0);
        assert_int_equal(parse(self, &st, &file), KEDGE_EFORMAT);
        assert_non_null(strstr(kedge_error(), "t.st: the header is not JSON, at its byte "));
    }
}

static void refuses_duplicate_names(void **state)
{
    fixture *self = *state;
    kedge_st st;
    image file = make("{" TENSOR("a", "[1]", "0", "4") "," TENSOR("a", "[1]", "4", "8") "}", 8);
    assert_int_equal(parse(self, &st, &file), KEDGE_EFORMAT);
    assert_non_null(strstr(kedge_error(), "duplicate object key"));
}

/* 1 MB of brackets: jansson alone would make 250 MB of it. */
static void refuses_a_bomb_of_brackets(void **state)
{
    fixture *self = *state;
    enum { SIZE = 1 << 20 };
    kedge_st st;
    char *bytes = kedge_arena_alloc(&self->arena, SIZE + 8, 1);
    uint64_t size = SIZE;
    memcpy(bytes, &size, 8);
    memset(bytes + 8, '[', SIZE);
    memcpy(bytes + 8, "{\"a\":", 5);
    assert_int_equal(kedge_st_parse(&st, &self->arena, "t.st", bytes, SIZE + 8), KEDGE_EFORMAT);
    assert_string_equal(kedge_error(), "t.st: the header has 1048572 brackets and commas; at most 262144 are read");
}

static const float values[6] = {1.0f, -2.0f, 3.5f, 1e-30f, 5.0f, 6.0f};

static kedge_st example(kedge_st_tensor tensors[2], kedge_st_pair pairs[2])
{
    tensors[0] = (kedge_st_tensor){.name = "z.weight", .dims = 2, .shape = {2, 2}, .values = values};
    tensors[1] = (kedge_st_tensor){.name = "a.bias \xC3\xA9", .dims = 1, .shape = {2}, .values = values + 4};
    pairs[0] = (kedge_st_pair){"recipe", "line \"one\"\nline two: \xE2\x82\xAC\n"};
    pairs[1] = (kedge_st_pair){"a", ""};
    return (kedge_st){.n_tensors = 2, .tensors = tensors, .n_metadata = 2, .metadata = pairs};
}

static void reads_what_it_writes(void **state)
{
    fixture *self = *state;
    kedge_st_tensor tensors[2];
    kedge_st_pair pairs[2];
    kedge_st st = example(tensors, pairs), again;
    char path[64];
    temporary_file(path);
    kedge_status written = kedge_st_save(self->ctx, &st, path);
    kedge_status read = kedge_st_load(&again, &self->arena, path, 1000);
    unlink(path);
    assert_int_equal(written, KEDGE_OK);
    assert_int_equal(read, KEDGE_OK);
    assert_int_equal(again.n_tensors, 2);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(again.tensors[i].name, tensors[i].name);
        assert_int_equal(again.tensors[i].dims, tensors[i].dims);
        assert_memory_equal(again.tensors[i].shape, tensors[i].shape, sizeof tensors[i].shape);
        assert_string_equal(again.metadata[i].key, pairs[i].key);
        assert_string_equal(again.metadata[i].value, pairs[i].value);
    }
    assert_memory_equal(again.tensors[0].values, values, 16);
    assert_memory_equal(again.tensors[1].values, values + 4, 8);
}

static void writes_aligned_data(void **state)
{
    fixture *self = *state;
    kedge_st_tensor tensors[2];
    kedge_st_pair pairs[2];
    kedge_st st = example(tensors, pairs);
    char path[64], *bytes = NULL;
    size_t length = 0;
    uint64_t size;
    temporary_file(path);
    assert_int_equal(kedge_st_save(self->ctx, &st, path), KEDGE_OK);
    assert_int_equal(kedge_file_read(self->ctx, path, 1000, &bytes, &length), KEDGE_OK);
    unlink(path);
    memcpy(&size, bytes, 8);
    assert_int_equal((8 + size) % 64, 0);
    assert_int_equal(length, 8 + size + 24);
    assert_memory_equal(bytes + 8 + size, values, 24);
    kedge_release(self->ctx, bytes);
}

static void assert_not_written(fixture *self, const kedge_st *st, const char *message)
{
    assert_int_equal(kedge_st_save(self->ctx, st, "/tmp/kedge-never-written"), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), message);
    assert_int_equal(access("/tmp/kedge-never-written", F_OK), -1);
}

static void refuses_to_write_wrong_names(void **state)
{
    kedge_st_tensor tensors[2];
    kedge_st_pair pairs[2];
    kedge_st st = example(tensors, pairs);
    tensors[1].name = tensors[0].name;
    assert_not_written(*state, &st, "/tmp/kedge-never-written: cannot write 'z.weight' twice; names are unique");
    tensors[1].name = "__metadata__";
    assert_not_written(*state, &st, "/tmp/kedge-never-written: no tensor can be named '__metadata__'");
    tensors[1].name = "x\xFF";
    assert_not_written(*state, &st, "/tmp/kedge-never-written: cannot write 'x\xFF': not UTF-8");
    st = example(tensors, pairs);
    pairs[1].value = "\xFF";
    assert_not_written(*state, &st, "/tmp/kedge-never-written: cannot write '\xFF': not UTF-8");
}

static void says_where_it_cannot_write(void **state)
{
    fixture *self = *state;
    kedge_st st = {0};
    assert_int_equal(kedge_st_save(self->ctx, &st, "/nowhere/m.st"), KEDGE_EIO);
    assert_non_null(strstr(kedge_error(), "/nowhere/m.st: cannot write"));
}

static kedge_status work(fixture *self)
{
    kedge_st_tensor tensors[2];
    kedge_st_pair pairs[2];
    kedge_st st = example(tensors, pairs), again;
    char path[64];
    temporary_file(path);
    kedge_status status = kedge_st_save(self->ctx, &st, path);
    if (!status) status = kedge_st_load(&again, &self->arena, path, 1000);
    unlink(path);
    return status;
}

static void survives_failing_memory(void **state)
{
    (void)state;
    assert_survives_failing_memory(work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FORMAT_TEST(reads_in_order_of_the_data),
        FORMAT_TEST(reads_empty_tensors),
        FORMAT_TEST(refuses_lying_headers),
        FORMAT_TEST(says_what_is_no_safetensors_file),
        FORMAT_TEST(refuses_every_shorter_file),
        FORMAT_TEST(refuses_wrong_offsets),
        FORMAT_TEST(refuses_wrong_shapes),
        FORMAT_TEST(refuses_other_entries),
        FORMAT_TEST(refuses_what_is_no_json_object),
        FORMAT_TEST(refuses_duplicate_names),
        FORMAT_TEST(refuses_a_bomb_of_brackets),
        FORMAT_TEST(reads_what_it_writes),
        FORMAT_TEST(writes_aligned_data),
        FORMAT_TEST(refuses_to_write_wrong_names),
        FORMAT_TEST(says_where_it_cannot_write),
        cmocka_unit_test(survives_failing_memory),
    };
    return cmocka_run_group_tests_name("format/safetensors", tests, NULL, NULL);
}
