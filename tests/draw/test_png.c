/* test_png.c - pixels come back from the file as they went in, and chunks are sound. */
#include "draw_test.h"

#include <stdint.h>

#include "draw/png.h"
#include "failing_alloc.h"

enum { WIDE = 7, HIGH = 5, STRIDE = 4 * (WIDE + 2) };

/* Pixels with gaps between the rows that must not be seen. */
static void fill(unsigned char pixels[HIGH * STRIDE])
{
    memset(pixels, 0xee, (size_t)HIGH * STRIDE);
    for (int y = 0; y < HIGH; y++)
        for (int x = 0; x < WIDE; x++) {
            uint32_t pixel = (uint32_t)(37 * x) << 16 | (uint32_t)(51 * y) << 8 | (uint32_t)(x * y);
            memcpy(pixels + y * STRIDE + 4 * x, &pixel, sizeof pixel);
        }
}

static cairo_status_t read_bytes(void *payload, unsigned char *data, unsigned length)
{
    const char **at = payload;
    memcpy(data, *at, length);
    *at += length;
    return CAIRO_STATUS_SUCCESS;
}

static void pixels_come_back(void **state)
{
    folder *f = *state;
    unsigned char pixels[HIGH * STRIDE];
    kedge_text out;
    fill(pixels);
    kedge_text_init(&out, f->ctx);
    assert_int_equal(kedge_png_add(&out, WIDE, HIGH, STRIDE, pixels, "title", "words"), KEDGE_OK);
    const char *at = out.bytes;
    cairo_surface_t *image = cairo_image_surface_create_from_png_stream(read_bytes, &at);
    assert_int_equal(cairo_surface_status(image), CAIRO_STATUS_SUCCESS);
    assert_int_equal(cairo_image_surface_get_width(image), WIDE);
    assert_int_equal(cairo_image_surface_get_height(image), HIGH);
    const unsigned char *back = cairo_image_surface_get_data(image);
    for (int y = 0; y < HIGH; y++)
        for (int x = 0; x < WIDE; x++) {
            uint32_t want, have;
            memcpy(&want, pixels + y * STRIDE + 4 * x, sizeof want);
            memcpy(&have, back + y * cairo_image_surface_get_stride(image) + 4 * x, sizeof have);
            assert_int_equal(have & 0xffffff, want);
        }
    cairo_surface_destroy(image);
    kedge_text_release(&out);
}

/* CRC-32 bit by bit from its polynomial. */
static uint32_t checksum(const unsigned char *bytes, size_t length)
{
    uint32_t sum = 0xffffffffu;
    for (size_t i = 0; i < length; i++) {
        sum ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) sum = sum >> 1 ^ (sum & 1 ? 0xedb88320u : 0);
    }
    return ~sum;
}

static uint32_t word_at(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void chunks_are_sound_and_in_order(void **state)
{
    static const char *const types[] = {"IHDR", "iTXt", "iTXt", "IDAT", "IEND"};
    folder *f = *state;
    unsigned char pixels[HIGH * STRIDE];
    kedge_text out;
    fill(pixels);
    kedge_text_init(&out, f->ctx);
    assert_int_equal(kedge_png_add(&out, WIDE, HIGH, STRIDE, pixels, "title", "words"), KEDGE_OK);
    const unsigned char *at = (const unsigned char *)out.bytes + 8;
    for (int i = 0; i < 5; i++) {
        uint32_t length = word_at(at);
        assert_memory_equal(at + 4, types[i], 4);
        assert_int_equal(word_at(at + 8 + length), checksum(at + 4, length + 4));
        at += 12 + length;
    }
    assert_ptr_equal(at, out.bytes + out.length);
    kedge_text_release(&out);
}

static void no_words_make_no_chunks(void **state)
{
    folder *f = *state;
    unsigned char pixels[HIGH * STRIDE];
    kedge_text out;
    fill(pixels);
    kedge_text_init(&out, f->ctx);
    assert_int_equal(kedge_png_add(&out, WIDE, HIGH, STRIDE, pixels, NULL, ""), KEDGE_OK);
    assert_null(memmem(out.bytes, out.length, "iTXt", 4));
    kedge_text_release(&out);
}

static void survives_any_lack_of_memory(void **state)
{
    (void)state;
    unsigned char pixels[HIGH * STRIDE];
    fill(pixels);
    for (size_t n = 1;; n++) {
        failing_alloc memory = {0};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        kedge_text out;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_text_init(&out, ctx);
        kedge_status status = kedge_png_add(&out, WIDE, HIGH, STRIDE, pixels, "title", "words");
        assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
        kedge_text_release(&out);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (!status) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_fresh_folder(pixels_come_back),
        in_fresh_folder(chunks_are_sound_and_in_order),
        in_fresh_folder(no_words_make_no_chunks),
        in_fresh_folder(survives_any_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
