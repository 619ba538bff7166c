/* digests of recipes, against sha256sum. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "store/store.h"

static void assert_digest(const char *text, const char *schedule, const char *want)
{
    char digest[KEDGE_DIGEST_SIZE];
    kedge_store_digest(&(kedge_store_recipe){.title = "t", .text = text, .schedule = schedule}, digest);
    assert_string_equal(digest, want);
}

static void knows_an_empty_text(void **state)
{
    (void)state;
    assert_digest("", NULL, "6e340b9cffb37a989ca544e6bb780a2c"); /* one zero byte */
}

static void knows_a_text(void **state)
{
    (void)state;
    assert_digest("abc", NULL, "dc1114cd074914bd872cc1f9a23ec910");
    assert_digest("abc", "def", "516a5e926ce20c5f4d80f00e1a01abdf");
}

static void knows_texts_of_every_length(void **state)
{
    (void)state;
    char text[200];
    memset(text, 'x', sizeof text);
    text[54] = '\0';
    assert_digest(text, NULL, "f7dede04c863bec5791ed4460758bc49"); /* the length just fits into the block */
    text[54] = 'x', text[55] = '\0';
    assert_digest(text, NULL, "95664b81e168f41b655f8e55984b5f86");
    text[55] = 'x', text[63] = '\0';
    assert_digest(text, NULL, "b6e0c2f2cb7cccc1c34386c8a2318e45");
    text[63] = 'x', text[199] = '\0';
    assert_digest(text, NULL, "1d9e45408777541b9f0bbdf065152ccb");
}

static void tells_text_from_schedule(void **state)
{
    (void)state;
    char one[KEDGE_DIGEST_SIZE], other[KEDGE_DIGEST_SIZE];
    kedge_store_digest(&(kedge_store_recipe){.text = "ab", .schedule = "c"}, one);
    kedge_store_digest(&(kedge_store_recipe){.text = "a", .schedule = "bc"}, other);
    assert_string_not_equal(one, other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_an_empty_text),
        cmocka_unit_test(knows_a_text),
        cmocka_unit_test(knows_texts_of_every_length),
        cmocka_unit_test(tells_text_from_schedule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
