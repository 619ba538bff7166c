/* markup.c - formulas in one line of text. */
#include "draw/markup.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

static bool is_latin(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Bytes of the letter at 's', Latin or Greek (U+0391 to U+03FF, but no sign of a sum or product), else 0. */
static size_t letter(const char *s)
{
    unsigned char first = (unsigned char)s[0], second = (unsigned char)(first ? s[1] : 0);
    if (is_latin(first)) return 1;
    return (first == 0xce && second >= 0x91) || (first == 0xcf && second >= 0x80) ? 2 : 0;
}

/* Part of a word: letters with letters, and bytes of other scripts, which are no variables. */
static bool in_word(unsigned char c)
{
    return is_latin(c) || c >= 0x80;
}

/* Bytes that '_' or '^' before 's' puts below or above the line; 0: none. 'braces': within those. */
static size_t script(const char *s, bool *braces)
{
    const char *end = *s == '{' ? strchr(s, '}') : NULL;
    *braces = end != NULL && end > s + 1;
    if (*braces) return (size_t)(end - s) - 1;
    size_t digits = strspn(s, "0123456789"), one = letter(s);
    if (digits > 0) return digits;
    return one > 0 && letter(s + one) == 0 ? one : 0;
}

static void add(kedge_span *spans, int *n, int from, int to, int kind)
{
    if (*n < KEDGE_SPANS_MAX && to > from) {
        spans[*n].from = from;
        spans[*n].to = to;
        spans[(*n)++].kind = kind;
    }
}

/* Variables among the bytes [from, to) of 'line'. Greek beside Greek is a word, Greek beside Latin a product. */
static void find_variables(const char *line, int from, int to, kedge_span *spans, int *n)
{
    for (int i = from; i < to;) {
        size_t length = letter(line + i);
        unsigned char before = i > from ? (unsigned char)line[i - 1] : 0;
        unsigned char after = i + (int)length < to ? (unsigned char)line[i + (int)length] : 0;
        bool alone = length > 0 && !in_word(before) && !in_word(after) && before != '\'' && after != '\'';
        /* An operator's sign (minus, dot) ends a word, a letter of another script does not. */
        if (length > 0 && !alone && !is_latin(before) && !is_latin(after))
            alone = (before < 0x80 || (i >= 3 && line[i - 3] == '\xe2')) && (after < 0x80 || after == 0xe2);
        if (alone) add(spans, n, i, i + (int)length, KEDGE_SPAN_OBLIQUE);
        i += length > 0 ? (int)length : 1;
    }
}

int kedge_markup_read(char *line, kedge_span spans[KEDGE_SPANS_MAX])
{
    int n = 0, used = 0, plain = 0; /* bytes kept; where the text on the line began */
    for (const char *s = line; *s;) {
        bool braces = false;
        size_t length = *s == '_' || *s == '^' ? script(s + 1, &braces) : 0;
        if (length == 0) {
            line[used++] = *s++;
            continue;
        }
        int kind = *s == '_' ? KEDGE_SPAN_LOW : KEDGE_SPAN_HIGH;
        find_variables(line, plain, used, spans, &n);
        memmove(line + used, s + 1 + braces, length);
        s += 1 + length + 2 * (size_t)braces;
        plain = used + (int)length;
        add(spans, &n, used, plain, kind);
        find_variables(line, used, plain, spans, &n);
        used = plain;
    }
    find_variables(line, plain, used, spans, &n);
    line[used] = '\0';
    return n;
}
