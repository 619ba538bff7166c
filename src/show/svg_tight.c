/* svg_tight.c - an SVG in fewer bytes: one pass over its bytes, in which only attributes that are known change. */
#include "show/svg_tight.h"

#include <stdlib.h>
#include <string.h>

/* A piece of the input. */
typedef struct span {
    const char *at, *end;
} span;

static bool begins(span s, const char *with)
{
    size_t length = strlen(with);
    return (size_t)(s.end - s.at) >= length && memcmp(s.at, with, length) == 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- numbers, in hundredths: no number of Cairo's depends on the locale, so none may here */

/* Reads '-12.3456'; false if there is no such number. */
static bool read_number(span *s, long *hundredths)
{
    const char *at = s->at;
    long value = 0;
    bool minus = at < s->end && *at == '-';
    if (minus) at++;
    if (at == s->end || !is_digit(*at)) return false;
    for (; at < s->end && is_digit(*at); at++)
        if ((value = 10 * value + (*at - '0')) > 10000000) return false;
    value *= 100;
    if (at < s->end && *at == '.') {
        at++;
        int place = 0;
        for (; at < s->end && is_digit(*at); at++, place++)
            value += place == 0 ? 10 * (*at - '0') : place == 1 ? *at - '0' : place == 2 && *at >= '5';
    }
    if (at < s->end && (*at == 'e' || *at == 'E')) return false;
    s->at = at;
    *hundredths = minus ? -value : value;
    return true;
}

/* ".5", "-12", "3.25" */
static void add_number(kedge_text *out, long hundredths)
{
    char digits[24], *end = digits + sizeof digits, *at = end; /* by hand: there are a million of them */
    long whole = labs(hundredths) / 100, rest = labs(hundredths) % 100;
    if (rest % 10 > 0) *--at = (char)('0' + rest % 10);
    if (rest > 0) *--at = (char)('0' + rest / 10), *--at = '.';
    if (whole == 0 && rest == 0) *--at = '0';
    for (; whole > 0; whole /= 10) *--at = (char)('0' + whole % 10);
    if (hundredths < 0) *--at = '-';
    kedge_text_add_bytes(out, at, (size_t)(end - at));
}

/* ---- paths */

typedef struct pen {
    kedge_text *out;
    char command;     /* the last one written, which need not be repeated */
    bool fraction;    /* the last number has a point, so that one that begins with a point may follow */
    long x, y;        /* where it is, as rounded: so errors do not add up */
    long from_x, from_y; /* where the piece began */
} pen;

static void put_number(pen *p, long hundredths, bool first)
{
    bool point = hundredths % 100 != 0, bare = point && labs(hundredths) < 100 && hundredths > 0;
    if (!first && hundredths >= 0 && !(bare && p->fraction)) kedge_text_add_bytes(p->out, " ", 1);
    add_number(p->out, hundredths);
    p->fraction = point;
}

/* n coordinates, each pair seen from where the pen is; it moves to the last. */
static void put_points(pen *p, char command, const long *at, int n)
{
    bool new = p->command != command;
    if (new) kedge_text_add_bytes(p->out, &command, 1);
    for (int i = 0; i < n; i++) put_number(p, at[i] - (i % 2 == 0 ? p->x : p->y), new && i == 0);
    p->x = at[n - 2];
    p->y = at[n - 1];
    p->command = command == 'm' ? 'l' : command; /* pairs that follow a move are lines */
}

static void skip_spaces(span *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\n')) s->at++;
}

/* One command with its numbers; false if it is not understood. */
static bool put_command(pen *p, span *s)
{
    long at[6];
    char letter = *s->at++;
    int n = letter == 'M' || letter == 'L' ? 2 : letter == 'C' ? 6 : letter == 'Z' ? 0 : -1;
    for (int i = 0; i < n; i++) {
        skip_spaces(s);
        if (!read_number(s, &at[i])) return false;
    }
    skip_spaces(s);
    if (n < 0) return false;
    if (letter == 'Z') {
        kedge_text_add(p->out, "z");
        p->command = 'z';
        p->x = p->from_x, p->y = p->from_y;
    } else if (letter == 'M') {
        if (s->at == s->end) return true; /* Cairo moves once more after the last piece */
        p->command = 0;
        put_points(p, 'm', at, n);
        p->from_x = p->x, p->from_y = p->y;
    } else {
        put_points(p, letter == 'L' ? 'l' : 'c', at, n);
    }
    return true;
}

static void put_path(kedge_text *out, span value)
{
    size_t before = out->length;
    span s = value;
    pen p = {.out = out};
    skip_spaces(&s);
    bool understood = true;
    while (s.at < s.end && understood) understood = put_command(&p, &s);
    if (understood || out->broken) return;
    out->length = before;
    kedge_text_add_bytes(out, value.at, (size_t)(value.end - value.at));
}

/* ---- styles */

/* "rgb(10%,20.5%,0%)" as "#1a3400"; false if it is none. */
static bool put_colour(kedge_text *out, span *s)
{
    long part[3];
    span at = *s;
    if (!begins(at, "rgb(")) return false;
    at.at += 4;
    for (int i = 0; i < 3; i++) {
        if (!read_number(&at, &part[i]) || !begins(at, i < 2 ? "%," : "%)")) return false;
        at.at += 2;
    }
    kedge_text_add(out, "#");
    for (int i = 0; i < 3; i++) kedge_text_addf(out, "%02lx", (part[i] * 255 + 5000) / 10000);
    *s = at;
    return true;
}

static void put_style(kedge_text *out, span s)
{
    static const char *const defaults[] = {
        "stroke-linecap:butt;", "stroke-linejoin:miter;", "stroke-opacity:1;", "fill-opacity:1;", "fill-rule:nonzero;",
        "stroke:none;", "stroke-miterlimit:10;", /* set for all on the root */
    };
    bool start = true; /* of a declaration */
    while (s.at < s.end) {
        size_t i = 0;
        const size_t n = sizeof defaults / sizeof *defaults;
        long number;
        while (start && i < n && !begins(s, defaults[i])) i++;
        if (start && i < n) {
            s.at += strlen(defaults[i]);
            continue;
        }
        bool digit = is_digit(*s.at) && !start;
        start = *s.at == ';';
        if (put_colour(out, &s)) continue;
        if (digit && read_number(&s, &number)) add_number(out, number);
        else kedge_text_add_bytes(out, s.at++, 1);
    }
}

/* ---- elements */

static void put_attribute(kedge_text *out, span name, span value)
{
    static const char *const lengths[] = {"x", "y", "width", "height"};
    size_t n = (size_t)(name.end - name.at), before = out->length;
    span rest = value;
    long number;
    kedge_text_add_bytes(out, name.at, n);
    kedge_text_add(out, "=\"");
    size_t content = out->length;
    bool length = false;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        length = length || (strlen(lengths[i]) == n && memcmp(name.at, lengths[i], n) == 0);
    if (n == 1 && *name.at == 'd') put_path(out, value);
    else if (n == 5 && memcmp(name.at, "style", 5) == 0) put_style(out, value);
    else if (length && read_number(&rest, &number) && rest.at == rest.end) add_number(out, number);
    else kedge_text_add_bytes(out, value.at, (size_t)(value.end - value.at));
    bool none = !out->broken && out->length == content && n == 5; /* no style is left: nor is its name, or its blank */
    if (none) out->length = before - 1;
    else kedge_text_add(out, "\"");
}

/* From '<' to '>'. */
static void put_tag(kedge_text *out, span tag)
{
    bool root = begins(tag, "<svg ");
    while (tag.at < tag.end) {
        const char *blank = memchr(tag.at, ' ', (size_t)(tag.end - tag.at));
        const char *equals = blank ? memchr(blank, '=', (size_t)(tag.end - blank)) : NULL;
        if (!equals || equals + 1 == tag.end || equals[1] != '"') break;
        const char *close = memchr(equals + 2, '"', (size_t)(tag.end - equals - 2));
        if (!close) break;
        kedge_text_add_bytes(out, tag.at, (size_t)(blank + 1 - tag.at));
        if (root) kedge_text_add(out, "stroke-miterlimit=\"10\" ");
        root = false;
        put_attribute(out, (span){blank + 1, equals}, (span){equals + 2, close});
        tag.at = close + 1;
    }
    kedge_text_add_bytes(out, tag.at, (size_t)(tag.end - tag.at));
}

void kedge_svg_tighten(const kedge_text *svg, kedge_text *out)
{
    const char *at = kedge_text_string(svg), *end = at + svg->length;
    while (at < end) {
        const char *open = memchr(at, '<', (size_t)(end - at)), *stop = open ? open : end;
        const char *word = at;
        while (word < stop && (*word == ' ' || *word == '\n')) word++;
        if (word < stop) kedge_text_add_bytes(out, at, (size_t)(stop - at));
        const char *close = open ? memchr(open, '>', (size_t)(end - open)) : NULL;
        if (!close) { /* all of it, or a tag that is not closed */
            kedge_text_add_bytes(out, stop, (size_t)(end - stop));
            return;
        }
        put_tag(out, (span){open, close + 1});
        at = close + 1;
    }
}
