/* lint_phases.c - phases whose names look like slips of the pen for one another. */
#include <string.h>

#include "format/utf8.h"
#include "study/lint.h"

enum {
    PHASES_MOST = 256, /* are compared, each with each */
    WORD = 4           /* letters of the shortest word with slips: 'Part A' and 'Part B', 'II' and 'III' are meant so */
};

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* Bytes of letters of other alphabets too. */
static bool is_letter(char byte)
{
    return (lower(byte) >= 'a' && lower(byte) <= 'z') || (unsigned char)byte >= 0x80;
}

/* The length of the word that holds text[from..to), which are letters of it, or its end where from == to. */
static size_t word_around(const char *text, size_t from, size_t to)
{
    while (from > 0 && is_letter(text[from - 1])) from--;
    while (is_letter(text[to])) to++;
    return to - from;
}

static bool all_letters(const char *text, size_t from, size_t to)
{
    while (from < to && is_letter(text[from])) from++;
    return from == to;
}

/* Whether they differ in nothing but case, or in one letter of a word: another, one more, or two swapped. */
static bool is_slip(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b), from = 0;
    while (a[from] && lower(a[from]) == lower(b[from])) from++;
    while (n > from && m > from && lower(a[n - 1]) == lower(b[m - 1])) n--, m--;
    size_t in_a = n - from, in_b = m - from;
    if (in_a == 0 && in_b == 0) return true;
    if (!all_letters(a, from, n) || !all_letters(b, from, m)) return false;
    bool swapped = in_a == 2 && in_b == 2 && lower(a[from]) == lower(b[from + 1]) &&
                   lower(a[from + 1]) == lower(b[from]);
    if (!swapped && (in_a > 1 || in_b > 1)) return false;
    return word_around(a, from, n) >= WORD || word_around(b, from, m) >= WORD;
}

void kedge_lint_phases(kedge_lint *lint)
{
    const char *names[PHASES_MOST];
    int n = lint->recipe->sheet ? kedge_recipe_phases(lint->recipe->sheet, PHASES_MOST, names) : 0;
    for (int i = 1; i < n; i++)
        for (int k = 0; k < i; k++)
            if (is_slip(names[k], names[i]))
                kedge_lint_warn(lint, KEDGE_WARNING_PHASES,
                                "phases '%s' and '%s' are two, as their names differ; write one name for one phase",
                                kedge_clip_text(names[k]).text, kedge_clip_text(names[i]).text);
}
