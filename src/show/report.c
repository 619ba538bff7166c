/* report.c - a page as a file. */
#include "kedge/report.h"

#include "base/file.h"
#include "show/page.h"

kedge_status kedge_report(kedge_context *context, const char *const *inputs, int n_inputs,
                          const kedge_report_options *options, const char *path)
{
    static const kedge_report_options none = KEDGE_REPORT_OPTIONS_INIT;
    if (!options) options = &none;
    kedge_page_options page = {
        .inputs = inputs,
        .n_inputs = n_inputs,
        .seeds = options->seeds,
        .n_seeds = options->n_seeds,
        .plans = options->n_plans > 0 ? options->plans : NULL,
        .n_plans = options->n_plans,
        .title = options->title,
        .figures = !options->no_figures,
    };
    kedge_text json, html;
    kedge_text_init(&json, context);
    kedge_text_init(&html, context);
    kedge_status status = kedge_page_of_run(context, &page, &json);
    if (!status) status = kedge_page_write(context, &json, &html);
    if (!status) status = kedge_file_write(context, path, kedge_text_string(&html), html.length);
    kedge_text_release(&html);
    kedge_text_release(&json);
    return status;
}
