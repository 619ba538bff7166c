/* models.h - the model file that an argument means: itself, or a seed of a run directory. */
#ifndef CLI_MODELS_H
#define CLI_MODELS_H

#include <limits.h>

#include "library.h"

typedef struct cli_model_file {
    char path[PATH_MAX];
    bool searched;        /* for the best seed of a directory */
    kedge_best_seed best; /* if so */
} cli_model_file;

/* 'from' itself if it is no directory, else the model of a seed in it; seed -1: its lowest. CLI_OK, or another exit
 * status after a message, which says what seeds there are. */
int cli_model_find(cli_model_file *file, const cli_command *command, const char *from, long long seed);

/* The same, but seed -1 is the best by the scored plan of 'recipe' (NULL: the directory's own). */
int cli_model_find_best(cli_model_file *file, kedge_context *context, const cli_command *command, const char *from,
                        long long seed, const kedge_recipe *recipe);

/* Says which seed was taken, if it was searched for; 'from' is what was searched. */
void cli_model_say(const cli_model_file *file, const char *from);

/* CLI_OK where 'path' is no directory; else a message that names a model in it, and CLI_FAILED. */
int cli_model_check_file(const char *path);

#endif
