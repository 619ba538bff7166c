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

/* Whether the character at 's' is part of a word. Bytes from 0x80 on are letters of other scripts, but for U+0080 to
 * U+00BF and U+2000 to U+2FFF, which are signs: dots, minus, sums, arrows. */
static bool in_word(const char *s)
{
    unsigned char first = (unsigned char)*s;
    return is_latin(first) || first == '\'' || (first >= 0x80 && first != 0xc2 && first != 0xe2);
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

/* Variables among the bytes [from, to) of 'line'. */
static void find_variables(const char *line, int from, int to, kedge_span *spans, int *n)
{
    bool after_word = false;
    for (int i = from; i < to;) {
        int length = (int)letter(line + i), whole = length > 0 ? length : 1;
        while (i + whole < to && ((unsigned char)line[i + whole] & 0xc0) == 0x80) whole++;
        bool before_word = i + whole < to && in_word(line + i + whole);
        if (length > 0 && !after_word && !before_word) add(spans, n, i, i + length, KEDGE_SPAN_OBLIQUE);
        after_word = in_word(line + i);
        i += whole;
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
