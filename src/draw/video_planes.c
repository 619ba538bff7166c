/* video_planes.c - from pixels to the planes that codecs take. */
#include "draw/video_kind.h"

/* Parts of red, green and blue in 2^-16, for 255 as 1: BT.709's luma 0.2126 R + 0.7152 G + 0.0722 B on 219 steps, and
 * the differences (B - Y) / 1.8556 and (R - Y) / 1.5748 on 224. The parts of a difference add up to 0, so that grey has
 * none. */
enum { YR = 11966, YG = 40254, YB = 4064 };
enum { UR = -6596, UG = -22189, UB = 28785 };
enum { VR = 28784, VG = -26145, VB = -2639 };

static void luma(int width, const uint32_t *restrict from, uint8_t *restrict to)
{
    for (int x = 0; x < width; x++) {
        uint32_t pixel = from[x], r = pixel >> 16 & 255, g = pixel >> 8 & 255, b = pixel & 255;
        to[x] = (uint8_t)((YR * r + YG * g + YB * b + (16 << 16) + (1 << 15)) >> 16);
    }
}

/* Two rows to one: the even column counts twice, its neighbours once. Sums are of eight pixels' weight. */
static void chroma(int width, const uint32_t *restrict above, const uint32_t *restrict below, uint8_t *restrict u,
                   uint8_t *restrict v)
{
    for (int x = 0; x < width; x += 2) {
        int left = x > 0 ? x - 1 : 0;
        int32_t r = 0, g = 0, b = 0;
        const uint32_t six[6] = {above[left], above[x], above[x + 1], below[left], below[x], below[x + 1]};
        for (int i = 0; i < 6; i++) {
            int32_t weight = i % 3 == 1 ? 2 : 1;
            r += weight * (int32_t)(six[i] >> 16 & 255);
            g += weight * (int32_t)(six[i] >> 8 & 255);
            b += weight * (int32_t)(six[i] & 255);
        }
        u[x / 2] = (uint8_t)((UR * r + UG * g + UB * b + (128 << 19) + (1 << 18)) >> 19);
        v[x / 2] = (uint8_t)((VR * r + VG * g + VB * b + (128 << 19) + (1 << 18)) >> 19);
    }
}

void kedge_video_planes(int width, int height, const uint32_t *restrict pixels, uint8_t *const planes[3],
                        const int strides[3])
{
    for (int y = 0; y < height; y += 2) {
        const uint32_t *above = pixels + (size_t)y * (size_t)width, *below = above + width;
        uint8_t *to = planes[0] + (size_t)y * (size_t)strides[0];
        luma(width, above, to);
        luma(width, below, to + strides[0]);
        size_t row = (size_t)y / 2;
        chroma(width, above, below, planes[1] + row * (size_t)strides[1], planes[2] + row * (size_t)strides[2]);
    }
}
