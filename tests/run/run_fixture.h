/* run_fixture.h - runs of a small recipe into folders of their own, and what then lies there. */
#ifndef RUN_RUN_FIXTURE_H
#define RUN_RUN_FIXTURE_H

#include "recipe_fixture.h"

#include <dirent.h>

#include "kedge/run.h"

/* A path inside the test's folder. One of a few buffers: three paths may be in use at a time. */
static inline const char *in_folder(const fixture *f, const char *name)
{
    static char paths[4][256];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%.150s", f->folder, name);
    return path;
}

/* The small recipe as it is: 101 steps, seeds 0 and 1. */
static inline void load_good(fixture *f, const char *more)
{
    if (load(f, -1, NULL, more, NULL)) fail_msg("%s", kedge_error());
}

/* With a sheet of 'rows' instead. */
static inline void load_sheet(fixture *f, const char *rows, const char *more)
{
    put(f, "schedule.csv", rows);
    load_good(f, more);
}

/* At step 5 the learning rate jumps to where the weights overflow. */
static const char exploding[] =
    "STEP,PHASE,ACTION,lr:linear:step,separate,anchor\n0,,,0.01,0.1,0.1\n5,,,1e30,,\n20,,,1e30,,\n";

static inline kedge_status run(const fixture *f, kedge_run_options options, kedge_summary **summary)
{
    char directory[256] = "";
    if (options.directory) {
        snprintf(directory, sizeof directory, "%s", in_folder(f, options.directory));
        options.directory = directory;
    }
    return kedge_run(summary, f->ctx, f->loaded, &options);
}

/* A run that must succeed; its summary is not looked at. */
static inline void run_into(const fixture *f, const char *directory, int record)
{
    kedge_summary *summary = NULL;
    if (run(f, (kedge_run_options){.directory = directory, .record = record}, &summary)) fail_msg("%s", kedge_error());
    kedge_summary_free(summary);
}

/* ---- what lies there ---- */

static inline int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* Adds what is under 'path'; lines begin after its first 'skip' bytes. */
static inline void add_listing(char *path, size_t skip, char *text)
{
    struct dirent **entries;
    size_t length = strlen(path);
    int n = scandir(path, &entries, NULL, by_name);
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
            strcat(strcat(path, "/"), name);
            bool directory = kedge_is_directory(path);
            strcat(strcat(strcat(text, path + skip), directory ? "/" : ""), "\n");
            if (directory) add_listing(path, skip, text);
            path[length] = '\0';
        }
        free(entries[i]);
    }
    if (n >= 0) free(entries);
}

/* All that is under a folder, one path a line, sorted; folders end in '/'. */
static inline const char *listing(const fixture *f, const char *directory)
{
    static char text[16384];
    char path[4096];
    snprintf(path, sizeof path, "%s%s%s", f->folder, directory[0] ? "/" : "", directory);
    text[0] = '\0';
    add_listing(path, strlen(path) + 1, text);
    return text;
}

/* A file's bytes and a 0, in a block that the test frees; fails where there is no file. */
static inline char *bytes_of(const fixture *f, const char *name, size_t *length)
{
    char *bytes, *copy;
    if (kedge_file_read(f->ctx, in_folder(f, name), 1 << 24, &bytes, length)) fail_msg("%s", kedge_error());
    copy = malloc(*length + 1);
    assert_non_null(copy);
    memcpy(copy, bytes, *length + 1);
    kedge_free(f->ctx, bytes);
    return copy;
}

static inline bool same_file(const fixture *f, const char *a, const char *b)
{
    size_t m, n;
    char *left = bytes_of(f, a, &m), *right = bytes_of(f, b, &n);
    bool same = m == n && memcmp(left, right, n) == 0;
    free(left);
    free(right);
    return same;
}

/* The same files with the same bytes, but for timing.json. */
static inline void assert_same_tree(const fixture *f, const char *a, const char *b)
{
    char files[16384];
    snprintf(files, sizeof files, "%s", listing(f, a));
    assert_string_equal(files, listing(f, b));
    for (char *line = files, *end; (end = strchr(line, '\n')); line = end + 1) {
        char left[256], right[256];
        *end = '\0';
        if (end[-1] == '/' || strcmp(line, "timing.json") == 0) continue;
        snprintf(left, sizeof left, "%.64s/%.128s", a, line);
        snprintf(right, sizeof right, "%.64s/%.128s", b, line);
        if (!same_file(f, left, right)) fail_msg("'%s' and '%s' differ", left, right);
    }
}

static inline void assert_no_temporary_files(const fixture *f, const char *directory)
{
    assert_null(strstr(listing(f, directory), ".tmp-"));
}

static inline void remove_file(const fixture *f, const char *name)
{
    assert_int_equal(unlink(in_folder(f, name)), 0);
}

#endif
