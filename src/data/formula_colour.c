/* formula_colour.c - the colour that a formula compares points with. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "data/formula.h"
#include "format/number.h"
#include "format/utf8.h"

/* A text that is being read; 'at' counts from 0, positions in messages from 1. */
typedef struct reader {
    const char *text;
    int at;
    char *message;
    size_t size;
} reader;

static bool fail(reader *r, const char *format, ...) KEDGE_PRINTF(2, 3);

static bool fail(reader *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(r->message, r->size, format, args);
    va_end(args);
    return false;
}

static void skip_spaces(reader *r)
{
    while (r->text[r->at] && strchr(" \t\r\n", r->text[r->at])) r->at++;
}

/* The one character that comes next, or nothing. */
static bool take(reader *r, char c)
{
    skip_spaces(r);
    if (r->text[r->at] != c) return false;
    r->at++;
    return true;
}

static bool starts_number(char c)
{
    return (c >= '0' && c <= '9') || c == '.';
}

static bool starts_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Digits with a point and an exponent, as everywhere in formulas; false if there is none. */
static bool read_number(reader *r, double *value)
{
    const char *start = r->text + r->at, *at = start;
    size_t whole = strspn(at, "0123456789"), part = 0;
    at += whole;
    if (*at == '.') {
        part = strspn(at + 1, "0123456789");
        at += 1 + part;
    }
    if (whole + part == 0) return false;
    if (*at == 'e' || *at == 'E') {
        const char *digits = at + 1 + (at[1] == '+' || at[1] == '-');
        size_t n = strspn(digits, "0123456789");
        if (n == 0) return false;
        at = digits + n;
    }
    char number[64];
    size_t length = (size_t)(at - start);
    if (starts_name(*at) || *at == '.' || *at == '_' || length >= sizeof number) return false;
    memcpy(number, start, length);
    number[length] = '\0';
    r->at += (int)length;
    return kedge_number_real(number, value);
}

/* "r, g, b" up to the parenthesis. */
static bool read_channels(reader *r, kedge_hsv *colour)
{
    double channel[3];
    for (int i = 0; i < 3; i++) {
        skip_spaces(r);
        int at = r->at;
        if (!read_number(r, &channel[i]) || channel[i] > 1)
            return fail(r, "what stands at position %d is no channel of a colour; must be a number from 0 to 1",
                        at + 1);
        if (!take(r, i < 2 ? ',' : ')'))
            return fail(r, "a colour's %s channel is followed by no '%c' at position %d; must be three numbers, "
                        "r, g and b", i == 0 ? "first" : i == 1 ? "second" : "third", i < 2 ? ',' : ')', r->at + 1);
    }
    *colour = kedge_hsv_from_rgb((kedge_rgb){channel[0], channel[1], channel[2]});
    return true;
}

/* The names as formulas have them: with '_' for a space. */
typedef struct colour_name {
    char text[32];
} colour_name;

static bool fail_unknown(reader *r, const char *word, int at, const colour_name *names)
{
    const char *list[KEDGE_NAMED_COLOURS];
    for (int i = 0; i < KEDGE_NAMED_COLOURS; i++) list[i] = names[i].text;
    const char *near = word[1] ? kedge_nearest(word, list, KEDGE_NAMED_COLOURS) : NULL;
    if (near)
        return fail(r, "unknown colour '%s' at position %d; did you mean '%s'?", kedge_clip_text(word).text, at + 1,
                    near);
    fail(r, "unknown colour '%s' at position %d; must be three numbers, r, g and b, or one of",
         kedge_clip_text(word).text, at + 1);
    for (int i = 0; i < KEDGE_NAMED_COLOURS; i++) {
        size_t used = strlen(r->message);
        snprintf(r->message + used, r->size - used, "%s %s", i ? "," : "", list[i]);
    }
    return false;
}

/* A name up to the parenthesis. Spaces and dashes in it are read too: they are what a slip would have for '_'. */
static bool read_name(reader *r, kedge_hsv *colour)
{
    char word[KEDGE_FORMULA_LENGTH + 1];
    colour_name names[KEDGE_NAMED_COLOURS];
    int at = r->at, length = 0;
    for (char c; starts_name(c = r->text[r->at]) || (c >= '0' && c <= '9') || (c && strchr("_- ", c)); r->at++)
        if (length < KEDGE_FORMULA_LENGTH) word[length++] = c;
    while (length > 0 && word[length - 1] == ' ') length--;
    word[length] = '\0';
    for (int i = 0; i < KEDGE_NAMED_COLOURS; i++) {
        snprintf(names[i].text, sizeof names[i].text, "%s", kedge_named_colours[i].name);
        for (char *c = names[i].text; *c; c++)
            if (*c == ' ') *c = '_';
    }
    for (int i = 0; i < KEDGE_NAMED_COLOURS; i++) {
        if (strcmp(word, names[i].text) != 0) continue;
        if (!take(r, ')')) return fail(r, "no ')' follows the colour at position %d", r->at + 1);
        *colour = kedge_named_colours[i].hsv;
        return true;
    }
    return fail_unknown(r, word, at, names);
}

int kedge_formula_read_colour(const char *text, int at, kedge_hsv *colour, char *message, size_t size)
{
    reader r = {text, at, message, size};
    skip_spaces(&r);
    bool sound;
    if (starts_name(text[r.at]))
        sound = read_name(&r, colour);
    else if (starts_number(text[r.at]))
        sound = read_channels(&r, colour);
    else
        sound = fail(&r, "no colour at position %d; must be a name such as 'red', or three numbers from 0 to 1",
                     r.at + 1);
    return sound ? r.at : -1;
}

bool kedge_formula_similarity(const kedge_formula *formula, kedge_hsv *colour)
{
    static const char word[] = "similarity";
    char message[512];
    reader r = {formula->text, 0, message, sizeof message};
    skip_spaces(&r);
    if (strncmp(r.text + r.at, word, strlen(word)) != 0) return false;
    r.at += (int)strlen(word);
    kedge_hsv found;
    double power;
    if (!take(&r, '(') || (r.at = kedge_formula_read_colour(r.text, r.at, &found, message, sizeof message)) < 0)
        return false;
    if (take(&r, '^')) {
        skip_spaces(&r);
        if (!read_number(&r, &power)) return false;
    }
    skip_spaces(&r);
    if (r.text[r.at]) return false;
    *colour = found;
    return true;
}
