/* json.h - texts as JSON. */
#ifndef CLI_JSON_H
#define CLI_JSON_H

/* Prints a text on standard output in quotes, with what JSON wants escaped. The text is UTF-8. */
void cli_json_text(const char *text);

#endif
