/* page_template.c - the page as it was built in, and the data put into it. */
#include <string.h>

#include "base/error.h"
#include "show/page.h"

/* Made from web/dist/page.html by scripts/embed.py. */
extern const char kedge_page_html[];
extern const size_t kedge_page_html_length;

kedge_status kedge_page_template(const char **html, size_t *length)
{
    *html = kedge_page_html;
    *length = kedge_page_html_length;
    return KEDGE_OK;
}

/* JSON may hold '<' in texts alone, where the escape means the same. */
static void add_escaped(kedge_text *html, const kedge_text *json)
{
    const char *at = kedge_text_string(json), *end = at + json->length;
    while (at < end) {
        const char *less = memchr(at, '<', (size_t)(end - at));
        size_t plain = (size_t)((less ? less : end) - at);
        kedge_text_add_bytes(html, at, plain);
        if (less) kedge_text_add(html, "\\u003c");
        at += plain + (less ? 1 : 0);
    }
}

kedge_status kedge_page_fill(const char *name, const char *page, size_t length, const kedge_text *json,
                             kedge_text *html)
{
    static const char marker[] = "<script type=\"application/json\" id=\"kedge-data\">null</script>";
    const size_t size = sizeof marker - 1, tail = sizeof "null</script>" - 1;
    const char *at = memmem(page, length, marker, size);
    if (!at) return kedge_fail(KEDGE_EFORMAT, "%s: has no place for data; must have one element '%s'", name, marker);
    size_t before = (size_t)(at - page) + size - tail, after = before + sizeof "null" - 1;
    if (memmem(page + after, length - after, marker, size))
        return kedge_fail(KEDGE_EFORMAT, "%s: has two places for data; must have one element '%s'", name, marker);
    kedge_text_add_bytes(html, page, before);
    add_escaped(html, json);
    kedge_text_add_bytes(html, page + after, length - after);
    return kedge_text_status(html, "a page");
}

kedge_status kedge_page_write(kedge_context *ctx, const kedge_text *json, kedge_text *html)
{
    const char *page = NULL;
    size_t length = 0;
    (void)ctx;
    kedge_status status = kedge_page_template(&page, &length);
    return status ? status : kedge_page_fill("web/dist/page.html", page, length, json, html);
}
