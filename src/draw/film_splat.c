/* film_splat.c - many discs in the panels of a video. */
#include "draw/film_splat.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "draw/points.h"

enum { PLACES = 8 }; /* a pixel to each side: slow points seem to creep, not to jump */
enum { LANES = 8 };  /* rows of sprites are so many numbers or a multiple, which is what compilers vectorize */

static double light_of(double srgb)
{
    return srgb <= 0.04045 ? srgb / 12.92 : pow((srgb + 0.055) / 1.055, 2.4);
}

static double srgb_of(double light)
{
    return light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055;
}

static void draw_sprite(const kedge_splat *self, double x, double y, double inner, uint16_t *rim, uint16_t *fill)
{
    for (int row = 0; row < self->high; row++)
        for (int column = 0; column < self->wide; column++) {
            double away = hypot(column + 0.5 - x, row + 0.5 - y);
            double whole = kedge_disc_coverage(self->reach - away), inside = kedge_disc_coverage(inner - away);
            *rim++ = (uint16_t)(65535 * (whole - inside) + 0.5);
            *fill++ = (uint16_t)(65535 * inside + 0.5);
        }
}

static void draw_sprites(kedge_splat *self, double inner)
{
    size_t size = (size_t)self->wide * (size_t)self->high;
    for (int i = 0; i < PLACES * PLACES; i++) {
        double x = self->middle + (double)(i % PLACES) / PLACES, y = self->middle + (double)(i / PLACES) / PLACES;
        draw_sprite(self, x, y, inner, self->rim + (size_t)i * size, self->fill + (size_t)i * size);
    }
}

static void fill_tables(kedge_splat *self)
{
    for (int i = 0; i < 256; i++) self->decode[i] = (uint16_t)(KEDGE_LIGHT * light_of(i / 255.0) + 0.5);
    for (int i = 0; i <= KEDGE_LIGHT; i++)
        self->encode[i] = (uint8_t)(255 * srgb_of((double)i / KEDGE_LIGHT) + 0.5);
}

static size_t plane_of(const kedge_splat *self)
{
    return (size_t)self->rows * (size_t)self->stride;
}

kedge_status kedge_splat_init(kedge_splat *self, kedge_context *ctx, int width, int height, int n_grounds,
                              double inner, double outer)
{
    *self = (kedge_splat){.ctx = ctx, .width = width, .height = height, .n_grounds = n_grounds, .reach = outer};
    self->middle = (int)ceil(outer + 0.5);
    self->high = 2 * self->middle + 1;
    self->wide = (self->high + LANES - 1) / LANES * LANES;
    self->margin = self->middle + self->wide;
    self->stride = (width + 2 * self->margin + LANES - 1) / LANES * LANES;
    self->rows = height + 2 * self->margin;
    size_t planes = 3 * plane_of(self), sprites = (size_t)(PLACES * PLACES) * (size_t)self->wide * (size_t)self->high;
    self->grounds = kedge_alloc_zero(ctx, (size_t)n_grounds * planes, sizeof *self->grounds);
    self->work = kedge_alloc(ctx, planes, sizeof *self->work);
    self->sum = kedge_alloc(ctx, planes, sizeof *self->sum);
    self->rim = kedge_alloc(ctx, sprites, sizeof *self->rim);
    self->fill = kedge_alloc(ctx, sprites, sizeof *self->fill);
    if (!self->grounds || !self->work || !self->sum || !self->rim || !self->fill) {
        kedge_splat_release(self);
        return kedge_fail_memory("the points of a video");
    }
    draw_sprites(self, inner);
    fill_tables(self);
    return KEDGE_OK;
}

void kedge_splat_release(kedge_splat *self)
{
    if (!self->ctx) return;
    kedge_release(self->ctx, self->grounds);
    kedge_release(self->ctx, self->work);
    kedge_release(self->ctx, self->sum);
    kedge_release(self->ctx, self->rim);
    kedge_release(self->ctx, self->fill);
    *self = (kedge_splat){0};
}

static uint16_t light(double channel)
{
    double clamped = channel < 0 ? 0 : channel > 1 ? 1 : channel;
    return (uint16_t)(KEDGE_LIGHT * light_of(clamped) + 0.5);
}

kedge_splat_ink kedge_splat_ink_of(kedge_ink rim, kedge_ink fill)
{
    return (kedge_splat_ink){.rim = {light(rim.r), light(rim.g), light(rim.b)},
                             .fill = {light(fill.r), light(fill.g), light(fill.b)}};
}

/* Where the panel's row begins in a plane. */
static size_t row_of(const kedge_splat *self, int y)
{
    return (size_t)(y + self->margin) * (size_t)self->stride + (size_t)self->margin;
}

void kedge_splat_take_ground(kedge_splat *self, int ground, const uint32_t *pixels, int stride)
{
    size_t plane = plane_of(self);
    uint16_t *to = self->grounds + (size_t)ground * 3 * plane;
    for (int y = 0; y < self->height; y++, pixels += stride)
        for (int x = 0; x < self->width; x++)
            for (int c = 0; c < 3; c++)
                to[(size_t)c * plane + row_of(self, y) + (size_t)x] = self->decode[pixels[x] >> (16 - 8 * c) & 255];
}

static void clear_work(kedge_splat *self)
{
    size_t planes = 3 * plane_of(self);
    memcpy(self->work, self->grounds + (size_t)self->ground * planes, planes * sizeof *self->work);
}

void kedge_splat_begin(kedge_splat *self, int ground, int subframes)
{
    self->ground = ground;
    self->subframes = subframes;
    self->done = 0;
    clear_work(self);
}

/* light x coverage, of 65535; GCC and Clang know this as one instruction on eight numbers. */
static inline uint16_t part(uint16_t light_, uint16_t covered)
{
    return (uint16_t)((uint32_t)light_ * covered >> 16);
}

static void blend(int n, const uint16_t *restrict rim, const uint16_t *restrict fill, uint16_t rim_light,
                  uint16_t fill_light, uint16_t *restrict to)
{
    for (int i = 0; i < n; i++) {
        uint16_t covered = (uint16_t)(rim[i] + fill[i]);
        to[i] = (uint16_t)(to[i] - part(to[i], covered) + part(rim_light, rim[i]) + part(fill_light, fill[i]));
    }
}

void kedge_splat_disc(kedge_splat *self, double x, double y, const kedge_splat_ink *ink)
{
    if (!(x > -self->reach && x < self->width + self->reach && y > -self->reach && y < self->height + self->reach))
        return;
    int column = (int)floor(x * PLACES + 0.5), row = (int)floor(y * PLACES + 0.5);
    int place = (row & (PLACES - 1)) * PLACES + (column & (PLACES - 1));
    size_t sprite = (size_t)place * (size_t)self->wide * (size_t)self->high, plane = plane_of(self);
    column = (column - (column & (PLACES - 1))) / PLACES, row = (row - (row & (PLACES - 1))) / PLACES;
    uint16_t *at = self->work + row_of(self, row - self->middle) + column - self->middle;
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < self->high; i++) {
            size_t line = sprite + (size_t)i * (size_t)self->wide;
            blend(self->wide, self->rim + line, self->fill + line, ink->rim[c], ink->fill[c],
                  at + (size_t)c * plane + (size_t)i * (size_t)self->stride);
        }
}

static void add(size_t n, const uint16_t *restrict from, uint16_t *restrict to)
{
    for (size_t i = 0; i < n; i++) to[i] = (uint16_t)(to[i] + from[i]);
}

void kedge_splat_next(kedge_splat *self)
{
    if (self->done++ == 0) {
        uint16_t *swap = self->sum;
        self->sum = self->work;
        self->work = swap;
    } else {
        add(3 * plane_of(self), self->work, self->sum);
    }
    if (self->done < self->subframes) clear_work(self);
}

void kedge_splat_put(const kedge_splat *self, uint32_t *pixels, int stride)
{
    size_t plane = plane_of(self);
    int shift = 0, half = self->subframes / 2;
    while (1 << shift < self->subframes) shift++;
    for (int y = 0; y < self->height; y++, pixels += stride) {
        const uint16_t *r = self->sum + row_of(self, y), *g = r + plane, *b = g + plane;
        for (int x = 0; x < self->width; x++)
            pixels[x] = (uint32_t)self->encode[(r[x] + half) >> shift] << 16 |
                        (uint32_t)self->encode[(g[x] + half) >> shift] << 8 | self->encode[(b[x] + half) >> shift];
    }
}
