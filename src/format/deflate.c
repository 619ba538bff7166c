/* deflate.c - bytes in fewer, by zlib. */
#include "format/deflate.h"

#include <limits.h>
#define ZLIB_CONST /* it does not change its input, and says so */
#include <zlib.h>

#include "base/error.h"

static void *get(void *ctx, unsigned n, unsigned size)
{
    return kedge_alloc(ctx, n, size);
}

static void put(void *ctx, void *block)
{
    kedge_release(ctx, block);
}

kedge_status kedge_deflate(kedge_text *out, const void *bytes, size_t length)
{
    unsigned char buffer[16384];
    z_stream stream = {.zalloc = get, .zfree = put, .opaque = out->ctx};
    const unsigned char *in = bytes;
    if (deflateInit(&stream, Z_DEFAULT_COMPRESSION) != Z_OK) return kedge_fail_memory("a compressed text");
    int state = Z_OK;
    while (state != Z_STREAM_END) {
        if (stream.avail_in == 0 && length > 0) { /* its counters may be narrower than ours */
            stream.next_in = in;
            stream.avail_in = length < UINT_MAX ? (unsigned)length : UINT_MAX;
            in += stream.avail_in;
            length -= stream.avail_in;
        }
        stream.next_out = buffer;
        stream.avail_out = sizeof buffer;
        state = deflate(&stream, length == 0 ? Z_FINISH : Z_NO_FLUSH);
        kedge_text_add_bytes(out, buffer, sizeof buffer - stream.avail_out);
    }
    deflateEnd(&stream);
    return kedge_text_status(out, "a compressed text");
}
