/* compare_pictures.c - how far two PNG files are from each other to the eye: prints the mean and the largest difference
 * of what is left of them on a grid of 40 x 40, channels in [0, 1], and the larger ratio of their sides. */
#include <cairo.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { GRID = 40 };

typedef struct picture {
    int wide, high;
    double cells[GRID][GRID][3];
} picture;

/* Each pixel counts for the cell that its middle is in. */
static int read_picture(picture *p, const char *path)
{
    int counts[GRID][GRID] = {{0}};
    memset(p, 0, sizeof *p);
    cairo_surface_t *image = cairo_image_surface_create_from_png(path);
    if (cairo_surface_status(image) != CAIRO_STATUS_SUCCESS) {
        fprintf(stderr, "%s: %s\n", path, cairo_status_to_string(cairo_surface_status(image)));
        cairo_surface_destroy(image);
        return 0;
    }
    p->wide = cairo_image_surface_get_width(image), p->high = cairo_image_surface_get_height(image);
    const unsigned char *pixels = cairo_image_surface_get_data(image);
    size_t stride = (size_t)cairo_image_surface_get_stride(image);
    for (int y = 0; y < p->high; y++)
        for (int x = 0; x < p->wide; x++) {
            uint32_t pixel;
            int row = (int)((long long)y * GRID / p->high), column = (int)((long long)x * GRID / p->wide);
            memcpy(&pixel, pixels + (size_t)y * stride + 4 * (size_t)x, sizeof pixel);
            for (int c = 0; c < 3; c++) p->cells[row][column][c] += (pixel >> 8 * c & 255) / 255.0;
            counts[row][column]++;
        }
    for (int i = 0; i < GRID * GRID; i++)
        for (int c = 0; c < 3; c++) p->cells[i / GRID][i % GRID][c] /= fmax(1, counts[i / GRID][i % GRID]);
    cairo_surface_destroy(image);
    return 1;
}

int main(int argc, char **argv)
{
    static picture a, b;
    double sum = 0, most = 0;
    if (argc != 3) {
        fprintf(stderr, "usage: compare_pictures A.png B.png\n");
        return 2;
    }
    if (!read_picture(&a, argv[1]) || !read_picture(&b, argv[2])) return 1;
    for (int i = 0; i < GRID * GRID; i++)
        for (int c = 0; c < 3; c++) {
            double away = fabs(a.cells[i / GRID][i % GRID][c] - b.cells[i / GRID][i % GRID][c]);
            sum += away;
            most = fmax(most, away);
        }
    double wide = (double)a.wide / b.wide, high = (double)a.high / b.high;
    printf("%.5f %.5f %.4f\n", sum / (3 * GRID * GRID), most, fmax(fmax(wide, 1 / wide), fmax(high, 1 / high)));
    return 0;
}
