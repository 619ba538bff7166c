/* json_write.h - JSON (RFC 8259) without blanks, appended to a text. */
#ifndef FORMAT_JSON_WRITE_H
#define FORMAT_JSON_WRITE_H

#include "base/text.h"

/* Writes values one after another; commas come by themselves. The caller opens and closes in pairs and gives a key
 * before each value of an object. Nothing fails here: ask 'text' once at the end. */
typedef struct kedge_json {
    kedge_text *text;
    bool more; /* a value stands before, in the same list or object */
} kedge_json;

static inline kedge_json kedge_json_to(kedge_text *text)
{
    return (kedge_json){.text = text};
}

/* '{' or '['; '}' or ']'. */
void kedge_json_open(kedge_json *json, char bracket);
void kedge_json_close(kedge_json *json, char bracket);
void kedge_json_key(kedge_json *json, const char *key);

/* What is not UTF-8 becomes U+FFFD. '<' is written as an escape, so that no text ends an HTML element that holds it.
 * NULL: null. */
void kedge_json_text(kedge_json *json, const char *value);
void kedge_json_bytes(kedge_json *json, const char *value, size_t length);
void kedge_json_bool(kedge_json *json, bool value);
void kedge_json_integer(kedge_json *json, long long value);
/* With 9 significant digits; null for what is not finite. */
void kedge_json_real(kedge_json *json, double value);
/* A text: n floats, little-endian, as base64. */
void kedge_json_floats(kedge_json *json, const float *values, size_t n);
void kedge_json_doubles(kedge_json *json, const double *values, size_t n); /* as floats */
/* JSON that was written before: one value. */
void kedge_json_raw(kedge_json *json, const char *value, size_t length);

/* A key with its value. */
void kedge_json_put_text(kedge_json *json, const char *key, const char *value);
void kedge_json_put_bool(kedge_json *json, const char *key, bool value);
void kedge_json_put_integer(kedge_json *json, const char *key, long long value);
void kedge_json_put_real(kedge_json *json, const char *key, double value);

#endif
