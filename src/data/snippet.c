/* snippet.c - a user's own text, short and harmless enough to stand in a message. */
#include "data/snippet.h"

#include <string.h>

kedge_snippet kedge_snip(const char *text, int max)
{
    kedge_snippet out;
    size_t length = strlen(text), cut = length;
    if (length > (size_t)max) {
        cut = (size_t)max;
        while (cut > 0 && ((unsigned char)text[cut] & 0xc0) == 0x80) cut--;
    }
    for (size_t i = 0; i < cut; i++) {
        unsigned char c = (unsigned char)text[i];
        out.text[i] = c < ' ' || c == 0x7f ? ' ' : text[i];
    }
    strcpy(out.text + cut, cut < length ? "..." : "");
    return out;
}
