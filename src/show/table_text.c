/* table_text.c - a table of colours as Markdown, CSV or LaTeX. */
#include "show/table_text.h"

#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/file.h"

/* One way to write a table. */
typedef struct writer {
    const char *suffix;
    void (*write)(kedge_text *out, const kedge_colour_table *table);
} writer;

static int channel(float value)
{
    return value <= 0 ? 0 : value >= 1 ? 255 : (int)(255 * (double)value + 0.5);
}

/* "ff0000" between other text. */
static void add_hex(kedge_text *out, const char *before, const float *rgb, const char *after)
{
    kedge_text_addf(out, "%s%02x%02x%02x%s", before, channel(rgb[0]), channel(rgb[1]), channel(rgb[2]), after);
}

/* The same as LaTeX wants it. */
static void add_swatch(kedge_text *out, const float *rgb)
{
    kedge_text_addf(out, "\\swatch{%02X%02X%02X} ", channel(rgb[0]), channel(rgb[1]), channel(rgb[2]));
}

/* ---- Markdown ---- */

static void add_markdown_text(kedge_text *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("|\\`*_<>[]#", *text)) kedge_text_add(out, "\\");
        kedge_text_add_bytes(out, *text == '\n' ? " " : text, 1);
    }
}

static void write_markdown(kedge_text *out, const kedge_colour_table *table)
{
    if (table->title) {
        add_markdown_text(out, table->title);
        kedge_text_add(out, table->subtitle ? ", " : "");
    }
    if (table->subtitle) add_markdown_text(out, table->subtitle);
    kedge_text_add(out, "\n\n| colour | in |");
    for (int c = 0; c < table->columns; c++) {
        kedge_text_add(out, " ");
        add_markdown_text(out, table->column[c].name);
        kedge_text_add(out, " | out |");
    }
    kedge_text_add(out, "\n|---|---|");
    for (int c = 0; c < table->columns; c++) kedge_text_add(out, "--:|---|");
    kedge_text_add(out, "\n");
    for (int r = 0; r < table->rows; r++) {
        kedge_text_add(out, "| ");
        add_markdown_text(out, table->names[r]);
        add_hex(out, " | `#", table->truth + 3 * (size_t)r, "` |");
        for (int c = 0; c < table->columns; c++) {
            kedge_text_add_real(out, " %.4f", table->column[c].errors[r]);
            add_hex(out, " | `#", table->column[c].shown + 3 * (size_t)r, "` |");
        }
        kedge_text_add(out, "\n");
    }
}

/* ---- CSV ---- */

static void add_csv_text(kedge_text *out, const char *text, const char *tail)
{
    bool quoted = strpbrk(text, ",\"\r\n") != NULL;
    if (quoted) kedge_text_add(out, "\"");
    for (; *text; text++) {
        if (*text == '"') kedge_text_add(out, "\"");
        kedge_text_add_bytes(out, text, 1);
    }
    kedge_text_add(out, tail);
    if (quoted) kedge_text_add(out, "\"");
}

static void write_csv(kedge_text *out, const kedge_colour_table *table)
{
    kedge_text_add(out, "colour,in");
    for (int c = 0; c < table->columns; c++) {
        kedge_text_add(out, ",");
        add_csv_text(out, table->column[c].name, "");
        kedge_text_add(out, ",");
        add_csv_text(out, table->column[c].name, "_out");
    }
    kedge_text_add(out, "\n");
    for (int r = 0; r < table->rows; r++) {
        add_csv_text(out, table->names[r], "");
        add_hex(out, ",", table->truth + 3 * (size_t)r, "");
        for (int c = 0; c < table->columns; c++) {
            kedge_text_add_real(out, ",%.9g", table->column[c].errors[r]);
            add_hex(out, ",", table->column[c].shown + 3 * (size_t)r, "");
        }
        kedge_text_add(out, "\n");
    }
}

/* ---- LaTeX ---- */

static void add_tex_text(kedge_text *out, const char *text)
{
    static const char *const replaced[][2] = {
        {"\\", "\\textbackslash{}"}, {"~", "\\textasciitilde{}"}, {"^", "\\textasciicircum{}"}, {"\n", " "}};
    for (; *text; text++) {
        const char *instead = NULL;
        for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++)
            if (*text == replaced[i][0][0]) instead = replaced[i][1];
        if (!instead && strchr("&%$#_{}", *text)) kedge_text_add(out, "\\");
        if (instead) kedge_text_add(out, instead);
        else kedge_text_add_bytes(out, text, 1);
    }
}

static void write_tex(kedge_text *out, const kedge_colour_table *table)
{
    kedge_text_add(out, "% \\usepackage{booktabs} \\usepackage[table]{xcolor}\n"
                        "\\providecommand{\\swatch}[1]{\\textcolor[HTML]{#1}{\\rule[-0.1em]{0.8em}{0.8em}}}\n"
                        "\\begin{tabular}{l");
    for (int c = 0; c < table->columns; c++) kedge_text_add(out, "r");
    kedge_text_add(out, "}\n\\toprule\ncolour");
    for (int c = 0; c < table->columns; c++) {
        kedge_text_add(out, " & ");
        add_tex_text(out, table->column[c].name);
    }
    kedge_text_add(out, " \\\\\n\\midrule\n");
    for (int r = 0; r < table->rows; r++) {
        add_swatch(out, table->truth + 3 * (size_t)r);
        add_tex_text(out, table->names[r]);
        for (int c = 0; c < table->columns; c++) {
            double error = table->column[c].errors[r];
            kedge_text_addf(out, " & \\cellcolor{orange!%.0f}", 60 * kedge_colour_table_shade(table, error));
            add_swatch(out, table->column[c].shown + 3 * (size_t)r);
            kedge_text_add_real(out, "%.4f", error);
        }
        kedge_text_add(out, " \\\\\n");
    }
    kedge_text_add(out, "\\bottomrule\n\\end{tabular}\n");
}

/* ---- files ---- */

static const writer writers[] = {{".md", write_markdown}, {".csv", write_csv}, {".tex", write_tex}};

static const writer *writer_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof writers / sizeof *writers; i++)
        if (strcasecmp(dot, writers[i].suffix) == 0) return &writers[i];
    return NULL;
}

bool kedge_table_is_text(const char *path)
{
    return writer_of(path) != NULL;
}

kedge_status kedge_table_write(kedge_context *ctx, const kedge_colour_table *table, const kedge_picture *to)
{
    kedge_text text;
    const writer *found = writer_of(to->path);
    if (!found) return kedge_fail(KEDGE_EINVALID, "%s: not the name of a text; it ends in .md, .csv or .tex", to->path);
    kedge_text_init(&text, ctx);
    found->write(&text, table);
    kedge_status status = kedge_text_status(&text, "a table");
    if (!status && to->into) {
        kedge_text_add_bytes(to->into, kedge_text_string(&text), text.length);
        status = kedge_text_status(to->into, "a table");
    } else if (!status) {
        status = kedge_file_write(ctx, to->path, kedge_text_string(&text), text.length);
    }
    kedge_text_release(&text);
    return status;
}
