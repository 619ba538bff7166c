/* png.c - pixels as a PNG file. */
#include "draw/png.h"

#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "draw/lettering.h"
#include "format/deflate.h"

static void add_big_endian(kedge_text *out, uint32_t word)
{
    const unsigned char bytes[4] = {(unsigned char)(word >> 24), (unsigned char)(word >> 16),
                                    (unsigned char)(word >> 8), (unsigned char)word};
    kedge_text_add_bytes(out, bytes, sizeof bytes);
}

/* The checksum of a chunk (CRC-32, ISO 3309), by a table of what each byte does to it. */
static uint32_t checksum(const unsigned char *bytes, size_t length)
{
    uint32_t table[256], sum = 0xffffffffu;
    for (uint32_t i = 0; i < 256; i++) {
        table[i] = i;
        for (int bit = 0; bit < 8; bit++) table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320u : 0);
    }
    for (size_t i = 0; i < length; i++) sum = sum >> 8 ^ table[(sum ^ bytes[i]) & 255];
    return ~sum;
}

/* A chunk begins with room for its length, which is known when it ends; returns where. */
static size_t begin_chunk(kedge_text *out, const char *type)
{
    size_t at = out->length;
    kedge_text_add_bytes(out, "\0\0\0\0", 4);
    kedge_text_add_bytes(out, type, 4);
    return at;
}

static void end_chunk(kedge_text *out, size_t at)
{
    if (out->broken) return;
    size_t length = out->length - at - 8;
    for (int i = 0; i < 4; i++) out->bytes[at + (size_t)i] = (char)(length >> 8 * (3 - i) & 255);
    add_big_endian(out, checksum((const unsigned char *)out->bytes + at + 4, length + 4));
}

/* Keyword, no compression, no language, UTF-8. */
static void add_text(kedge_text *out, const char *keyword, const char *content)
{
    if (!content || !content[0]) return;
    size_t at = begin_chunk(out, "iTXt");
    kedge_text_add_bytes(out, keyword, strlen(keyword) + 1);
    kedge_text_add_bytes(out, "\0\0\0\0", 4);
    kedge_lettering_clean(out, content);
    end_chunk(out, at);
}

static kedge_status add_pixels(kedge_text *out, int wide, int high, size_t stride, const unsigned char *pixels)
{
    size_t row = 1 + 3 * (size_t)wide; /* a filter byte, then r, g, b of each pixel */
    unsigned char *bytes = kedge_alloc(out->ctx, (size_t)high, row);
    if (!bytes) return kedge_fail_memory("a picture");
    for (int y = 0; y < high; y++) {
        unsigned char *to = bytes + (size_t)y * row;
        const unsigned char *from = pixels + (size_t)y * stride;
        *to++ = 0;
        for (int x = 0; x < wide; x++, from += 4) {
            uint32_t pixel;
            memcpy(&pixel, from, sizeof pixel);
            *to++ = (unsigned char)(pixel >> 16);
            *to++ = (unsigned char)(pixel >> 8);
            *to++ = (unsigned char)pixel;
        }
    }
    size_t at = begin_chunk(out, "IDAT");
    kedge_status status = kedge_deflate(out, bytes, (size_t)high * row);
    end_chunk(out, at);
    kedge_release(out->ctx, bytes);
    return status;
}

kedge_status kedge_png_add(kedge_text *out, int wide, int high, size_t stride, const unsigned char *pixels,
                           const char *title, const char *description)
{
    static const unsigned char magic[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    static const unsigned char form[5] = {8, 2, 0, 0, 0}; /* 8 bits, r g b; deflate, filters, not interlaced */
    kedge_text_add_bytes(out, magic, sizeof magic);
    size_t at = begin_chunk(out, "IHDR");
    add_big_endian(out, (uint32_t)wide);
    add_big_endian(out, (uint32_t)high);
    kedge_text_add_bytes(out, form, sizeof form);
    end_chunk(out, at);
    add_text(out, "Title", title);
    add_text(out, "Description", description);
    kedge_status status = add_pixels(out, wide, high, stride, pixels);
    if (status) return status;
    end_chunk(out, begin_chunk(out, "IEND"));
    return kedge_text_status(out, "a picture");
}
