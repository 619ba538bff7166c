/* malformed formulas: each with its message, then many at random. */
#include "data_test.h"

#include <stdio.h>

#include "data/formula.h"

#define NAMES "r, g, b, h, s, v, redness, greenness, blueness, vibrancy"
#define FUNCTIONS \
    "abs, sign, sqrt, exp, ln, log, log2, log10, sin, cos, tan, asin, acos, atan, atan2, tanh, floor, ceil, ..."
#define VALUE "; a number, a column, a function or '(' has to stand there"

static const struct {
    const char *text, *message; /* the message after 'r.yaml:5:8: in "text": ' */
} cases[] = {
    /* names */
    {"rednes^8", "unknown name 'rednes' at position 1; did you mean 'redness'?"},
    {"0.1*Redness", "unknown name 'Redness' at position 5; did you mean 'redness'?"},
    {"x", "unknown name 'x' at position 1; there are " NAMES},
    {"r+q(1)", "unknown function 'q' at position 3; there are " FUNCTIONS},
    {"sqr(r)", "unknown function 'sqr' at position 1; did you mean 'sqrt'?"},
    {"r(2)", "'r' at position 1 is a column, not a function; is a '*' missing?"},
    {"sqrt", "function 'sqrt' at position 1 has no arguments; write them in parentheses"},
    /* numbers */
    {"1e3x", "'1e3x' at position 1 is not a number"},
    {"r+1..2", "'1..2' at position 3 is not a number"},
    {"0x10", "'0x10' at position 1 is not a number"},
    {"1e", "'1e' at position 1 is not a number"},
    {".", "'.' at position 1 is not a number"},
    {"1e999", "'1e999' at position 1 is too large"},
    /* one expression */
    {"r=3", "'=' at position 2 would assign; equality is '=='"},
    {"r,g", "',' at position 2; a formula is one expression, and decimals have a '.'"},
    {"(r,g)", "',' at position 3; a formula is one expression, and decimals have a '.'"},
    {"0,08*r", "',' at position 2; a formula is one expression, and decimals have a '.'"},
    {"r;g", "unexpected ';' at position 2; an operator has to stand there"},
    {"", "it is empty; a number or an expression over the columns has to stand there"},
    {"   ", "it is empty; a number or an expression over the columns has to stand there"},
    /* operators and operands */
    {"r +", "ends at position 4 where a value has to follow"},
    {"r g", "an operator is missing before 'g' at position 3"},
    {"(r)(g)", "an operator is missing before '(' at position 4"},
    {"r^^2", "unexpected '^' at position 3" VALUE},
    {"*r", "unexpected '*' at position 1" VALUE},
    {"!r", "unexpected '!' at position 1" VALUE},
    {"r % 2", "unexpected '%' at position 3; an operator has to stand there"},
    {"r & g", "'&' at position 3 is no operator; did you mean '&&'?"},
    {"r | g", "'|' at position 3 is no operator; did you mean '||'?"},
    {"--r", "second sign '-' at position 2; put what follows the first in parentheses"},
    {"r---g", "second sign '-' at position 4; put what follows the first in parentheses"},
    {"'r'", "unexpected ''' at position 1" VALUE},
    /* parentheses and arguments */
    {"(r", "'(' at position 1 is never closed"},
    {"min(r", "'(' at position 4 is never closed"},
    {"r)", "')' at position 2 closes nothing"},
    {"()", "unexpected ')' at position 2" VALUE},
    {"min()", "unexpected ')' at position 5" VALUE},
    {"min(r,)", "unexpected ')' at position 7" VALUE},
    {"abs(r,g)", "'abs' has 2 arguments in the parentheses at position 4; it takes 1"},
    {"atan2(r)", "'atan2' has 1 argument in the parentheses at position 6; it takes 2"},
    {"((((((((((((((((((((((((((((((((((1", "parentheses nest too deep at position 33; at most 32 are read"},
    /* conditions */
    {"r ? 1", "'?' at position 3 has no ':'; write condition ? value : other value"},
    {"(r ? 1) : 2", "'?' at position 4 has no ':'; write condition ? value : other value"},
    {"max(r ? 1, 2)", "'?' at position 7 has no ':'; write condition ? value : other value"},
    {"r : 2", "':' at position 3 has no '?'"},
    {"r ? (1 : 2)", "':' at position 8 has no '?'"},
    {"r ? 1 : 2 : 3", "':' at position 11 has no '?'"},
    /* colours */
    {"similarity", "function 'similarity' at position 1 has no arguments; write them in parentheses"},
    {"2*similarity(rad)", "unknown colour 'rad' at position 14; did you mean 'red'?"},
    {"similarity( gray )^2", "unknown colour 'gray' at position 13; did you mean 'grey'?"},
    {"similarity(dark-grey)", "unknown colour 'dark-grey' at position 12; did you mean 'dark_grey'?"},
    {"similarity(dark grey)", "unknown colour 'dark grey' at position 12; did you mean 'dark_grey'?"},
    {"similarity(r, g, b)", "unknown colour 'r' at position 12; must be three numbers, r, g and b, or one of red, "
     "orange, yellow, lime, green, teal, cyan, azure, blue, purple, magenta, pink, black, dark_grey, grey, light_grey, "
     "white"},
    {"similarity()", "no colour at position 12; must be a name such as 'red', or three numbers from 0 to 1"},
    {"similarity(", "no colour at position 12; must be a name such as 'red', or three numbers from 0 to 1"},
    {"similarity((red))", "no colour at position 12; must be a name such as 'red', or three numbers from 0 to 1"},
    {"similarity(red, blue)", "no ')' follows the colour at position 15"},
    {"similarity(red", "no ')' follows the colour at position 15"},
    {"similarity(1, 0.5)", "a colour's second channel is followed by no ',' at position 18; must be three numbers, r, "
     "g and b"},
    {"similarity(1, 0.5, 0, 0)", "a colour's third channel is followed by no ')' at position 21; must be three "
     "numbers, r, g and b"},
    {"similarity(0, 1.5, 0)", "what stands at position 15 is no channel of a colour; must be a number from 0 to 1"},
    {"similarity(0, -1, 0)", "what stands at position 15 is no channel of a colour; must be a number from 0 to 1"},
    {"similarity(0, g, 0)", "what stands at position 15 is no channel of a colour; must be a number from 0 to 1"},
    {"similarity(0x1, 1, 0)", "what stands at position 12 is no channel of a colour; must be a number from 0 to 1"},
    {"similarity(red) similarity(red)", "an operator is missing before 'similarity' at position 17"},
    {"similarity(red)(r)", "an operator is missing before '(' at position 16"},
    {"smilarity(red)", "unknown function 'smilarity' at position 1; did you mean 'similarity'?"},
    /* characters */
    {"r+gr\xc3\xbcn", "unexpected character at position 5; names, numbers and operators are plain ASCII"},
};

static void each_case_has_its_message(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(2);
    kedge_dataset *d = make(&options);
    double values[8];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char message[1024];
        kedge_formula formula = {cases[i].text, "r.yaml:5:8"};
        snprintf(message, sizeof message, "r.yaml:5:8: in \"%s\": %s", cases[i].text, cases[i].message);
        bool sound = kedge_formula_eval(&formula, d, values, &errors);
        assert_errors(message);
        assert_false(sound);
    }
    kedge_dataset_free(d);
}

static void a_control_character_is_not_shown(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(2);
    kedge_dataset *d = make(&options);
    double values[8];
    kedge_formula formula = {"r\x01", "r.yaml:5:8"};
    assert_false(kedge_formula_eval(&formula, d, values, &errors));
    kedge_dataset_free(d);
    assert_errors("r.yaml:5:8: in \"r?\": unexpected character at position 2; names, numbers and operators are plain "
                  "ASCII");
}

static void a_formula_without_place_says_formula(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(2);
    kedge_dataset *d = make(&options);
    double values[8];
    kedge_formula formula = {"r)", NULL};
    assert_false(kedge_formula_eval(&formula, d, values, &errors));
    kedge_dataset_free(d);
    assert_errors("formula: in \"r)\": ')' at position 2 closes nothing");
}

static void length_is_bounded(void **state)
{
    (void)state;
    const size_t length = 10 << 20;
    char *text = malloc(length + 1), message[512];
    memset(text, '(', length);
    text[length] = '\0';
    snprintf(message, sizeof message, "r.yaml:5:8: in \"%.57s...\": it has %zu characters; at most 1000 are read",
             text, length);
    kedge_data_options options = rgb_options(2);
    kedge_dataset *d = make(&options);
    double values[8];
    kedge_formula formula = {text, "r.yaml:5:8"};
    bool sound = kedge_formula_eval(&formula, d, values, &errors);
    kedge_dataset_free(d);
    free(text);
    assert_false(sound);
    assert_errors(message);
}

static void a_name_is_bounded(void **state)
{
    (void)state;
    char text[KEDGE_FORMULA_NAME + 4] = "1+", message[512];
    memset(text + 2, 'n', KEDGE_FORMULA_NAME + 1);
    text[KEDGE_FORMULA_NAME + 3] = '\0';
    snprintf(message, sizeof message, "r.yaml:5:8: in \"%.57s...\": the name at position 3 has 101 characters; at most "
             "100 are possible", text);
    kedge_data_options options = rgb_options(2);
    kedge_dataset *d = make(&options);
    double values[8];
    kedge_formula formula = {text, "r.yaml:5:8"};
    assert_false(kedge_formula_eval(&formula, d, values, &errors));
    kedge_dataset_free(d);
    assert_errors(message);
}

static void a_barred_column_says_why(void **state)
{
    (void)state;
    const kedge_barred_column barred[] = {{"kind", "holds text: my.csv:4:3: 'abc' is not a finite number"}};
    kedge_dataset d = {.ctx = ctx, .points = 1, .n_barred = 1, .barred = barred};
    double value;
    kedge_formula formula = {"2 * kind", "r.yaml:5:8"};
    assert_false(kedge_formula_eval(&formula, &d, &value, &errors));
    assert_errors("r.yaml:5:8: in \"2 * kind\": column 'kind' at position 5 holds text: my.csv:4:3: 'abc' is not a "
                  "finite number");
}

static void used_columns_are_listed_once(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(2);
    kedge_dataset *d = make(&options);
    kedge_formula_parts parts;
    kedge_formula formula = {"b + r*b + _pi", NULL};
    bool sound = kedge_formula_check(&formula, d, &parts, &errors);
    kedge_dataset_free(d);
    assert_true(sound);
    assert_int_equal(parts.n_used, 2);
    assert_int_equal(parts.used[0], 2);
    assert_int_equal(parts.used[1], 0);
}

/* What passes the check the evaluator takes, with finite values or the message about them; what does not has a
 * position. */
static void random_formulas_do_no_harm(void **state)
{
    (void)state;
    static const char *const words[] = {
        "r", "g", "b", "1", "0.5", "2", "8", "(", "(", ")", ")", "+", "-", "*", "/", "^", "<", ">", "==", "!=", "<=",
        ">=", "&&", "||", "?", ":", ",", "min(", "max(", "abs(", "sqrt(", " ", "_pi", "redness", "atan2(", "clamp(",
        "=", "!", "e", ".", "similarity(", "similarity(red)", "similarity(1,0,.5)", "grey)"};
    kedge_data_options options = rgb_options(2);
    kedge_dataset *d = make(&options);
    uint32_t seed = 1;
    int values_seen = 0;
    for (int i = 0; i < 30000; i++) {
        char text[256] = "";
        double values[8];
        int length = 1 + i % 12;
        for (int k = 0; k < length; k++) {
            seed = seed * 1664525u + 1013904223u;
            strcat(text, words[(seed >> 16) % (sizeof words / sizeof *words)]);
        }
        kedge_formula formula = {text, "w"};
        if (kedge_formula_eval(&formula, d, values, &errors)) {
            values_seen++;
        } else {
            assert_int_equal(errors.count, 1);
            assert_true(strstr(errors.text, " at position ") || strstr(errors.text, " at point ") ||
                        strstr(errors.text, "it is empty"));
        }
        kedge_errors_init(&errors);
    }
    kedge_dataset_free(d);
    assert_true(values_seen > 500);
}

static void a_colour_needs_columns_of_channels(void **state)
{
    (void)state;
    const char *const names[] = {"r", "b"};
    const kedge_barred_column barred[] = {{"g", "holds text"}};
    kedge_dataset d = {.ctx = ctx, .points = 1, .n_columns = 2, .column_names = names, .n_barred = 1, .barred = barred};
    double value;
    kedge_formula formula = {"r + similarity(red)", "r.yaml:5:8"};
    assert_false(kedge_formula_eval(&formula, &d, &value, &errors));
    assert_errors("r.yaml:5:8: in \"r + similarity(red)\": 'similarity' at position 5 is for colours: it needs columns "
                  "'r', 'g' and 'b' of numbers, and there is no 'g'");
}

static void as_many_colours_as_fit(void **state)
{
    (void)state;
    char text[KEDGE_FORMULA_LENGTH + 1] = "similarity(red)";
    while (strlen(text) + 16 <= KEDGE_FORMULA_LENGTH) strcat(text, "+similarity(red)");
    kedge_data_options options = rgb_options(2);
    kedge_dataset *d = make(&options);
    double values[8];
    kedge_formula formula = {text, "r.yaml:5:8"};
    bool sound = kedge_formula_eval(&formula, d, values, &errors);
    kedge_dataset_free(d);
    assert_true(sound);
    assert_true(values[4] == 62); /* red itself */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_case_has_its_message),
        TEST(a_control_character_is_not_shown),
        TEST(a_formula_without_place_says_formula),
        TEST(length_is_bounded),
        TEST(a_name_is_bounded),
        TEST(a_barred_column_says_why),
        TEST(used_columns_are_listed_once),
        TEST(random_formulas_do_no_harm),
        TEST(a_colour_needs_columns_of_channels),
        TEST(as_many_colours_as_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
