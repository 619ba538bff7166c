/* snippet.h - a user's own text, short and harmless enough to stand in a message. */
#ifndef DATA_SNIPPET_H
#define DATA_SNIPPET_H

typedef struct kedge_snippet {
    char text[128];
} kedge_snippet;

/* The first 'max' bytes of 'text' at most (max <= 120), cut between UTF-8 characters, '...' where something was cut,
 * control characters as spaces. Passed by value: kedge_snip(cell, 40).text lives to the end of the statement. */
kedge_snippet kedge_snip(const char *text, int max);

#endif
