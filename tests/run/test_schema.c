/* test_schema.c - tables of fields against YAML, with a small table of its own. */
#include "unit.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/schema.h"

typedef struct thing {
    int kind;
    bool flag;
    int64_t count;
    double size;
    const char *name;
    int mode;
    kedge_formula rate;
    kedge_ints dims;
    kedge_reals at;
    kedge_texts columns;
    kedge_weights labels;
} thing;

static const char *const modes[] = {"hard", "soft", NULL};

#define AT(member) .offset = offsetof(thing, member)
static const kedge_field common[] = {
    {.key = "labels", .type = KEDGE_FIELD_WEIGHTS, AT(labels), .min = 0, .max = 1, .fallback = "", .doc = "Who."},
};
static const kedge_field full[] = {
    {.key = "flag", .type = KEDGE_FIELD_BOOL, AT(flag), .fallback = "true", .doc = "Whether."},
    {.key = "count", .type = KEDGE_FIELD_INT, AT(count), .min = 1, .max = 9, .fallback = "3", .doc = "How many."},
    {.key = "size", .type = KEDGE_FIELD_REAL, AT(size), .min = 0, .max = INFINITY, .fallback = "0.5", .doc = "Size."},
    {.key = "name", .type = KEDGE_FIELD_TEXT, AT(name), .fallback = "", .doc = "What."},
    {.key = "mode", .type = KEDGE_FIELD_CHOICE, AT(mode), .choices = modes, .fallback = "hard", .doc = "|How|."},
    {.key = "rate", .type = KEDGE_FIELD_FORMULA, AT(rate), .fallback = "", .doc = "How often."},
    {.key = "dims", .type = KEDGE_FIELD_INTS, AT(dims), .fallback = "[0]", .doc = "Where."},
    {.key = "at", .type = KEDGE_FIELD_REALS, AT(at), .fallback = "", .doc = "Where to."},
    {.key = "columns", .type = KEDGE_FIELD_TEXTS, AT(columns), .fallback = "", .doc = "From."},
};
static const kedge_field small[] = {
    {.key = "count", .type = KEDGE_FIELD_INT, AT(count), .doc = "How many."},
};
static const kedge_variant variants[] = {
    {"full", "All types.", full, sizeof full / sizeof *full},
    {"small", "One key.", small, sizeof small / sizeof *small},
};

static const kedge_variant *variant(int i)
{
    return i < 2 ? &variants[i] : NULL;
}

static const kedge_schema schema = {.fields = common, .n_fields = 1, .variant = variant,
                                    .kind_offset = offsetof(thing, kind)};

/* Its kind stands under another key, beside keys that are someone else's. */
static const char *const besides[] = {"target", NULL};
static const kedge_schema named = {.fields = common, .n_fields = 1, .variant = variant, .besides = besides,
                                   .kind_offset = offsetof(thing, kind), .kind_key = "edit", .kind_doc = "What."};

typedef struct fixture {
    kedge_context *ctx;
    kedge_arena arena;
    kedge_errors errors;
} fixture;

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    kedge_context_options options = KEDGE_CONTEXT_OPTIONS_INIT;
    options.kernels = "ref";
    options.threads = 1;
    if (!f || kedge_context_create(&f->ctx, &options)) return -1;
    kedge_arena_init(&f->arena, f->ctx);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    kedge_arena_release(&f->arena);
    kedge_context_free(f->ctx);
    free(f);
    return 0;
}

static bool bind_as(fixture *f, const kedge_schema *as, const char *yaml, thing *out)
{
    *out = (thing){0};
    kedge_errors_init(&f->errors);
    kedge_yaml *root = NULL;
    kedge_yaml_parse(&root, &f->arena, "a.yaml", yaml, strlen(yaml), &f->errors);
    assert_non_null(root);
    return kedge_schema_bind(as, "thing", root, &f->arena, &f->errors, out);
}

static bool bind(fixture *f, const char *yaml, thing *out)
{
    return bind_as(f, &schema, yaml, out);
}

static void fills_every_type(void **state)
{
    thing t;
    assert_true(bind(*state, "kind: full\nflag: false\ncount: 7\nsize: 1e-3\nname: red 1\nmode: soft\nrate: 2*r\n"
                             "dims: [2, 0]\nat: [1, -0.5]\ncolumns: [a, 1]\nlabels: {red: 1, blue: 0.25}\n", &t));
    assert_int_equal(t.kind, 0);
    assert_false(t.flag);
    assert_int_equal(t.count, 7);
    assert_true(t.size == 1e-3);
    assert_string_equal(t.name, "red 1");
    assert_int_equal(t.mode, 1);
    assert_string_equal(t.rate.text, "2*r");
    assert_int_equal(t.dims.n, 2);
    assert_int_equal(t.dims.at[0], 2);
    assert_int_equal(t.at.n, 2);
    assert_true(t.at.at[1] == -0.5);
    assert_int_equal(t.columns.n, 2);
    assert_string_equal(t.columns.at[1], "1");
    assert_int_equal(t.labels.n, 2);
    assert_string_equal(t.labels.names[1], "blue");
    assert_true(t.labels.values[1] == 0.25);
}

static void fills_defaults(void **state)
{
    thing t;
    assert_true(bind(*state, "kind: full\n", &t));
    assert_true(t.flag);
    assert_int_equal(t.count, 3);
    assert_true(t.size == 0.5);
    assert_null(t.name);
    assert_null(t.rate.text);
    assert_int_equal(t.dims.n, 1);
    assert_int_equal(t.at.n, 0);
    assert_int_equal(t.labels.n, 0);
}

static void formulas_know_their_place(void **state)
{
    thing t;
    assert_true(bind(*state, "kind: full\nrate:  2*r\n", &t));
    assert_string_equal(t.rate.where, "a.yaml:2:8");
    assert_true(bind(*state, "kind: full\nrate:  \"2*r\"\n", &t));
    assert_string_equal(t.rate.where, "a.yaml:2:9");
}

/* Each text and the whole message that it must give. */
static const struct {
    const char *yaml, *message;
} mistakes[] = {
    {"[1]", "a.yaml:1:1: thing is a list; must be a map"},
    {"{count: 1}", "a.yaml:1:1: missing key 'kind' in thing; must be 'full' or 'small'"},
    {"kind: ful", "a.yaml:1:7: unknown kind 'ful' in thing; did you mean 'full'?"},
    {"kind: enormous", "a.yaml:1:7: unknown kind 'enormous' in thing; must be 'full' or 'small'"},
    {"kind: [full]", "a.yaml:1:7: 'kind' in thing is a list; must be 'full' or 'small'"},
    {"kind: small", "a.yaml:1:1: missing key 'count' in thing; must be a whole number"},
    {"kind: small\ncuont: 1\ncount: 1",
     "a.yaml:2:1: unknown key 'cuont' in thing of kind 'small'; did you mean 'count'?"},
    {"kind: small\ncount: 1\nxyzzy: 1",
     "a.yaml:3:1: unknown key 'xyzzy' in thing of kind 'small'; must be 'kind', 'count' or 'labels'"},
    {"{kind: small, count: 1, (b), 1)}", "a.yaml:1:25: unknown key '(b)' in thing of kind 'small'; must be 'kind', "
     "'count' or 'labels'\n"
     "a.yaml:1:30: unknown key '1)' in thing of kind 'small'; between braces a formula with a comma must stand in "
     "quotes"},
    {"kind: full\nflag: yes", "a.yaml:2:7: 'flag' in thing is 'yes'; must be true or false"},
    {"kind: full\ncount: eight", "a.yaml:2:8: 'count' in thing is 'eight'; must be a whole number from 1 to 9"},
    {"kind: full\ncount: 10", "a.yaml:2:8: 'count' in thing is '10'; must be a whole number from 1 to 9"},
    {"kind: full\ncount: 1e0", "a.yaml:2:8: 'count' in thing is '1e0'; must be a whole number from 1 to 9"},
    {"kind: full\ncount: '3'",
     "a.yaml:2:8: 'count' in thing is the text '3'; must be a whole number from 1 to 9"},
    {"kind: full\ncount:", "a.yaml:2:7: 'count' in thing is empty; must be a whole number from 1 to 9"},
    {"kind: small\ncount: 99999999999999999999",
     "a.yaml:2:8: 'count' in thing is '99999999999999999999'; must be a whole number"},
    {"kind: full\nsize: 1e3x", "a.yaml:2:7: 'size' in thing is '1e3x'; must be a number of at least 0"},
    {"kind: full\nsize: -1", "a.yaml:2:7: 'size' in thing is '-1'; must be a number of at least 0"},
    {"kind: full\nsize: nan", "a.yaml:2:7: 'size' in thing is 'nan'; must be a number of at least 0"},
    {"kind: full\nsize: .inf", "a.yaml:2:7: 'size' in thing is '.inf'; must be a number of at least 0"},
    {"kind: full\nsize: 1e400", "a.yaml:2:7: 'size' in thing is '1e400'; must be a number of at least 0"},
    {"kind: full\nname: {a: 1}", "a.yaml:2:7: 'name' in thing is a map; must be text"},
    {"kind: full\nmode: sofd", "a.yaml:2:7: unknown mode 'sofd' in thing; did you mean 'soft'?"},
    {"kind: full\nrate: [r]", "a.yaml:2:7: 'rate' in thing is a list; must be a number or a formula"},
    {"kind: full\ndims: 0", "a.yaml:2:7: 'dims' in thing is '0'; must be a list of whole numbers"},
    {"kind: full\ndims: [0, 1.5]", "a.yaml:2:11: 'dims[1]' in thing is '1.5'; must be a whole number"},
    {"kind: full\nat: [1, inf]", "a.yaml:2:9: 'at[1]' in thing is 'inf'; must be a finite number"},
    {"kind: full\ncolumns: [a, [b]]", "a.yaml:2:14: 'columns[1]' in thing is a list; must be text"},
    {"kind: full\nlabels: [red]",
     "a.yaml:2:9: 'labels' in thing is a list; must be a map of names to numbers from 0 to 1"},
    {"kind: full\nlabels: {red: 2}", "a.yaml:2:15: 'labels.red' in thing is '2'; must be a number from 0 to 1"},
    {"kind: full\nname: ab\ncount: 0\nsize: x\n",
     "a.yaml:3:8: 'count' in thing is '0'; must be a whole number from 1 to 9\n"
     "a.yaml:4:7: 'size' in thing is 'x'; must be a number of at least 0"},
};

static void names_each_mistake(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        thing t;
        assert_false(bind(f, mistakes[i].yaml, &t));
        assert_int_equal(kedge_errors_status(&f->errors), KEDGE_EINVALID);
        assert_string_equal(kedge_error(), mistakes[i].message);
    }
}

static void shows_no_control_characters(void **state)
{
    fixture *f = *state;
    thing t;
    assert_false(bind(f, "kind: \"a\\n\\e[31m\"", &t));
    kedge_errors_status(&f->errors);
    assert_string_equal(kedge_error(), "a.yaml:1:7: unknown kind 'a??[31m' in thing; must be 'full' or 'small'");
}

static void leaves_keys_out(void **state)
{
    static const char *const without[] = {"count", NULL};
    kedge_schema less = schema;
    less.without = without;
    fixture *f = *state;
    thing t;
    assert_false(bind_as(f, &less, "kind: small\ncount: 1", &t));
    kedge_errors_status(&f->errors);
    assert_string_equal(kedge_error(), "a.yaml:2:1: key 'count' does not apply to thing; leave it out");
    assert_true(bind_as(f, &less, "kind: small", &t));
}

static void takes_the_kind_from_another_key(void **state)
{
    thing t;
    assert_true(bind_as(*state, &named, "edit: small\ncount: 5", &t));
    assert_int_equal(t.kind, 1);
    assert_int_equal(t.count, 5);
}

static void passes_over_keys_of_others(void **state)
{
    thing t;
    assert_true(bind_as(*state, &named, "edit: small\ncount: 5\ntarget: [1]", &t));
}

static void names_mistakes_by_the_other_key(void **state)
{
    static const struct {
        const char *yaml, *message;
    } cases[] = {
        {"kind: small", "a.yaml:1:1: missing key 'edit' in thing; must be 'full' or 'small'"},
        {"edit: smal", "a.yaml:1:7: unknown edit 'smal' in thing; did you mean 'small'?"},
        {"edit: {}", "a.yaml:1:7: 'edit' in thing is a map; must be 'full' or 'small'"},
        {"edit: small\ncount: 1\ntarge: 1",
         "a.yaml:3:1: unknown key 'targe' in thing of edit 'small'; did you mean 'target'?"},
        {"edit: small\ncount: 1\nkind: small", "a.yaml:3:1: unknown key 'kind' in thing of edit 'small'; must be "
         "'edit', 'count', 'labels' or 'target'"},
    };
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        thing t;
        assert_false(bind_as(f, &named, cases[i].yaml, &t));
        kedge_errors_status(&f->errors);
        assert_string_equal(kedge_error(), cases[i].message);
    }
}

static void prints_the_other_key(void **state)
{
    fixture *f = *state;
    thing t;
    kedge_text text;
    kedge_text_init(&text, f->ctx);
    assert_true(bind_as(f, &named, "edit: small\ncount: 5\ntarget: 1", &t));
    kedge_schema_print(&named, &t, 0, &text);
    assert_string_equal(kedge_text_string(&text), "edit: small\ncount: 5\n");
    kedge_text_release(&text);
}

static void prints_in_the_order_of_the_table(void **state)
{
    fixture *f = *state;
    thing t;
    kedge_text text;
    kedge_text_init(&text, f->ctx);
    assert_true(bind(f, "labels: {b: 0.1, a: 1}\nat: [1e-8, 0.1]\nname: 'a: b'\nkind: full\ncolumns: [x, '1']\n", &t));
    kedge_schema_print(&schema, &t, 2, &text);
    assert_string_equal(kedge_text_string(&text), "  kind: full\n  flag: true\n  count: 3\n  size: 0.5\n"
                                                  "  name: \"a: b\"\n  mode: hard\n  dims: [0]\n  at: [1.0e-08, 0.1]\n"
                                                  "  columns: [x, \"1\"]\n  labels: {b: 0.1, a: 1}\n");
    kedge_text_release(&text);
}

/* A text, printed as a map's value and read again. */
static void check_text(fixture *f, const char *value)
{
    thing t = {.name = value}, again;
    kedge_text text;
    kedge_text_init(&text, f->ctx);
    kedge_schema_print(&schema, &t, 0, &text);
    /* Other keys of a cleared struct are out of range: only the line of the name is wanted. */
    char *line = strstr(text.bytes, "name: "), yaml[512];
    *strchr(line, '\n') = '\0';
    /* In a list too, where more has a meaning. */
    snprintf(yaml, sizeof yaml, "kind: full\n%s\ncolumns: [x, %s, z]\n", line, line + strlen("name: "));
    assert_true(bind(f, yaml, &again));
    assert_string_equal(again.name, value);
    assert_int_equal(again.columns.n, 3);
    assert_string_equal(again.columns.at[1], value);
    kedge_text_release(&text);
}

static void texts_read_back(void **state)
{
    static const char *const texts[] = {
        "plain", "", " ", "a, b", "a: b", "a #b", "#", "- a", "'", "\"", "\\", "a\nb", "\t", "true", "null", "~", "1",
        "1.5e3", "0x1F", "[a]", "{a}", "&a", "*a", "!a", "|", ">", "%", "@", "`", "?", "a?b:c", "max(r, g)", "=", "<<",
        "\x01\x1f\x7f", "caf\xc3\xa9", "\xe2\x80\xa8", "\xc2\x85", "\xef\xbb\xbf", "\xf0\x9f\x94\xb4", "a ", "...",
        "---", "/abs/path.csv", "../up.csv", "C:\\x",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) check_text(*state, texts[i]);
}

static void check_real(fixture *f, double value)
{
    kedge_text text;
    kedge_text_init(&text, f->ctx);
    kedge_yaml_print_real(&text, value);
    kedge_yaml node = {.kind = KEDGE_YAML_SCALAR, .text = kedge_text_string(&text)};
    double again = -1;
    assert_true(kedge_yaml_real(&node, &again));
    assert_memory_equal(&again, &value, sizeof value);
    kedge_text_release(&text);
}

static void numbers_read_back_to_the_bit(void **state)
{
    static const double numbers[] = {0,    -0.0,  1,     0.1,  1.0 / 3, 1e-8,  1e300, 5e-324,
                                     1e22, 1e-30, 1e100, -2.5, 123456789.125, 0.999999};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) check_real(*state, numbers[i]);
}

static void numbers_are_short(void **state)
{
    fixture *f = *state;
    kedge_text text;
    kedge_text_init(&text, f->ctx);
    const double numbers[] = {64, 0.1, 1e-8, 1e9, 0.015, 90, -300000};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        kedge_yaml_print_real(&text, numbers[i]);
        kedge_text_add(&text, " ");
    }
    assert_string_equal(kedge_text_string(&text), "64 0.1 1.0e-08 1.0e+09 0.015 90 -300000 ");
    kedge_text_release(&text);
}

static void numbers_ignore_the_locale(void **state)
{
    fixture *f = *state;
    static const char *const commas[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE"};
    const char *found = NULL;
    for (size_t i = 0; i < sizeof commas / sizeof *commas && !found; i++) found = setlocale(LC_NUMERIC, commas[i]);
    if (!found) return; /* none is installed: nothing to see here */
    check_real(f, 0.125);
    setlocale(LC_NUMERIC, "C");
}

static void reference_has_every_key(void **state)
{
    fixture *f = *state;
    kedge_text text;
    kedge_text_init(&text, f->ctx);
    kedge_schema_reference(&schema, "a thing", &text);
    const char *reference = kedge_text_string(&text);
    assert_non_null(strstr(reference, "| `labels` | a map of names to numbers from 0 to 1 | none | Who. |\n"));
    assert_non_null(strstr(reference, "### a thing of kind `full`\n\nAll types.\n"));
    assert_non_null(strstr(reference, "| `count` | a whole number from 1 to 9 | `3` | How many. |\n"));
    assert_non_null(strstr(reference, "| `count` | a whole number | required | How many. |\n"));
    assert_non_null(strstr(reference, "| `mode` | 'hard' or 'soft' | `hard` | \\|How\\|. |\n"));
    for (size_t i = 0; i < sizeof full / sizeof *full; i++) {
        char row[64];
        snprintf(row, sizeof row, "\n| `%s` | ", full[i].key);
        assert_non_null(strstr(reference, row));
    }
    kedge_text_release(&text);
}

static void reference_has_the_other_key(void **state)
{
    fixture *f = *state;
    kedge_text text;
    kedge_text_init(&text, f->ctx);
    kedge_schema_reference(&named, "a thing", &text);
    assert_ptr_equal(strstr(kedge_text_string(&text), "| key | value | default | meaning |\n|---|---|---|---|\n"
        "| `edit` | 'full' or 'small' | required | What. |\n"
        "| `labels` | a map of names to numbers from 0 to 1 | none | Who. |\n\n"), kedge_text_string(&text));
    kedge_text_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(fills_every_type, setup, teardown),
        cmocka_unit_test_setup_teardown(fills_defaults, setup, teardown),
        cmocka_unit_test_setup_teardown(formulas_know_their_place, setup, teardown),
        cmocka_unit_test_setup_teardown(names_each_mistake, setup, teardown),
        cmocka_unit_test_setup_teardown(shows_no_control_characters, setup, teardown),
        cmocka_unit_test_setup_teardown(leaves_keys_out, setup, teardown),
        cmocka_unit_test_setup_teardown(takes_the_kind_from_another_key, setup, teardown),
        cmocka_unit_test_setup_teardown(passes_over_keys_of_others, setup, teardown),
        cmocka_unit_test_setup_teardown(names_mistakes_by_the_other_key, setup, teardown),
        cmocka_unit_test_setup_teardown(prints_the_other_key, setup, teardown),
        cmocka_unit_test_setup_teardown(prints_in_the_order_of_the_table, setup, teardown),
        cmocka_unit_test_setup_teardown(texts_read_back, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers_read_back_to_the_bit, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers_are_short, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers_ignore_the_locale, setup, teardown),
        cmocka_unit_test_setup_teardown(reference_has_every_key, setup, teardown),
        cmocka_unit_test_setup_teardown(reference_has_the_other_key, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
