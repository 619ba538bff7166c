/* test_yaml_path.c - nodes by dotted paths, and what a scalar's text is worth. */
#include "format_test.h"

#include "format/yaml.h"

static const char document[] = "a: 1\nterms:\n  anchor: {at: [1, 0, {x: y}]}\n";

static kedge_yaml *tree(fixture *self)
{
    kedge_yaml *root = NULL;
    kedge_yaml_parse(&root, &self->arena, "t.yaml", document, sizeof document - 1, &self->errors);
    assert_non_null(root);
    return root;
}

static void assert_found(kedge_yaml *root, const char *path, const char *text)
{
    kedge_yaml *node = kedge_yaml_find(root, path);
    assert_non_null(node);
    assert_string_equal(node->text, text);
}

static void assert_set_wrong(fixture *self, const char *assignment, const char *message)
{
    kedge_yaml *root = tree(self);
    kedge_errors_init(&self->errors);
    kedge_yaml_assign(root, &self->arena, assignment, &self->errors);
    assert_string_equal(self->errors.text, message);
    assert_int_equal(root->n, 2);
    assert_found(root, "a", "1");
    kedge_errors_init(&self->errors);
}

static void finds_nodes(void **state)
{
    kedge_yaml *root = tree(*state);
    assert_found(root, "terms.anchor.at.0", "1");
    assert_found(root, "terms.anchor.at.2.x", "y");
    assert_ptr_equal(kedge_yaml_get(root, "terms"), root->child->next);
}

static void finds_nothing(void **state)
{
    kedge_yaml *root = tree(*state);
    static const char *const paths[] = {"", "b", "a.b", "terms.", ".a", "terms.anchor.at.3", "terms.anchor.at.-1",
                                        "terms.anchor.at.00", "terms.anchor.at.", "terms.anchor.at.99999999999"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) assert_null(kedge_yaml_find(root, paths[i]));
    assert_null(kedge_yaml_get(root->child, "a"));
}

static void sets_a_value(void **state)
{
    fixture *self = *state;
    kedge_yaml *root = tree(self);
    kedge_yaml_assign(root, &self->arena, "a=[0.5, {k: v}]", &self->errors);
    assert_int_equal(self->errors.count, 0);
    assert_found(root, "a.0", "0.5");
    assert_found(root, "a.1.k", "v");
    assert_string_equal(root->child->key, "a");
    assert_int_equal(root->child->line, 0);
    assert_string_equal(root->child->file, "--set a=[0.5, {k: v}]");
    assert_found(root, "terms.anchor.at.1", "0"); /* what stood behind it still does */
}

static void sets_in_a_list(void **state)
{
    fixture *self = *state;
    kedge_yaml *root = tree(self);
    kedge_yaml_assign(root, &self->arena, "terms.anchor.at.1=7", &self->errors);
    assert_int_equal(self->errors.count, 0);
    assert_found(root, "terms.anchor.at.1", "7");
    assert_found(root, "terms.anchor.at.2.x", "y");
    assert_int_equal(kedge_yaml_find(root, "terms.anchor.at")->n, 3);
}

static void makes_missing_maps(void **state)
{
    fixture *self = *state;
    kedge_yaml *root = tree(self);
    kedge_yaml_assign(root, &self->arena, "terms.new.labels.red=a=b", &self->errors);
    assert_int_equal(self->errors.count, 0);
    assert_found(root, "terms.new.labels.red", "a=b");
    assert_int_equal(kedge_yaml_find(root, "terms")->n, 2);
    assert_int_equal(kedge_yaml_find(root, "terms.new")->kind, KEDGE_YAML_MAP);
}

static void sets_an_empty_value(void **state)
{
    fixture *self = *state;
    kedge_yaml *root = tree(self);
    kedge_yaml_assign(root, &self->arena, "a=", &self->errors);
    assert_int_equal(self->errors.count, 0);
    assert_found(root, "a", "");
}

static void refuses_wrong_assignments(void **state)
{
    assert_set_wrong(*state, "a", "--set a: no '='; write path=value\n");
    assert_set_wrong(*state, "=1", "--set =1: an empty name in the path; write names with dots between\n");
    assert_set_wrong(*state, "a..b=1", "--set a..b=1: an empty name in the path; write names with dots between\n");
    assert_set_wrong(*state, "a.b=1", "--set a.b=1: 'a' is a single value: it has no 'b'\n");
    assert_set_wrong(*state, "terms.anchor.at.3=1",
                     "--set terms.anchor.at.3=1: 'terms.anchor.at' is a list with items 0 to 2: it has no '3'\n");
    assert_set_wrong(*state, "terms.anchor.at.x=1",
                     "--set terms.anchor.at.x=1: 'terms.anchor.at' is a list with items 0 to 2: it has no 'x'\n");
    assert_set_wrong(*state, "a=#x", "--set a=#x: there is no value\n");
    assert_set_wrong(*state, "a=\xFF", "--set a=\xFF: at most 4096 bytes of UTF-8 are read\n");
}

static void refuses_a_value_that_is_not_yaml(void **state)
{
    assert_set_wrong(*state, "terms.anchor.at=[1",
                     "--set terms.anchor.at=[1: not YAML: did not find expected ',' or ']'\n");
}

static void bounds_the_depth_of_paths(void **state)
{
    fixture *self = *state;
    kedge_yaml *root = tree(self);
    char assignment[128] = "a0";
    for (int i = 1; i < 32; i++) memcpy(assignment + 2 * i, ".b", 3);
    memcpy(assignment + 64, "=1", 3);
    kedge_yaml_assign(root, &self->arena, assignment, &self->errors);
    assert_int_equal(self->errors.count, 1);
    assert_non_null(strstr(self->errors.text, "nested too deep"));
    assert_int_equal(root->n, 2);
}

static kedge_yaml scalar(const char *text)
{
    return (kedge_yaml){.kind = KEDGE_YAML_SCALAR, .text = text};
}

static void reads_integers(void **state)
{
    (void)state;
    static const struct { const char *text; long long value; } cases[] = {
        {"0", 0}, {"-0", 0}, {"60", 60}, {"-7", -7}, {"+7", 7}, {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kedge_yaml node = scalar(cases[i].text);
        long long value = 99;
        assert_true(kedge_yaml_int(&node, &value));
        assert_true(value == cases[i].value);
    }
}

static void refuses_other_integers(void **state)
{
    (void)state;
    static const char *const cases[] = {"", "010", "1e3", "1.0", "0x10", "1 ", "12abc", "-", "9223372036854775808"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kedge_yaml node = scalar(cases[i]);
        long long value = 99;
        assert_false(kedge_yaml_int(&node, &value));
        assert_true(value == 99);
    }
}

static void reads_reals_and_booleans(void **state)
{
    (void)state;
    kedge_yaml real = scalar("1e-3"), yes = scalar("true"), no = scalar("false");
    double value = 0.0;
    bool truth = false;
    assert_true(kedge_yaml_real(&real, &value));
    assert_true(value == 1e-3);
    assert_true(kedge_yaml_bool(&yes, &truth) && truth);
    assert_true(kedge_yaml_bool(&no, &truth) && !truth);
}

static void refuses_other_reals_and_booleans(void **state)
{
    (void)state;
    static const char *const reals[] = {"1e3x", ".nan", "nan", "inf", ".inf", "0x1", "", "~"};
    static const char *const words[] = {"yes", "True", "1", "on", ""};
    double value;
    bool truth;
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
        kedge_yaml node = scalar(reals[i]);
        assert_false(kedge_yaml_real(&node, &value));
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        kedge_yaml node = scalar(words[i]);
        assert_false(kedge_yaml_bool(&node, &truth));
    }
}

static void takes_quoted_values_as_text(void **state)
{
    (void)state;
    kedge_yaml number = scalar("1"), word = scalar("true");
    long long whole;
    double real;
    bool truth;
    number.quoted = word.quoted = true;
    assert_false(kedge_yaml_int(&number, &whole));
    assert_false(kedge_yaml_real(&number, &real));
    assert_false(kedge_yaml_bool(&word, &truth));
}

static kedge_status work(fixture *self)
{
    kedge_yaml *root = NULL;
    kedge_yaml_parse(&root, &self->arena, "t.yaml", document, sizeof document - 1, &self->errors);
    if (root) kedge_yaml_assign(root, &self->arena, "terms.x.y=[1, {k: 2}]", &self->errors);
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
        FORMAT_TEST(finds_nodes),
        FORMAT_TEST(finds_nothing),
        FORMAT_TEST(sets_a_value),
        FORMAT_TEST(sets_in_a_list),
        FORMAT_TEST(makes_missing_maps),
        FORMAT_TEST(sets_an_empty_value),
        FORMAT_TEST(refuses_wrong_assignments),
        FORMAT_TEST(refuses_a_value_that_is_not_yaml),
        FORMAT_TEST(bounds_the_depth_of_paths),
        cmocka_unit_test(survives_failing_memory),
        cmocka_unit_test(reads_integers),
        cmocka_unit_test(refuses_other_integers),
        cmocka_unit_test(reads_reals_and_booleans),
        cmocka_unit_test(refuses_other_reals_and_booleans),
        cmocka_unit_test(takes_quoted_values_as_text),
    };
    return cmocka_run_group_tests_name("format/yaml_path", tests, NULL, NULL);
}
