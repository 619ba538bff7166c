/* json.c - texts as JSON. */
#include "json.h"

#include <stdio.h>

void cli_json_text(const char *text)
{
    putchar('"');
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if (*at == '"' || *at == '\\') printf("\\%c", *at);
        else if (*at == '\n') fputs("\\n", stdout);
        else if (*at < 0x20 || *at == 0x7f) printf("\\u%04x", *at);
        else putchar(*at);
    }
    putchar('"');
}
