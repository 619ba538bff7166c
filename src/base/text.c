/* text.c - a growing string. */
#include "base/text.h"

#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

void kedge_text_init(kedge_text *text, kedge_context *ctx)
{
    *text = (kedge_text){.ctx = ctx};
}

void kedge_text_release(kedge_text *text)
{
    kedge_release(text->ctx, text->bytes);
    text->bytes = NULL;
    text->length = text->capacity = 0;
}

void kedge_text_clear(kedge_text *text)
{
    text->length = 0;
    text->broken = false;
    if (text->bytes) text->bytes[0] = '\0';
}

/* Room for 'more' bytes and the final 0. */
static bool reserve(kedge_text *text, size_t more)
{
    if (text->broken) return false;
    char *bytes = kedge_grow(text->ctx, text->bytes, text->length, &text->capacity, text->length + more + 1, 1);
    if (!bytes) {
        text->broken = true;
        return false;
    }
    text->bytes = bytes;
    return true;
}

void kedge_text_add_bytes(kedge_text *text, const void *bytes, size_t length)
{
    if (!reserve(text, length)) return;
    if (length) memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void kedge_text_add(kedge_text *text, const char *string)
{
    kedge_text_add_bytes(text, string, strlen(string));
}

void kedge_text_addf(kedge_text *text, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length >= 0 && reserve(text, (size_t)length)) {
        vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
}

void kedge_real_format(char *out, size_t room, const char *format, double value)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(out, room, format, value);
#pragma GCC diagnostic pop
    const char *point = localeconv()->decimal_point;
    char *at = strcmp(point, ".") == 0 ? NULL : strstr(out, point);
    if (!at) return;
    *at = '.';
    memmove(at + 1, at + strlen(point), strlen(at + strlen(point)) + 1);
}

void kedge_text_add_real(kedge_text *text, const char *format, double value)
{
    char number[64];
    kedge_real_format(number, sizeof number, format, value);
    kedge_text_add(text, number);
}

const char *kedge_text_string(const kedge_text *text)
{
    return text->bytes ? text->bytes : "";
}

kedge_status kedge_text_status(const kedge_text *text, const char *what)
{
    return text->broken ? kedge_fail_memory(what) : KEDGE_OK;
}
