/* test_yaml.c - YAML files as trees that know where each value stood. */
#include "format_test.h"

#include "format/yaml.h"

static kedge_yaml *parse_bytes(fixture *self, const char *text, size_t length)
{
    kedge_yaml *root = NULL;
    kedge_errors_init(&self->errors);
    kedge_yaml_parse(&root, &self->arena, "t.yaml", text, length, &self->errors);
    return root;
}

static kedge_yaml *parse(fixture *self, const char *text)
{
    return parse_bytes(self, text, strlen(text));
}

static void assert_wrong(fixture *self, const char *text, const char *message)
{
    assert_null(parse(self, text));
    assert_string_equal(self->errors.text, message);
    assert_int_equal(self->errors.status, KEDGE_EFORMAT);
}

static void reads_a_tree(void **state)
{
    kedge_yaml *root = parse(*state, "a: 1\nb:\n  - x\n  - {c: d}\n");
    assert_non_null(root);
    assert_int_equal(root->kind, KEDGE_YAML_MAP);
    assert_int_equal(root->n, 2);
    assert_string_equal(root->child->text, "1");
    kedge_yaml *list = root->child->next;
    assert_string_equal(list->key, "b");
    assert_int_equal(list->kind, KEDGE_YAML_LIST);
    assert_int_equal(list->n, 2);
    assert_null(list->child->key);
    assert_string_equal(list->child->next->child->text, "d");
    assert_null(list->next);
}

static void knows_the_places(void **state)
{
    kedge_yaml *root = parse(*state, "# remark\nterms:\n  anchor: {at: [1, 0]}\n");
    kedge_yaml *anchor = kedge_yaml_find(root, "terms.anchor"), *zero = kedge_yaml_find(root, "terms.anchor.at.1");
    assert_int_equal(anchor->key_line, 3);
    assert_int_equal(anchor->key_column, 3);
    assert_int_equal(anchor->line, 3);
    assert_int_equal(anchor->column, 11);
    assert_int_equal(zero->column, 20);
    assert_string_equal(zero->file, "t.yaml");
}

static void tells_quoted_from_plain(void **state)
{
    static const bool quoted[] = {false, true, true, true, true, true, false};
    kedge_yaml *root = parse(*state, "- no\n- 'no'\n- \"no\"\n- |-\n no\n- !!str no\n- ! no\n- !!int 5\n");
    assert_non_null(root);
    assert_int_equal(root->n, 7);
    kedge_yaml *child = root->child;
    for (int i = 0; i < 7; i++, child = child->next) assert_int_equal(child->quoted, quoted[i]);
}

static void reads_crlf_and_a_mark(void **state)
{
    kedge_yaml *root = parse(*state, "\xEF\xBB\xBF" "a: x\r\nb: y\r\n");
    assert_non_null(root);
    assert_string_equal(root->child->key, "a");
    assert_int_equal(root->child->key_column, 1);
    assert_string_equal(root->child->text, "x");
    assert_int_equal(root->child->next->key_line, 2);
}

static void reads_an_empty_value(void **state)
{
    kedge_yaml *root = parse(*state, "a:\nb: ''\n");
    assert_string_equal(root->child->text, "");
    assert_false(root->child->quoted);
    assert_true(root->child->next->quoted);
}

static void copies_aliases(void **state)
{
    kedge_yaml *root = parse(*state, "a: &x [1, {k: 2}]\nb: *x\nc: &y word\n*y : 3\n");
    assert_non_null(root);
    kedge_yaml *a = kedge_yaml_get(root, "a"), *b = kedge_yaml_get(root, "b");
    assert_ptr_not_equal(a, b);
    assert_int_equal(b->n, 2);
    assert_string_equal(kedge_yaml_find(b, "1.k")->text, "2");
    assert_int_equal(b->line, 1); /* where the value is */
    assert_int_equal(b->key_line, 2);
    assert_string_equal(kedge_yaml_get(root, "word")->text, "3");
}

static void takes_the_latest_of_an_anchors_name(void **state)
{
    kedge_yaml *root = parse(*state, "- &x 1\n- *x\n- &x 2\n- *x\n");
    assert_string_equal(root->child->next->text, "1");
    assert_string_equal(root->child->next->next->next->text, "2");
}

static void refuses_syntax_errors(void **state)
{
    assert_wrong(*state, "a: [1, 2\nb: 3\n",
                 "t.yaml:2:2: not YAML: did not find expected ',' or ']', while parsing a flow sequence that began at "
                 "line 1\n");
    assert_wrong(*state, "a: b: c\n", "t.yaml:1:5: not YAML: mapping values are not allowed in this context\n");
    assert_wrong(*state, "a: \x01\n", "t.yaml:1:4: not YAML: control characters are not allowed\n");
}

static void refuses_an_empty_file(void **state)
{
    static const char *const cases[] = {"", "\n\n", "# only a remark\n", "---\n", "\xEF\xBB\xBF"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_wrong(*state, cases[i], "t.yaml:1:1: the file is empty\n");
}

static void refuses_what_is_no_text(void **state)
{
    fixture *self = *state;
    assert_wrong(self, "a: \xE9t\xE9\n", "t.yaml:1:4: byte 0xe9 is not UTF-8; save the file as UTF-8\n");
    assert_wrong(self, "\xFF\xFE", "t.yaml:1:1: byte 0xff is not UTF-8; save the file as UTF-8\n");
    assert_null(parse_bytes(self, "a: \0\n", 5));
    assert_string_equal(self->errors.text, "t.yaml:1:4: a 0 byte; a text file has none\n");
    assert_wrong(self, "a: \"x\\0y\"\n", "t.yaml:1:4: a 0 byte in a text; leave it out\n");
}

static void refuses_duplicate_keys_all_at_once(void **state)
{
    assert_wrong(*state, "a: 1\nb: {x: 1, y: 2, 'x': 3}\na: 2\n",
                 "t.yaml:2:17: the key 'x' is there a second time; keep one\n"
                 "t.yaml:3:1: the key 'a' is there a second time; keep one\n");
}

static void refuses_keys_that_are_no_words(void **state)
{
    assert_wrong(*state, "? [1, 2]\n: x\n", "t.yaml:1:3: a list or map as a key; a key is a word\n");
}

static void refuses_a_second_document(void **state)
{
    assert_wrong(*state, "a: 1\n---\nb: 2\n", "t.yaml:2:1: a second document begins here; only one is read\n");
}

static void refuses_tags(void **state)
{
    assert_wrong(*state, "a: !x 1\n", "t.yaml:1:4: the tag '!x' has no place here; leave it out\n");
    assert_wrong(*state, "a: !!binary aGk=\n", "t.yaml:1:4: the tag 'binary' has no place here; leave it out\n");
    assert_wrong(*state, "a: !!map [1]\n", "t.yaml:1:4: the tag 'map' has no place here; leave it out\n");
}

static void refuses_wrong_aliases(void **state)
{
    assert_wrong(*state, "a: *x\n", "t.yaml:1:4: unknown alias '*x'; no '&x' stands before it\n");
    assert_wrong(*state, "a: &x [1, *x]\n", "t.yaml:1:11: the alias '*x' stands inside of what it names\n");
}

static void refuses_alias_bombs(void **state)
{
    fixture *self = *state;
    char text[1024] = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 10; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i,
                 i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    }
    assert_null(parse(self, text));
    assert_non_null(strstr(self->errors.text, "too many values (aliases count as what they stand for)"));
}

/* A depth of 16 that holds an alias to a depth of 20 is a depth of 36. */
static void counts_the_depth_of_aliases(void **state)
{
    fixture *self = *state;
    assert_null(parse(self, "a: &x [[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]\n"
                            "b: [[[[[[[[[[[[[[[[*x]]]]]]]]]]]]]]]]\n"));
    assert_non_null(strstr(self->errors.text, "nested too deep"));
}

static void bounds_the_depth(void **state)
{
    fixture *self = *state;
    char text[80] = "";
    memset(text, '[', 31);
    text[31] = '1';
    memset(text + 32, ']', 31);
    assert_non_null(parse(self, text)); /* 31 lists and a value: 32 levels */
    memset(text, '[', 32);
    text[32] = '1';
    memset(text + 33, ']', 32);
    assert_wrong(self, text, "t.yaml:1:33: nested too deep; at most 32 levels are read\n");
}

/* What takes libyaml's documents minutes. */
static void stays_quick_on_a_megabyte(void **state)
{
    fixture *self = *state;
    static const struct { const char *unit, *message; } cases[] = {
        {"[", "nested too deep"},
        {"{", "nested too deep"},
        {"- ", "nested too deep"},
        {"? ", "nested too deep"},
        {"[a: ", "nested too deep"},
        {"- &a x\n", "too many anchors"},
        {"- x\n", "too many values"},
        {"%TAG !a! x\n", "too many tag directives"},
        {"\"a\": ", "not YAML"},
    };
    char *text = kedge_arena_alloc(&self->arena, KEDGE_YAML_BYTES, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t unit = strlen(cases[i].unit), used = 0;
        for (; used + unit < KEDGE_YAML_BYTES; used += unit) memcpy(text + used, cases[i].unit, unit);
        assert_null(parse_bytes(self, text, used));
        assert_non_null(strstr(self->errors.text, cases[i].message));
    }
}

static void bounds_the_bytes(void **state)
{
    fixture *self = *state;
    char *text = kedge_arena_alloc(&self->arena, KEDGE_YAML_BYTES + 1, 1);
    memset(text, ' ', KEDGE_YAML_BYTES + 1);
    assert_null(parse_bytes(self, text, KEDGE_YAML_BYTES + 1));
    assert_string_equal(self->errors.text, "t.yaml: too large: 1048577 bytes; at most 1048576 are read\n");
}

static void checks_many_keys_quickly(void **state)
{
    fixture *self = *state;
    char *text = kedge_arena_alloc(&self->arena, 600000, 1);
    size_t used = 0;
    for (int i = 0; i < 40000; i++) used += (size_t)snprintf(text + used, 20, "k%d: 1\n", i);
    used += (size_t)snprintf(text + used, 20, "k7: 1\n");
    assert_null(parse_bytes(self, text, used));
    assert_string_equal(self->errors.text, "t.yaml:40001:1: the key 'k7' is there a second time; keep one\n");
}

static void loads_a_file(void **state)
{
    fixture *self = *state;
    kedge_yaml *root = NULL;
    char path[64];
    temporary_file(path);
    assert_int_equal(kedge_file_write(self->ctx, path, "a: 1\n", 5), KEDGE_OK);
    kedge_yaml_load(&root, &self->arena, path, &self->errors);
    unlink(path);
    assert_non_null(root);
    assert_string_equal(root->file, path);
}

static void names_a_file_that_cannot_be_read(void **state)
{
    fixture *self = *state;
    kedge_yaml *root = (kedge_yaml *)self;
    kedge_yaml_load(&root, &self->arena, "/nowhere/t.yaml", &self->errors);
    kedge_yaml_load(&root, &self->arena, "/tmp", &self->errors);
    assert_null(root);
    assert_int_equal(self->errors.count, 2);
    assert_int_equal(self->errors.status, KEDGE_EIO);
    assert_non_null(strstr(self->errors.text, "/nowhere/t.yaml: cannot open"));
    assert_non_null(strstr(self->errors.text, "/tmp: not a regular file but a directory"));
}

static kedge_status work(fixture *self)
{
    parse(self, "a: &x [1, {k: 2, l: 3}]\nb: *x\nc: 'text'\n");
    return kedge_errors_status(&self->errors);
}

static void survives_failing_memory(void **state)
{
    (void)state;
    assert_survives_failing_memory(work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FORMAT_TEST(reads_a_tree),
        FORMAT_TEST(knows_the_places),
        FORMAT_TEST(tells_quoted_from_plain),
        FORMAT_TEST(reads_crlf_and_a_mark),
        FORMAT_TEST(reads_an_empty_value),
        FORMAT_TEST(copies_aliases),
        FORMAT_TEST(takes_the_latest_of_an_anchors_name),
        FORMAT_TEST(refuses_syntax_errors),
        FORMAT_TEST(refuses_an_empty_file),
        FORMAT_TEST(refuses_what_is_no_text),
        FORMAT_TEST(refuses_duplicate_keys_all_at_once),
        FORMAT_TEST(refuses_keys_that_are_no_words),
        FORMAT_TEST(refuses_a_second_document),
        FORMAT_TEST(refuses_tags),
        FORMAT_TEST(refuses_wrong_aliases),
        FORMAT_TEST(refuses_alias_bombs),
        FORMAT_TEST(counts_the_depth_of_aliases),
        FORMAT_TEST(bounds_the_depth),
        FORMAT_TEST(stays_quick_on_a_megabyte),
        FORMAT_TEST(bounds_the_bytes),
        FORMAT_TEST(checks_many_keys_quickly),
        FORMAT_TEST(loads_a_file),
        FORMAT_TEST(names_a_file_that_cannot_be_read),
        cmocka_unit_test(survives_failing_memory),
    };
    return cmocka_run_group_tests_name("format/yaml", tests, NULL, NULL);
}
