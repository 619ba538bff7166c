/* stack.c - charts one above the other with one x axis. */
#include "draw/stack.h"

#include <math.h>

#include "draw/page.h"

static const double PAGE = 520;        /* width where nothing is asked for */
static const double SPACE = 10;        /* between panels */
static const double RIGHT = 8;         /* beside panels without names there: half of the last number hangs out */
static const double ENDS_SHARE = 0.34; /* of the page's width that names at line ends may take */
static const double FRAME = 230;       /* what they must leave of it for the frames */
static const double TALLEST = 0.8;     /* height over width of a frame, at most */

/* The stack on its page. */
typedef struct sheet {
    const kedge_stack *stack;
    const kedge_theme *theme;
    kedge_canvas canvas;
    kedge_page page;
    double inner;              /* width between the margins */
    double left, right;        /* room beside the frames */
    double number_width;
    double names;              /* room over the first frame for phases and actions */
    double below;              /* under the last frame */
    bool ends;                 /* names at the ends of lines, in every panel that has such */
} sheet;

static double frame_width(const sheet *s)
{
    return s->inner - s->left - s->right;
}

static double frame_height(const sheet *s, int i)
{
    return fmin(s->stack->panels[i].height, TALLEST * frame_width(s));
}

/* Panel i at y; what is written at it. */
static kedge_axes axes_of(const sheet *s, cairo_t *cr, int i, double y, kedge_axes_labels *labels)
{
    const kedge_stack_panel *panel = &s->stack->panels[i];
    bool last = i == s->stack->n - 1;
    kedge_axes axes = {.cr = cr, .theme = s->theme, .x = kedge_page_margin + s->left, .y = y, .width = frame_width(s),
                       .height = frame_height(s, i), .across = s->stack->across, .up = panel->up,
                       .log_x = s->stack->log_x, .log_y = panel->log_y};
    kedge_axes_init(&axes);
    *labels = (kedge_axes_labels){.x = last ? s->stack->x : NULL, .y = panel->y, .x_numbers = last, .y_numbers = true,
                                  .number_width = s->number_width};
    return axes;
}

/* The panel's names at the right of 'axes', which have their places; false where they find none. 'placed' has room for
 * KEDGE_ENDS_MAX. */
static bool place_ends(const kedge_stack_panel *panel, const kedge_axes *axes, kedge_entry *placed)
{
    if (panel->n_entries > KEDGE_ENDS_MAX) return false;
    for (int i = 0; i < panel->n_entries; i++) {
        double end = kedge_axes_y(axes, panel->entries[i].end);
        placed[i] = panel->entries[i];
        placed[i].end = fmin(fmax(end, axes->y), axes->y + axes->height);
    }
    return kedge_ends_place(axes->theme, panel->n_entries, placed, axes->y, axes->y + axes->height);
}

static double legend_height(const sheet *s, cairo_t *cr, int i)
{
    const kedge_stack_panel *panel = &s->stack->panels[i];
    if (s->ends && panel->at_ends) return 0;
    return kedge_legend_height(cr, s->theme, panel->n_entries, panel->entries, frame_width(s));
}

/* Frames are as wide as the widest numbers and names of any panel leave. */
static void measure_sides(sheet *s, cairo_t *cr)
{
    kedge_axes_labels labels;
    double widest = 0;
    s->ends = true;
    for (int i = 0; i < s->stack->n; i++) {
        const kedge_stack_panel *panel = &s->stack->panels[i];
        if (panel->at_ends) widest = fmax(widest, kedge_ends_width(cr, s->theme, panel->n_entries, panel->entries));
        kedge_axes axes = axes_of(s, cr, i, 0, &labels);
        s->number_width = fmax(s->number_width, kedge_axes_number_width(&axes));
    }
    for (int i = 0; i < s->stack->n; i++) {
        kedge_axes axes = axes_of(s, cr, i, 0, &labels);
        s->left = fmax(s->left, kedge_axes_room_left(&axes, &labels));
        if (i == s->stack->n - 1) s->below = kedge_axes_room_below(&axes, &labels);
    }
    s->right = fmax(RIGHT, widest);
    s->ends = widest > 0 && widest <= ENDS_SHARE * s->inner && frame_width(s) >= FRAME;
    for (int i = 0; i < s->stack->n && s->ends; i++) {
        kedge_entry placed[KEDGE_ENDS_MAX];
        kedge_axes axes = axes_of(s, cr, i, 0, &labels);
        s->ends = !s->stack->panels[i].at_ends || place_ends(&s->stack->panels[i], &axes, placed);
    }
    if (!s->ends) s->right = RIGHT;
}

static bool has_names(const kedge_stack *stack, bool places)
{
    bool any = false;
    for (int i = 0; !places && i < stack->n_stretches; i++) any |= stack->stretches[i].text != NULL;
    for (int i = 0; places && i < stack->n_places; i++) any |= stack->places[i].text != NULL;
    return any;
}

/* Everything but the page's own texts; the height that the panels take. */
static double lay_out(sheet *s, const kedge_picture *to)
{
    cairo_t *cr = kedge_canvas_measure();
    double rows = kedge_chart_names_height(s->theme), height = 0;
    s->inner = (to->width > 0 ? to->width : PAGE) - 2 * kedge_page_margin;
    measure_sides(s, cr);
    s->names = (has_names(s->stack, false) ? rows : 0) + (has_names(s->stack, true) ? rows : 0);
    for (int i = 0; i < s->stack->n; i++) height += legend_height(s, cr, i) + frame_height(s, i) + (i > 0 ? SPACE : 0);
    kedge_page_fit(&s->page, cr, s->inner);
    cairo_destroy(cr);
    return s->names + height + s->below;
}

static void draw_names(const sheet *s, const kedge_axes *axes)
{
    const kedge_stack *stack = s->stack;
    double y = axes->y, row = kedge_chart_names_height(s->theme);
    if (has_names(stack, true)) {
        kedge_chart_place_names(axes, y, stack->n_places, stack->places);
        y -= row;
    }
    kedge_chart_stretch_names(axes, y, stack->n_stretches, stack->stretches);
}

static void draw_panel(const sheet *s, int i, double y)
{
    const kedge_stack_panel *panel = &s->stack->panels[i];
    kedge_axes_labels labels;
    kedge_entry placed[KEDGE_ENDS_MAX];
    kedge_axes axes = axes_of(s, s->canvas.cr, i, y, &labels);
    kedge_axes_draw_back(&axes);
    kedge_chart_stretches(&axes, s->stack->n_stretches, s->stack->stretches);
    kedge_axes_clip(&axes);
    kedge_chart_places(&axes, s->stack->n_places, s->stack->places);
    panel->draw(&axes, panel->data);
    kedge_axes_unclip(&axes);
    kedge_axes_draw_front(&axes, &labels);
    if (panel->draw_over) panel->draw_over(&axes, panel->data);
    if (i == 0) draw_names(s, &axes);
    if (s->ends && panel->at_ends && place_ends(panel, &axes, placed))
        kedge_ends_draw(axes.cr, s->theme, axes.x + axes.width, panel->n_entries, placed);
}

kedge_status kedge_draw_stack(kedge_context *ctx, const kedge_stack *stack, const kedge_picture *to)
{
    sheet s = {.stack = stack, .theme = kedge_theme_of(to->dark)};
    s.page = (kedge_page){.theme = s.theme, .title = stack->title, .subtitle = stack->subtitle, .note = stack->note};
    double height = lay_out(&s, to);
    kedge_canvas_options options = {
        .width = s.inner + 2 * kedge_page_margin, .height = s.page.above + height + s.page.below,
        .paper = s.theme->paper, .title = stack->title, .description = stack->description};
    kedge_status status = kedge_canvas_init(&s.canvas, ctx, to, &options);
    if (status) return status;
    kedge_page_draw(&s.page, s.canvas.cr, s.canvas.options.height);
    double y = s.page.above;
    for (int i = 0; i < stack->n; i++) {
        const kedge_stack_panel *panel = &stack->panels[i];
        double legend = legend_height(&s, s.canvas.cr, i);
        if (legend > 0)
            kedge_legend_draw(s.canvas.cr, s.theme, kedge_page_margin + s.left, y, frame_width(&s), panel->n_entries,
                              panel->entries);
        y += legend + (i == 0 ? s.names : 0);
        draw_panel(&s, i, y);
        y += frame_height(&s, i) + SPACE;
    }
    status = kedge_canvas_save(&s.canvas);
    kedge_canvas_release(&s.canvas);
    return status;
}
