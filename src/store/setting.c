/* setting.c - settings as canonical JSON. */
#include "store/setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "format/number.h"

/* With as few digits as read back the same number. Whole numbers up to 2^53 have no exponent. */
static void add_number(kedge_text *text, double value)
{
    if (value == 0) { /* no -0 */
        kedge_text_add(text, "0");
        return;
    }
    if (value >= -0x1p53 && value <= 0x1p53 && value == (double)(long long)value) {
        kedge_text_addf(text, "%lld", (long long)value);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        char number[40], format[8];
        kedge_text one;
        double again;
        kedge_text_init(&one, text->ctx);
        snprintf(format, sizeof format, "%%.%dg", digits);
        kedge_text_add_real(&one, format, value);
        snprintf(number, sizeof number, "%s", kedge_text_string(&one));
        bool broken = one.broken;
        kedge_text_release(&one);
        if (broken) {
            text->broken = true;
            return;
        }
        if (digits == 17 || (kedge_number_real(number, &again) && again == value)) {
            kedge_text_add(text, number);
            return;
        }
    }
}

void kedge_json_add_text(kedge_text *text, const char *string)
{
    kedge_text_add(text, "\"");
    for (const char *c = string; *c; c++) {
        if (*c == '"' || *c == '\\') kedge_text_addf(text, "\\%c", *c);
        else if ((unsigned char)*c < 0x20) kedge_text_addf(text, "\\u%04x", (unsigned)*c);
        else kedge_text_add_bytes(text, c, 1);
    }
    kedge_text_add(text, "\"");
}

void kedge_setting_add_value(kedge_text *text, const char *value)
{
    double number;
    if (kedge_number_real(value, &number)) add_number(text, number);
    else if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0) kedge_text_add(text, value);
    else kedge_json_add_text(text, value);
}

static int by_path(const void *a, const void *b)
{
    return strcmp((*(const kedge_setting *const *)a)->path, (*(const kedge_setting *const *)b)->path);
}

kedge_status kedge_setting_json(kedge_text *text, const kedge_setting *settings, size_t n)
{
    const kedge_setting **sorted = kedge_alloc(text->ctx, n, sizeof *sorted);
    if (!sorted) return kedge_fail_memory("settings");
    for (size_t i = 0; i < n; i++) sorted[i] = &settings[i];
    qsort(sorted, n, sizeof *sorted, by_path);
    kedge_text_add(text, "{");
    for (size_t i = 0; i < n; i++) {
        if (i) kedge_text_add(text, ",");
        kedge_json_add_text(text, sorted[i]->path);
        kedge_text_add(text, ":");
        kedge_setting_add_value(text, sorted[i]->value);
    }
    kedge_text_add(text, "}");
    kedge_release(text->ctx, sorted);
    return kedge_text_status(text, "settings");
}
