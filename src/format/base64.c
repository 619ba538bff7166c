/* base64.c - bytes as text. */
#include "format/base64.h"

#include <stdint.h>
#include <string.h>

enum { GROUPS = 1024 }; /* of 3 bytes that are appended at a time */

static void encode_group(const unsigned char *in, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    out[0] = digits[in[0] >> 2];
    out[1] = digits[(in[0] & 3) << 4 | in[1] >> 4];
    out[2] = digits[(in[1] & 15) << 2 | in[2] >> 6];
    out[3] = digits[in[2] & 63];
}

void kedge_base64_add(kedge_text *text, const void *bytes, size_t length)
{
    const unsigned char *in = bytes;
    char out[4 * GROUPS];
    while (length > 0) {
        size_t n = 0;
        for (; n < sizeof out && length >= 3; n += 4, in += 3, length -= 3) encode_group(in, out + n);
        if (n < sizeof out && length > 0) { /* one or two are left: the rest of the group is marked as missing */
            unsigned char last[3] = {in[0], length > 1 ? in[1] : 0, 0};
            encode_group(last, out + n);
            if (length == 1) out[n + 2] = '=';
            out[n + 3] = '=';
            n += 4;
            length = 0;
        }
        kedge_text_add_bytes(text, out, n);
    }
}

void kedge_base64_add_floats(kedge_text *text, const float *values, size_t n)
{
    unsigned char bytes[3 * GROUPS * 4]; /* whole groups of 3 and whole floats of 4 */
    while (n > 0) {
        size_t count = n < sizeof bytes / 4 ? n : sizeof bytes / 4;
        for (size_t i = 0; i < count; i++) {
            uint32_t word;
            memcpy(&word, &values[i], sizeof word);
            for (int b = 0; b < 4; b++) bytes[4 * i + (size_t)b] = (unsigned char)(word >> 8 * b);
        }
        kedge_base64_add(text, bytes, 4 * count);
        values += count;
        n -= count;
    }
}
