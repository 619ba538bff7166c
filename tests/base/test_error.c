/* errors: the thread's message, lists of errors, and the name that was meant. */
#include "unit.h"

#include <pthread.h>
#include <string.h>

#include "base/error.h"

static void fail_sets_the_message(void **state)
{
    (void)state;
    assert_int_equal(kedge_fail(KEDGE_EIO, "%s:%d: gone", "a.csv", 7), KEDGE_EIO);
    assert_string_equal(kedge_error(), "a.csv:7: gone");
}

static void fail_may_quote_the_message_itself(void **state)
{
    (void)state;
    kedge_fail(KEDGE_EINVALID, "inner");
    kedge_fail(KEDGE_EINVALID, "outer: %s", kedge_error());
    assert_string_equal(kedge_error(), "outer: inner");
}

static void memory_has_its_own_message(void **state)
{
    (void)state;
    assert_int_equal(kedge_fail_memory("a thing"), KEDGE_ENOMEM);
    assert_string_equal(kedge_error(), "out of memory for a thing");
}

static void *ask_elsewhere(void *payload)
{
    *(int *)payload = (int)strlen(kedge_error());
    kedge_fail(KEDGE_EIO, "elsewhere");
    return NULL;
}

static void each_thread_has_its_own_message(void **state)
{
    (void)state;
    pthread_t thread;
    int before = -1;
    kedge_fail(KEDGE_EIO, "here");
    assert_int_equal(pthread_create(&thread, NULL, ask_elsewhere, &before), 0);
    pthread_join(thread, NULL);
    assert_int_equal(before, 0);
    assert_string_equal(kedge_error(), "here");
}

static void every_status_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(kedge_status_name(KEDGE_OK), "ok");
    for (int status = KEDGE_OK; status >= KEDGE_EUNSUPPORTED; status--) {
        const char *name = kedge_status_name((kedge_status)status);
        assert_true(strlen(name) > 0 && strcmp(name, "unknown status") != 0);
        for (int other = KEDGE_OK; other > status; other--)
            assert_string_not_equal(name, kedge_status_name((kedge_status)other));
    }
    assert_string_equal(kedge_status_name((kedge_status)-1000), "unknown status");
}

static void an_empty_list_is_ok(void **state)
{
    (void)state;
    kedge_errors errors;
    kedge_fail(KEDGE_EIO, "before");
    kedge_errors_init(&errors);
    assert_int_equal(kedge_errors_status(&errors), KEDGE_OK);
    assert_string_equal(kedge_error(), "before");
}

static void a_list_keeps_order_and_first_status(void **state)
{
    (void)state;
    kedge_errors errors;
    kedge_errors_init(&errors);
    kedge_errors_add(&errors, KEDGE_EFORMAT, "a:%d: first", 1);
    kedge_errors_add(&errors, KEDGE_EINVALID, "a:%d: second", 2);
    assert_int_equal(kedge_errors_status(&errors), KEDGE_EFORMAT);
    assert_string_equal(kedge_error(), "a:1: first\na:2: second");
}

static int lines_of(const char *text)
{
    int lines = 1;
    for (; *text; text++) lines += *text == '\n';
    return lines;
}

static void a_full_list_shows_all(void **state)
{
    (void)state;
    kedge_errors errors;
    kedge_errors_init(&errors);
    for (int i = 0; i < KEDGE_ERRORS_MAX; i++) kedge_errors_add(&errors, KEDGE_EINVALID, "number %d", i);
    kedge_errors_status(&errors);
    assert_int_equal(lines_of(kedge_error()), KEDGE_ERRORS_MAX);
    assert_null(strstr(kedge_error(), "more"));
}

static void a_longer_list_counts_the_rest(void **state)
{
    (void)state;
    kedge_errors errors;
    kedge_errors_init(&errors);
    for (int i = 0; i < KEDGE_ERRORS_MAX + 5; i++) kedge_errors_add(&errors, KEDGE_EINVALID, "number %d", i);
    assert_int_equal(kedge_errors_status(&errors), KEDGE_EINVALID);
    assert_int_equal(lines_of(kedge_error()), KEDGE_ERRORS_MAX + 1);
    assert_non_null(strstr(kedge_error(), "number 19\nand 5 more errors"));
    assert_null(strstr(kedge_error(), "number 20"));
}

/* Long lines fill the text before there are KEDGE_ERRORS_MAX of them: what is not shown is counted all the same. */
static void long_errors_are_counted_too(void **state)
{
    (void)state;
    kedge_errors errors;
    static char line[1001];
    memset(line, 'x', sizeof line - 1);
    kedge_errors_init(&errors);
    for (int i = 0; i < 10; i++) kedge_errors_add(&errors, KEDGE_EINVALID, "%s", line);
    kedge_errors_status(&errors);
    int shown = lines_of(kedge_error()) - 1;
    assert_in_range(shown, 7, 8);
    assert_string_equal(strrchr(kedge_error(), '\n'), shown == 8 ? "\nand 2 more errors" : "\nand 3 more errors");
}

static void one_more_is_one_error(void **state)
{
    (void)state;
    kedge_errors errors;
    kedge_errors_init(&errors);
    for (int i = 0; i <= KEDGE_ERRORS_MAX; i++) kedge_errors_add(&errors, KEDGE_EINVALID, "number %d", i);
    kedge_errors_status(&errors);
    assert_string_equal(strrchr(kedge_error(), '\n'), "\nand 1 more error");
}

static void an_error_too_long_for_all_is_cut(void **state)
{
    (void)state;
    kedge_errors errors;
    static char line[20001];
    memset(line, 'x', sizeof line - 1);
    kedge_errors_init(&errors);
    kedge_errors_add(&errors, KEDGE_EINVALID, "%s", line);
    assert_int_equal(kedge_errors_status(&errors), KEDGE_EINVALID);
    assert_true(strlen(kedge_error()) > 4000);
    assert_null(strchr(kedge_error(), '\n'));
}

static const char *const kinds[] = {"anchor", "anti-anchor", "subspace", "separate", "separate-pairs"};

static const char *nearest(const char *word)
{
    return kedge_nearest(word, kinds, sizeof kinds / sizeof *kinds);
}

static void slips_find_the_name(void **state)
{
    (void)state;
    assert_string_equal(nearest("anchor"), "anchor");
    assert_string_equal(nearest("ancor"), "anchor");    /* left out */
    assert_string_equal(nearest("anchhor"), "anchor");  /* doubled */
    assert_string_equal(nearest("amchor"), "anchor");   /* another */
    assert_string_equal(nearest("nachor"), "anchor");   /* swapped */
    assert_string_equal(nearest("seperate"), "separate");
    assert_string_equal(nearest("seperate-pair"), "separate-pairs");
}

static void case_counts_less_than_letters(void **state)
{
    (void)state;
    static const char *const names[] = {"adam", "adamw"};
    assert_string_equal(kedge_nearest("adamW", names, 2), "adamw");
    assert_string_equal(kedge_nearest("ADAM", names, 2), "adam");
    assert_string_equal(nearest("ANTI-ANCHOR"), "anti-anchor");
    static const char *const cases[] = {"Hue", "hue"};
    assert_string_equal(kedge_nearest("hue", cases, 2), "hue");
}

static void other_words_find_nothing(void **state)
{
    (void)state;
    assert_null(nearest("bottleneck"));
    assert_null(nearest("xyz"));
    assert_null(nearest(""));
    assert_null(kedge_nearest("anchor", kinds, 0));
}

static void of_equals_the_first_is_meant(void **state)
{
    (void)state;
    static const char *const names[] = {"red", "rad", "rod"};
    assert_string_equal(kedge_nearest("rid", names, 3), "red");
    assert_string_equal(kedge_nearest("rodd", names, 3), "rod");
}

static void very_long_words_are_no_slips(void **state)
{
    (void)state;
    char word[400];
    for (size_t length = 50; length < sizeof word; length++) {
        memset(word, 'a', length);
        word[length] = '\0';
        assert_null(nearest(word));
    }
}

static void a_long_name_is_compared_safely(void **state)
{
    (void)state;
    char name[200] = "";
    memset(name, 'n', sizeof name - 1);
    assert_null(kedge_nearest("anchor", (const char *const[]){name}, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fail_sets_the_message),
        cmocka_unit_test(fail_may_quote_the_message_itself),
        cmocka_unit_test(memory_has_its_own_message),
        cmocka_unit_test(each_thread_has_its_own_message),
        cmocka_unit_test(every_status_has_a_name),
        cmocka_unit_test(an_empty_list_is_ok),
        cmocka_unit_test(a_list_keeps_order_and_first_status),
        cmocka_unit_test(a_full_list_shows_all),
        cmocka_unit_test(a_longer_list_counts_the_rest),
        cmocka_unit_test(long_errors_are_counted_too),
        cmocka_unit_test(one_more_is_one_error),
        cmocka_unit_test(an_error_too_long_for_all_is_cut),
        cmocka_unit_test(slips_find_the_name),
        cmocka_unit_test(case_counts_less_than_letters),
        cmocka_unit_test(other_words_find_nothing),
        cmocka_unit_test(of_equals_the_first_is_meant),
        cmocka_unit_test(very_long_words_are_no_slips),
        cmocka_unit_test(a_long_name_is_compared_safely),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
