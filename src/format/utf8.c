/* utf8.c - is this text at all, and how is a piece of it shown in a message. */
#include "format/utf8.h"

#include <string.h>

/* Bytes of the character that begins at 's', of which 'left' bytes are there; 0 if there is none. */
static size_t character(const unsigned char *s, size_t left)
{
    unsigned char low = 0x80, high = 0xBF; /* bounds of the second byte */
    size_t size;
    if (s[0] < 0x80) return s[0] != 0;
    if (s[0] >= 0xC2 && s[0] <= 0xDF) size = 2;
    else if (s[0] >= 0xE0 && s[0] <= 0xEF) size = 3;
    else if (s[0] >= 0xF0 && s[0] <= 0xF4) size = 4;
    else return 0;
    if (s[0] == 0xE0) low = 0xA0;  /* below: overlong */
    if (s[0] == 0xED) high = 0x9F; /* above: surrogates */
    if (s[0] == 0xF0) low = 0x90;
    if (s[0] == 0xF4) high = 0x8F; /* above: past U+10FFFF */
    if (left < size || s[1] < low || s[1] > high) return 0;
    for (size_t i = 2; i < size; i++)
        if (s[i] < 0x80 || s[i] > 0xBF) return 0;
    return size;
}

size_t kedge_utf8_span(const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length) {
        size_t size = character((const unsigned char *)bytes + at, length - at);
        if (size == 0) break;
        at += size;
    }
    return at;
}

size_t kedge_utf8_mark(const char *bytes, size_t length)
{
    return length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

void kedge_utf8_place(const char *bytes, size_t offset, int *line, int *column)
{
    size_t start = 0;
    *line = 1;
    for (size_t i = 0; i < offset; i++) {
        if (bytes[i] != '\n') continue;
        (*line)++;
        start = i + 1;
    }
    *column = (int)(offset - start) + 1;
}

bool kedge_utf8_check(const char *name, const char *bytes, size_t length, kedge_errors *errors)
{
    size_t good = kedge_utf8_span(bytes, length);
    if (good == length) return true;
    int line, column;
    kedge_utf8_place(bytes, good, &line, &column);
    if (bytes[good] == '\0')
        kedge_errors_add(errors, KEDGE_EFORMAT, "%s:%d:%d: a 0 byte; a text file has none", name, line, column);
    else
        kedge_errors_add(errors, KEDGE_EFORMAT, "%s:%d:%d: byte 0x%02x is not UTF-8; save the file as UTF-8", name,
                         line, column, (unsigned)(unsigned char)bytes[good]);
    return false;
}

kedge_clip kedge_clip_text(const char *text)
{
    enum { SHOWN = 60 };
    kedge_clip clip = {{0}};
    size_t length = strnlen(text, SHOWN + 1);
    bool cut = length > SHOWN;
    if (cut) length = kedge_utf8_span(text, SHOWN - 3);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        clip.text[i] = c < 0x20 || c == 0x7F ? '?' : text[i];
    }
    if (cut) memcpy(clip.text + length, "...", 4);
    return clip;
}
