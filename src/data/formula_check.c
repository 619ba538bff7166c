/* formula_check.c - names and syntax of a formula, with a position for all that is wrong.
 *
 * The evaluator would find most of this too, but counts positions sometimes from 0, sometimes past the word, takes
 * an assignment or a list for a formula, and has no bound on depth. One pass from left to right: an operand and an
 * operator are expected in turn; what stands open is kept on a small stack. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/formula.h"
#include "format/utf8.h"

/* What may come next. */
typedef enum state { WANT_VALUE, WANT_UNSIGNED_VALUE, WANT_OPERATOR, DONE } state;

/* What stands open: the whole formula (the first), a parenthesis, or a call. */
typedef struct level {
    int position;                           /* of its parenthesis */
    const kedge_formula_function *function; /* NULL: no call */
    int arguments;
    int first_question; /* its own are questions[first_question] to the top */
} level;

typedef struct check {
    const kedge_formula *formula;
    const kedge_dataset *dataset;
    kedge_formula_parts *parts;
    kedge_errors *errors;
    const char *at;
    state state;
    int depth;
    level levels[KEDGE_FORMULA_DEPTH + 1];
    int n_questions;
    int questions[KEDGE_FORMULA_LENGTH / 2 + 1]; /* positions of each '?' whose ':' is to come */
} check;

static bool fail(check *c, const char *format, ...) KEDGE_PRINTF(2, 3);

static bool fail(check *c, const char *format, ...)
{
    char detail[5120]; /* a path may be in it */
    va_list args;
    va_start(args, format);
    vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    kedge_errors_add(c->errors, KEDGE_EINVALID, "%s: in \"%s\": %s",
                     c->formula->where ? c->formula->where : "formula", kedge_clip_text(c->formula->text).text,
                     detail);
    return false;
}

static int position(const check *c, const char *at)
{
    return (int)(at - c->parts->text) + 1;
}

static void skip_spaces(check *c)
{
    while (*c->at == ' ') c->at++;
}

static bool name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The word at 'at', for messages: a name or number whole, else one character. */
static kedge_clip word_at(const char *at)
{
    char word[KEDGE_FORMULA_LENGTH + 1];
    size_t n = 0;
    while (name_start(at[n]) || digit(at[n]) || at[n] == '.') n++;
    if (n == 0 && at[0]) n = 1;
    memcpy(word, at, n);
    word[n] = '\0';
    return kedge_clip_text(word);
}

/* -- names ------------------------------------------------------------------------------------------------ */

/* "r, g, b, ...": as many names as a message has room for. */
typedef struct name_list {
    char text[256];
} name_list;

static name_list first_names(const char *const *names, int n)
{
    enum { ROOM = 100 };
    name_list list = {{0}};
    size_t used = 0;
    for (int i = 0; i < n; i++) {
        int length = snprintf(list.text + used, sizeof list.text - used, "%s%s", i > 0 ? ", " : "",
                              used > ROOM ? "..." : kedge_clip_text(names[i]).text);
        if (length < 0 || used > ROOM) break;
        used += (size_t)length;
    }
    return list;
}

/* A suggestion for an unknown word, or the list. One letter is no slip of another. */
static bool fail_unknown(check *c, const char *what, const char *word, int at, const char *const *names, int n)
{
    const char *near = word[1] ? kedge_nearest(word, names, n) : NULL;
    if (near)
        return fail(c, "unknown %s '%s' at position %d; did you mean '%s'?", what, kedge_clip_text(word).text, at,
                    kedge_clip_text(near).text);
    if (n == 0) return fail(c, "unknown %s '%s' at position %d", what, kedge_clip_text(word).text, at);
    return fail(c, "unknown %s '%s' at position %d; there are %s", what, kedge_clip_text(word).text, at,
                first_names(names, n).text);
}

static int find_column(const kedge_dataset *dataset, const char *name)
{
    for (int i = 0; i < dataset->n_columns; i++)
        if (strcmp(dataset->column_names[i], name) == 0) return i;
    return -1;
}

static const kedge_formula_function *find_function(const char *name)
{
    for (int i = 0; i < kedge_n_formula_functions; i++)
        if (strcmp(kedge_formula_functions[i].name, name) == 0) return &kedge_formula_functions[i];
    return NULL;
}

static bool column(check *c, const char *name, int at)
{
    int found = find_column(c->dataset, name);
    kedge_formula_parts *parts = c->parts;
    c->state = WANT_OPERATOR;
    if (found >= 0) {
        for (int i = 0; i < parts->n_used; i++)
            if (parts->used[i] == found) return true;
        parts->used[parts->n_used++] = found;
        return true;
    }
    if (strcmp(name, "_pi") == 0 || strcmp(name, "_e") == 0) return true;
    for (int i = 0; i < c->dataset->n_barred; i++)
        if (strcmp(c->dataset->barred[i].name, name) == 0)
            return fail(c, "column '%s' at position %d %s", kedge_clip_text(name).text, at,
                        c->dataset->barred[i].why);
    if (find_function(name))
        return fail(c, "function '%s' at position %d has no arguments; write them in parentheses", name, at);
    return fail_unknown(c, "name", name, at, c->dataset->column_names, c->dataset->n_columns);
}

static bool open_level(check *c, const kedge_formula_function *function)
{
    int at = position(c, c->at);
    if (c->depth == KEDGE_FORMULA_DEPTH)
        return fail(c, "parentheses nest too deep at position %d; at most %d are read", at, (int)KEDGE_FORMULA_DEPTH);
    c->levels[++c->depth] = (level){at, function, 1, c->n_questions};
    c->state = WANT_VALUE;
    c->at++;
    return true;
}

static bool takes_colour(const kedge_formula_function *function)
{
    return !function->one && !function->two && !function->three && !function->many;
}

/* The call that takes a colour: notes it and puts a name in its place, which is shorter, and spaces. */
static bool colour_call(check *c, const char *name, int at)
{
    static const char *const channels[] = {"r", "g", "b"};
    kedge_formula_parts *parts = c->parts;
    char message[512];
    for (int i = 0; i < 3; i++) {
        parts->channels[i] = find_column(c->dataset, channels[i]);
        if (parts->channels[i] < 0)
            return fail(c, "'%s' at position %d is for colours: it needs columns 'r', 'g' and 'b' of numbers, and "
                        "there is no '%s'", name, at, channels[i]);
    }
    int end = kedge_formula_read_colour(parts->text, position(c, c->at), &parts->colours[parts->n_colours], message,
                                        sizeof message);
    if (end < 0) return fail(c, "%s", message);
    char *to = parts->text + at - 1;
    int length = snprintf(message, sizeof message, "#%d", parts->n_colours++);
    memset(to, ' ', (size_t)(end - at + 1));
    memcpy(to, message, (size_t)length);
    c->at = parts->text + end;
    c->state = WANT_OPERATOR;
    return true;
}

static bool call(check *c, const char *name, int at)
{
    const kedge_formula_function *function = find_function(name);
    if (function && takes_colour(function)) return colour_call(c, name, at);
    if (function) return open_level(c, function);
    if (find_column(c->dataset, name) >= 0)
        return fail(c, "'%s' at position %d is a column, not a function; is a '*' missing?", kedge_clip_text(name).text,
                    at);
    const char *names[64];
    int n = kedge_n_formula_functions < 64 ? kedge_n_formula_functions : 64;
    for (int i = 0; i < n; i++) names[i] = kedge_formula_functions[i].name;
    return fail_unknown(c, "function", name, at, names, n);
}

/* -- operands --------------------------------------------------------------------------------------------- */

static bool number(check *c)
{
    const char *start = c->at, *at = start;
    int digits = 0;
    for (; digit(*at); at++) digits++;
    if (*at == '.')
        for (at++; digit(*at); at++) digits++;
    bool sound = digits > 0;
    if (sound && (*at == 'e' || *at == 'E')) {
        at++;
        if (*at == '+' || *at == '-') at++;
        sound = digit(*at);
        while (digit(*at)) at++;
    }
    if (!sound || name_start(*at) || *at == '.')
        return fail(c, "'%s' at position %d is not a number", word_at(start).text, position(c, start));
    if (!isfinite(strtod(start, NULL)))
        return fail(c, "'%s' at position %d is too large", word_at(start).text, position(c, start));
    c->at = at;
    c->state = WANT_OPERATOR;
    return true;
}

static bool name_or_call(check *c)
{
    char name[KEDGE_FORMULA_NAME + 1];
    size_t n = 0;
    int at = position(c, c->at);
    while (name_start(c->at[n]) || digit(c->at[n])) n++;
    if (n > KEDGE_FORMULA_NAME)
        return fail(c, "the name at position %d has %zu characters; at most %d are possible", at, n,
                    (int)KEDGE_FORMULA_NAME);
    memcpy(name, c->at, n);
    name[n] = '\0';
    c->at += n;
    skip_spaces(c);
    return *c->at == '(' ? call(c, name, at) : column(c, name, at);
}

/* A sign, an opening parenthesis or call, a number, a name. */
static bool operand(check *c)
{
    int at = position(c, c->at);
    if (*c->at == '(') return open_level(c, NULL);
    if (digit(*c->at) || *c->at == '.') return number(c);
    if (name_start(*c->at)) return name_or_call(c);
    if (!*c->at) return fail(c, "ends at position %d where a value has to follow", at);
    if (*c->at != '+' && *c->at != '-')
        return fail(c, "unexpected '%s' at position %d; a number, a column, a function or '(' has to stand there",
                    word_at(c->at).text, at);
    if (c->state == WANT_UNSIGNED_VALUE)
        return fail(c, "second sign '%c' at position %d; put what follows the first in parentheses", *c->at, at);
    c->state = WANT_UNSIGNED_VALUE;
    c->at++;
    return true;
}

/* -- operators -------------------------------------------------------------------------------------------- */

/* Whether each '?' of the level has had its ':'. */
static bool questions_closed(check *c)
{
    if (c->n_questions == c->levels[c->depth].first_question) return true;
    return fail(c, "'?' at position %d has no ':'; write condition ? value : other value",
                c->questions[c->n_questions - 1]);
}

static bool close_level(check *c)
{
    const level *top = &c->levels[c->depth];
    const kedge_formula_function *f = top->function;
    if (c->depth == 0) return fail(c, "')' at position %d closes nothing", position(c, c->at));
    if (!questions_closed(c)) return false;
    if (f && (top->arguments < f->least || top->arguments > f->most))
        return fail(c, "'%s' has %d argument%s in the parentheses at position %d; it takes %d%s", f->name,
                    top->arguments, top->arguments == 1 ? "" : "s", top->position, f->least,
                    f->most == f->least ? "" : " or more");
    c->depth--;
    c->at++; /* and another operator may come */
    return true;
}

static bool comma(check *c)
{
    level *top = &c->levels[c->depth];
    if (!top->function)
        return fail(c, "',' at position %d; a formula is one expression, and decimals have a '.'", position(c, c->at));
    if (!questions_closed(c)) return false;
    top->arguments++;
    c->state = WANT_VALUE;
    c->at++;
    return true;
}

static bool question_or_colon(check *c)
{
    if (*c->at == '?') {
        c->questions[c->n_questions++] = position(c, c->at);
    } else {
        if (c->n_questions == c->levels[c->depth].first_question)
            return fail(c, "':' at position %d has no '?'", position(c, c->at));
        c->n_questions--;
    }
    c->state = WANT_VALUE;
    c->at++;
    return true;
}

static bool binary(check *c)
{
    static const char *const operators[] = {"==", "!=", "<=", ">=", "&&", "||", "+", "-", "*", "/", "^", "<", ">"};
    int at = position(c, c->at);
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        size_t length = strlen(operators[i]);
        if (strncmp(c->at, operators[i], length) != 0) continue;
        /* The evaluator knows ours as '&' and '|'; a space keeps all positions. */
        if (*c->at == '&' || *c->at == '|') c->parts->text[c->at - c->parts->text + 1] = ' ';
        c->at += length;
        c->state = WANT_VALUE;
        return true;
    }
    if (*c->at == '=') return fail(c, "'=' at position %d would assign; equality is '=='", at);
    if (*c->at == '&' || *c->at == '|')
        return fail(c, "'%c' at position %d is no operator; did you mean '%c%c'?", *c->at, at, *c->at, *c->at);
    if (name_start(*c->at) || digit(*c->at) || *c->at == '.' || *c->at == '(')
        return fail(c, "an operator is missing before '%s' at position %d", word_at(c->at).text, at);
    return fail(c, "unexpected '%s' at position %d; an operator has to stand there", word_at(c->at).text, at);
}

static bool end(check *c)
{
    if (!questions_closed(c)) return false;
    c->state = DONE;
    if (c->depth == 0) return true;
    return fail(c, "'(' at position %d is never closed", c->levels[c->depth].position);
}

static bool operator_or_end(check *c)
{
    switch (*c->at) {
    case '\0': return end(c);
    case ')': return close_level(c);
    case ',': return comma(c);
    case '?':
    case ':': return question_or_colon(c);
    default: return binary(c);
    }
}

/* -- the whole -------------------------------------------------------------------------------------------- */

/* Copies the text with plain spaces; false if it is too long or holds what no formula can. */
static bool copy_text(check *c)
{
    const char *text = c->formula->text;
    char *to = c->parts->text;
    size_t n = strlen(text);
    bool blank = true;
    *to = '\0';
    if (n > KEDGE_FORMULA_LENGTH)
        return fail(c, "it has %zu characters; at most %d are read", n, (int)KEDGE_FORMULA_LENGTH);
    for (size_t i = 0; i < n; i++) {
        unsigned char byte = (unsigned char)text[i];
        bool space = byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
        if (byte >= 0x7f || (byte < ' ' && !space))
            return fail(c, "unexpected character at position %zu; names, numbers and operators are plain ASCII", i + 1);
        to[i] = space ? ' ' : text[i];
        to[i + 1] = '\0';
        blank = blank && space;
    }
    return !blank || fail(c, "it is empty; a number or an expression over the columns has to stand there");
}

bool kedge_formula_check(const kedge_formula *formula, const kedge_dataset *dataset, kedge_formula_parts *parts,
                         kedge_errors *errors)
{
    check c = {.formula = formula, .dataset = dataset, .parts = parts, .errors = errors, .at = parts->text};
    parts->n_used = parts->n_colours = 0;
    bool sound = copy_text(&c);
    while (sound && c.state != DONE) {
        skip_spaces(&c);
        sound = c.state == WANT_OPERATOR ? operator_or_end(&c) : operand(&c);
    }
    return sound;
}
