/* nearest.c - what a mistyped word was probably meant to be. */
#include "nearest.h"

#include <string.h>

enum { LONGEST = 48 }; /* what is longer is no slip of a short name */

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* How many letters to insert, remove, replace or swap with their neighbour. */
static int distance(const char *a, const char *b)
{
    int cost[LONGEST + 1][LONGEST + 1];
    int n = (int)strlen(a), m = (int)strlen(b);
    if (n > LONGEST || m > LONGEST) return LONGEST;
    for (int i = 0; i <= n; i++) cost[i][0] = i;
    for (int j = 0; j <= m; j++) cost[0][j] = j;
    for (int i = 1; i <= n; i++) {
        for (int j = 1; j <= m; j++) {
            int change = cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            cost[i][j] = least(change, 1 + least(cost[i - 1][j], cost[i][j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost[i][j] = least(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[n][m];
}

void cli_nearest_begin(cli_nearest *self, const char *word)
{
    *self = (cli_nearest){.word = word, .limit = 1 + (int)strlen(word) / 3};
}

void cli_nearest_offer(cli_nearest *self, const char *candidate)
{
    int letters = distance(self->word, candidate);
    if (letters > self->limit) return;
    self->best = candidate;
    self->limit = letters - 1; /* of two equally near ones the first */
}
