/* progress.c - a bar on a terminal. */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "message.h"

enum { BAR_MAX = 40, BAR_MIN = 5 };
#define BETWEEN_DRAWS 0.1

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* 0.4 s, 12 s, 3 min 05 s, 2 h 10 min. */
static void print_time(char *text, size_t size, double seconds)
{
    if (seconds < 9.95) {
        snprintf(text, size, "%.1f s", seconds);
        return;
    }
    long long whole = seconds < 1e15 ? (long long)(seconds + 0.5) : 0;
    if (whole < 60) snprintf(text, size, "%lld s", whole);
    else if (whole < 3600) snprintf(text, size, "%lld min %02lld s", whole / 60, whole % 60);
    else snprintf(text, size, "%lld h %02lld min", whole / 3600, whole / 60 % 60);
}

static void print_rate(char *text, size_t size, double rate, const char *thing)
{
    if (rate >= 10) snprintf(text, size, "%.0f %ss/s", rate, thing);
    else if (rate >= 0.1) snprintf(text, size, "%.1f %ss/s", rate, thing);
    else snprintf(text, size, "%.1f %ss/min", 60 * rate, thing);
}

static int columns(void)
{
    struct winsize window;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 ? window.ws_col : 80;
}

static void draw(const cli_progress *self, double time)
{
    char count[64], rest[96] = "", rate[32], left[32], bar[BAR_MAX + 3] = "";
    double done = (double)(self->done - self->before), seconds = time - self->began;
    snprintf(count, sizeof count, "%lld/%lld ", self->done, self->total);
    if (done > 0 && seconds > 0) {
        print_rate(rate, sizeof rate, done / seconds, self->thing);
        print_time(left, sizeof left, (double)(self->total - self->done) * seconds / done);
        snprintf(rest, sizeof rest, " %s, %s left", rate, left);
    }
    int room = columns() - 1 - (int)strlen(count) - 2 - 32; /* the rest changes its length; the bar must not */
    int wide = room > BAR_MAX ? BAR_MAX : room;
    if (wide >= BAR_MIN && self->total > 0 && self->done <= self->total) {
        int full = (int)((double)wide * (double)self->done / (double)self->total);
        bar[0] = '[';
        memset(bar + 1, '#', (size_t)full);
        memset(bar + 1 + full, '.', (size_t)(wide - full));
        memcpy(bar + 1 + wide, "]", 2);
    }
    char line[256];
    snprintf(line, sizeof line, "%s%s%s", count, bar, rest);
    fprintf(stderr, "\r%.*s\033[K", columns() - 1, line);
}

void cli_progress_begin(cli_progress *self, long long total, bool quiet)
{
    cli_progress_begin_of(self, total, quiet, "seed", "trained");
}

void cli_progress_begin_of(cli_progress *self, long long total, bool quiet, const char *thing, const char *verb)
{
    *self = (cli_progress){
        .shown = !quiet && isatty(STDERR_FILENO), .total = total, .thing = thing, .verb = verb};
    self->began = self->drawn = now();
    if (self->shown) draw(self, self->began);
}

void cli_progress_update(long long done, long long total, void *payload)
{
    cli_progress *self = payload;
    self->done = done;
    self->total = total;
    double time = now();
    if (!self->shown || (time - self->drawn < BETWEEN_DRAWS && done < total)) return;
    self->drawn = time;
    draw(self, time);
}

void cli_progress_clear(const cli_progress *self)
{
    if (self->shown) fputs("\r\033[K", stderr);
}

void cli_progress_end(cli_progress *self, long long done)
{
    char seconds[32];
    if (!self->shown) return;
    cli_progress_clear(self);
    self->shown = false;
    print_time(seconds, sizeof seconds, now() - self->began);
    cli_say("%lld %s%s %s in %s", done, self->thing, done == 1 ? "" : "s", self->verb, seconds);
}
