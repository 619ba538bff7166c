/* server_folder.h - the run directories in a folder, and in folders in it. */
#ifndef SERVE_SERVER_FOLDER_H
#define SERVE_SERVER_FOLDER_H

#include "base/arena.h"
#include "base/text.h"

enum {
    KEDGE_FOLDER_RUNS = 2000,    /* found at most */
    KEDGE_FOLDER_DEPTH = 4,      /* folders in folders */
    KEDGE_FOLDER_ENTRIES = 50000 /* looked at at most */
};

typedef struct kedge_folder_run {
    const char *name; /* as seen from the folder: "2.4/first" */
    const char *path;
    size_t n_seeds;   /* with a model */
} kedge_folder_run;

typedef struct kedge_folder {
    kedge_context *ctx;
    kedge_arena arena; /* holds the texts */
    kedge_folder_run *runs;
    size_t n, room, looked_at;
} kedge_folder;

/* Whether a folder is a run's: it has a recipe and at least one seed's model. */
bool kedge_folder_is_run(kedge_context *ctx, const char *path);

/* The runs in a folder, in the order of their names (numbers in them as numbers). What cannot be read is left out, and
 * so is what begins with a '.', and what is inside a run. KEDGE_ENOMEM. Release it also after an error. */
kedge_status kedge_folder_read(kedge_folder *folder, kedge_context *ctx, const char *path);
void kedge_folder_release(kedge_folder *folder);

/* The path of the run named so; NULL if it is not in the list. */
const char *kedge_folder_path(const kedge_folder *folder, const char *name);

/* Appends PageData of kind 'list': every run with its number of seeds and, where its summary has them, how many failed
 * and the medians of the others' score and reconstruction error; its link is "?run=" and its name. KEDGE_ENOMEM. */
kedge_status kedge_folder_list(const kedge_folder *folder, const char *title, kedge_text *json);

#endif
