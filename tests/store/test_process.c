/* processes: which this is, and whether another one still lives. */
#include "unit.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/process.h"

static void knows_itself(void **state)
{
    (void)state;
    kedge_process self, again;
    kedge_process_self(&self);
    kedge_process_self(&again);
    assert_int_equal(self.pid, getpid());
    assert_int_equal(self.started, again.started);
    assert_string_equal(self.host, again.host);
    assert_int_not_equal(self.host[0], '/'); /* the machine's name comes first */
}

static void lives_itself(void **state)
{
    (void)state;
    kedge_process self;
    kedge_process_self(&self);
    assert_true(kedge_process_lives(self.pid, self.started));
    assert_true(kedge_process_lives(self.pid, 0));
}

static void tells_a_number_used_again(void **state)
{
    (void)state;
    kedge_process self;
    kedge_process_self(&self);
    assert_false(kedge_process_lives(self.pid, self.started + 1));
}

/* A killed child is there, in a way, until its parent asks for it. */
static void knows_the_dead(void **state)
{
    (void)state;
    siginfo_t info;
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    assert_true(kedge_process_lives(child, 0));
    kill(child, SIGKILL);
    assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
    assert_false(kedge_process_lives(child, 0));
    waitpid(child, NULL, 0);
    assert_false(kedge_process_lives(child, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_itself),
        cmocka_unit_test(lives_itself),
        cmocka_unit_test(tells_a_number_used_again),
        cmocka_unit_test(knows_the_dead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
