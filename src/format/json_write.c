/* json_write.c - JSON, appended to a text. */
#include "format/json_write.h"

#include <math.h>
#include <string.h>

#include "format/base64.h"
#include "format/utf8.h"

/* Before a value or a key. */
static void separate(kedge_json *json)
{
    if (json->more) kedge_text_add_bytes(json->text, ",", 1);
    json->more = true;
}

void kedge_json_open(kedge_json *json, char bracket)
{
    separate(json);
    kedge_text_add_bytes(json->text, &bracket, 1);
    json->more = false;
}

void kedge_json_close(kedge_json *json, char bracket)
{
    kedge_text_add_bytes(json->text, &bracket, 1);
    json->more = true;
}

void kedge_json_key(kedge_json *json, const char *key)
{
    kedge_json_text(json, key);
    kedge_text_add_bytes(json->text, ":", 1);
    json->more = false;
}

static void add_escape(kedge_text *text, unsigned char c)
{
    if (c == '"' || c == '\\') kedge_text_addf(text, "\\%c", c);
    else if (c == '\n') kedge_text_add(text, "\\n");
    else kedge_text_addf(text, "\\u%04x", c);
}

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != 0x7f;
}

/* A piece that is UTF-8. */
static void add_piece(kedge_text *text, const char *at, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t from = i;
        while (i < length && is_plain((unsigned char)at[i])) i++;
        kedge_text_add_bytes(text, at + from, i - from);
        if (i < length) add_escape(text, (unsigned char)at[i++]);
    }
}

void kedge_json_bytes(kedge_json *json, const char *value, size_t length)
{
    separate(json);
    kedge_text_add_bytes(json->text, "\"", 1);
    while (length > 0) {
        size_t span = kedge_utf8_span(value, length);
        add_piece(json->text, value, span);
        value += span;
        length -= span;
        if (length == 0) break;
        if (*value) kedge_text_add(json->text, "\xef\xbf\xbd");
        else kedge_text_add(json->text, "\\u0000");
        value++;
        length--;
    }
    kedge_text_add_bytes(json->text, "\"", 1);
}

static void add_word(kedge_json *json, const char *word)
{
    separate(json);
    kedge_text_add(json->text, word);
}

void kedge_json_text(kedge_json *json, const char *value)
{
    if (value) kedge_json_bytes(json, value, strlen(value));
    else add_word(json, "null");
}

void kedge_json_bool(kedge_json *json, bool value)
{
    add_word(json, value ? "true" : "false");
}

void kedge_json_integer(kedge_json *json, long long value)
{
    separate(json);
    kedge_text_addf(json->text, "%lld", value);
}

void kedge_json_real(kedge_json *json, double value)
{
    if (!isfinite(value)) {
        add_word(json, "null");
        return;
    }
    separate(json);
    kedge_text_add_real(json->text, "%.9g", value);
}

void kedge_json_floats(kedge_json *json, const float *values, size_t n)
{
    separate(json);
    kedge_text_add_bytes(json->text, "\"", 1);
    kedge_base64_add_floats(json->text, values, n);
    kedge_text_add_bytes(json->text, "\"", 1);
}

void kedge_json_doubles(kedge_json *json, const double *values, size_t n)
{
    enum { ROOM = 768 }; /* a multiple of 3: base64 without padding in between */
    float some[ROOM];
    separate(json);
    kedge_text_add_bytes(json->text, "\"", 1);
    while (n > 0) {
        size_t count = n < ROOM ? n : ROOM;
        for (size_t i = 0; i < count; i++) some[i] = (float)values[i];
        kedge_base64_add_floats(json->text, some, count);
        values += count;
        n -= count;
    }
    kedge_text_add_bytes(json->text, "\"", 1);
}

void kedge_json_raw(kedge_json *json, const char *value, size_t length)
{
    separate(json);
    kedge_text_add_bytes(json->text, value, length);
}

void kedge_json_put_text(kedge_json *json, const char *key, const char *value)
{
    kedge_json_key(json, key);
    kedge_json_text(json, value);
}

void kedge_json_put_bool(kedge_json *json, const char *key, bool value)
{
    kedge_json_key(json, key);
    kedge_json_bool(json, value);
}

void kedge_json_put_integer(kedge_json *json, const char *key, long long value)
{
    kedge_json_key(json, key);
    kedge_json_integer(json, value);
}

void kedge_json_put_real(kedge_json *json, const char *key, double value)
{
    kedge_json_key(json, key);
    kedge_json_real(json, value);
}
