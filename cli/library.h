/* library.h - what most commands begin with: a context, a recipe, a model. */
#ifndef CLI_LIBRARY_H
#define CLI_LIBRARY_H

#include "kedge/kedge.h"
#include "options.h"

typedef struct cli_context_options {
    const char *kernels; /* NULL: the best */
    long long threads;   /* 0: one per core */
    struct cli_progress *progress; /* a bar that log lines must not run into; may be NULL */
} cli_context_options;

/* A context whose log goes to standard error; 'options' may be NULL. CLI_OK, or another exit status after a message:
 * kernels that this build does not have are a mistake of the command line. */
int cli_context_open(kedge_context **context, const cli_command *command, const cli_context_options *options);

/* The recipe with the assignments of --set. CLI_OK, or another exit status after a message. */
int cli_recipe_open(kedge_recipe **recipe, kedge_context *context, const cli_command *command, const char *path,
                    const cli_texts *set);

/* Prints what a library function returned as (status, text), and frees the text. CLI_OK or CLI_FAILED. */
int cli_print_text(kedge_context *context, kedge_status status, char *text);

/* Prints a table in one of its formats and frees it. CLI_OK or CLI_FAILED. */
int cli_print_table(kedge_context *context, kedge_table *table, const char *format);

/* A question to a store: what it answers into *table. */
typedef kedge_status (*cli_question)(kedge_table **table, kedge_store *store, const void *payload);

/* Opens the store, asks, prints the answer. CLI_OK, or another exit status after a message. */
int cli_store_ask(const cli_command *command, const char *path, const char *format, cli_question ask,
                  const void *payload);

#endif
