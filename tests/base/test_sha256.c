/* test_sha256.c - digests of FIPS 180-4's examples. */
#include "base/sha256.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

static void expect(const char *bytes, size_t length, size_t piece, const char *hex)
{
    kedge_sha256 sha;
    unsigned char digest[KEDGE_SHA256_SIZE];
    char have[2 * KEDGE_SHA256_SIZE + 1];
    kedge_sha256_init(&sha);
    for (size_t at = 0; at < length; at += piece)
        kedge_sha256_add(&sha, bytes + at, piece < length - at ? piece : length - at);
    kedge_sha256_finish(&sha, digest);
    for (int i = 0; i < KEDGE_SHA256_SIZE; i++) snprintf(have + (ptrdiff_t)2 * i, 3, "%02x", digest[i]);
    assert_string_equal(have, hex);
}

static void test_examples_of_the_standard(void **state)
{
    static const char two[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    (void)state;
    expect("", 0, 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect("abc", 3, 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(two, sizeof two - 1, 64, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void test_pieces_do_not_matter(void **state)
{
    static const char two[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    (void)state;
    for (size_t piece = 1; piece < sizeof two; piece++)
        expect(two, sizeof two - 1, piece, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples_of_the_standard),
        cmocka_unit_test(test_pieces_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
