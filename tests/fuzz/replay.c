/* replay.c - runs a fuzz target once over each file of the folders named on the command line, so that corpora are
 * ordinary tests with any compiler. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct stat info;
    uint8_t *data = NULL;
    size_t size = 0;
    int good = 0;
    if (!file || fstat(fileno(file), &info) != 0) goto done;
    size = (size_t)info.st_size;
    data = malloc(size ? size : 1); /* of just this size: a read past the end meets the sanitizer */
    good = data && fread(data, 1, size, file) == size;
    if (good) LLVMFuzzerTestOneInput(data, size);
done:
    free(data);
    if (file) fclose(file);
    if (!good) fprintf(stderr, "%s: cannot be read\n", path);
    return good;
}

/* Returns the number of files that were run, or -1. */
static int replay_folder(const char *folder)
{
    DIR *entries = opendir(folder);
    int count = 0;
    if (!entries) return -1;
    for (struct dirent *entry; count >= 0 && (entry = readdir(entries)) != NULL;) {
        char path[4096];
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        count = replay_file(path) ? count + 1 : -1;
    }
    closedir(entries);
    return count;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (replay_folder(argv[i]) <= 0) {
            fprintf(stderr, "%s: no corpus that could be replayed\n", argv[i]);
            return 1;
        }
    }
    return argc > 1 ? 0 : 1;
}
