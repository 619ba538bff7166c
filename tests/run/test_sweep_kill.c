/* test_sweep_kill.c - several processes sweep into one store, and are killed at any moment. KEDGE_KILLS in the
 * environment says how many times; scripts/torture sets it. */
#include "sweep_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

static const char *const over[] = {"optimizer.beta1=0.5,0.9"};
static const kedge_sweep_options wide = {.over = over, .n_over = 1, .seed_count = 60};

/* A process of its own that sweeps; contexts do not go over a fork. */
static pid_t start(const fixture *f, const char *store, int threads)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0) return child;
    kedge_context_options options = {.kernels = "ref", .threads = threads};
    kedge_context *ctx;
    kedge_sweep_report report;
    if (kedge_context_create(&ctx, &options)) _exit(2);
    if (kedge_sweep(&report, ctx, f->folder, in_folder(f, store), &wide)) {
        fprintf(stderr, "%s\n", kedge_error());
        _exit(1);
    }
    _exit(report.pending ? 3 : 0);
}

static void wait_for(pid_t child, bool killed)
{
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (killed && WIFSIGNALED(status)) return;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void sleep_for(double seconds)
{
    struct timespec time = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&time, NULL);
}

static double seconds_of_one(const fixture *f, const char *store)
{
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    wait_for(start(f, store, 1), false);
    clock_gettime(CLOCK_MONOTONIC, &b);
    return (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec);
}

static int kills(void)
{
    const char *text = getenv("KEDGE_KILLS");
    int n = text ? atoi(text) : 5;
    return n > 0 ? n : 1;
}

static void remove_store(const fixture *f, const char *name)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (int i = 0; i < 3; i++) {
        char path[64];
        snprintf(path, sizeof path, "%s%s", name, ends[i]);
        unlink(in_folder(f, path));
    }
}

/* Killed at moments all over a sweep, the store can be read each time, and what another makes of it is the same. */
static void killed_at_any_moment_it_goes_on(void **state)
{
    fixture *f = *state;
    write_steps(f, 400, "");
    double seconds = seconds_of_one(f, "whole");
    unsigned draw = (unsigned)time(NULL);
    for (int i = 0, n = kills(); i < n; i++) {
        remove_store(f, "s");
        pid_t child = start(f, "s", 1 + i % 3);
        sleep_for(seconds * 1.1 * rand_r(&draw) / RAND_MAX);
        kill(child, SIGKILL);
        wait_for(child, true);
        if (kedge_is_file(in_folder(f, "s")) && i % 2) { /* killed once more while it goes on */
            child = start(f, "s", 1);
            sleep_for(seconds * 0.5 * rand_r(&draw) / RAND_MAX);
            kill(child, SIGKILL);
            wait_for(child, true);
        }
        wait_for(start(f, "s", 2), false);
        assert_same_store(f, "s", "whole");
    }
}

/* Every run has been put in by one of the two, so both together have computed each once. */
static void two_processes_share_the_work(void **state)
{
    fixture *f = *state;
    write_steps(f, 400, "");
    wait_for(start(f, "whole", 1), false);
    pid_t a = start(f, "s", 1), b = start(f, "s", 1);
    wait_for(a, false);
    wait_for(b, false);
    assert_same_store(f, "s", "whole");
}

/* The one that lives waits for what the other has claimed, and does it when that one is gone. */
static void the_work_of_a_killed_process_is_taken_over(void **state)
{
    fixture *f = *state;
    write_steps(f, 400, "");
    double seconds = seconds_of_one(f, "whole");
    pid_t a = start(f, "s", 1), b = start(f, "s", 1);
    sleep_for(seconds / 4);
    kill(a, SIGKILL);
    wait_for(a, true);
    wait_for(b, false);
    assert_same_store(f, "s", "whole");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(killed_at_any_moment_it_goes_on),
        TEST(two_processes_share_the_work),
        TEST(the_work_of_a_killed_process_is_taken_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
