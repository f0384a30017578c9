#include "base/crash.h"

#include "base/buf.h"
#include "base/mem.h"

#include "tests/unit/test.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef ARENA_DEBUG /* what a sanitizer would tell of first */

static const char canary[] = "plaintext-canary-9151";

static void touch_null(void)
{
    volatile int *volatile p = NULL;

    *p = 1;
}

static void touch_text(void)
{
    volatile int *volatile p;

    memcpy((void *)&p, canary, sizeof(p)); /* what a broken pointer was made of is not told */
    *p = 1;
}

static volatile char sink;
static __attribute__((noinline)) void deeper(int n)
{
    volatile char room[1024];

    room[0] = (char)n;
    if (sink != 1) /* never, which the compiler does not know */
        deeper(n + 1);
    sink = room[0] & 2; /* so that the call is no jump */
}

static void *use_up(void *data UNUSED)
{
    crash_thread();
    deeper(0);
    return NULL;
}

static void use_up_a_stack(void)
{
    pthread_t t;

    pthread_create(&t, NULL, use_up, NULL);
    pthread_join(t, NULL);
}

#endif

static void give_up(void)
{
    abort();
}

static void sent(void)
{
    kill(getpid(), SIGBUS);
    pause();
}

/* What a child that does fn() says, and what it died of. */
static int report_of(void (*fn)(void), Buf *ret)
{
    const struct rlimit none = {0, 0};
    int fds[2], status;
    char piece[512];
    ssize_t n;
    pid_t pid;

    assert_ok(pipe(fds));
    pid = fork();
    if (pid == 0) {
        dup2(fds[1], STDERR_FILENO);
        (void)setrlimit(RLIMIT_CORE, &none);
        crash_setup("tester");
        fn();
        _exit(0);
    }
    close(fds[1]);
    while ((n = read(fds[0], piece, sizeof(piece))) > 0)
        buf_add(ret, piece, (size_t)n);
    close(fds[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    return WTERMSIG(status);
}

TEST(a_signal_that_kills_is_told_with_its_frames_and_kills)
{
    static const struct {
        void (*fn)(void);
        int sig;
        const char *says;
    } rows[] = {
#ifndef ARENA_DEBUG
        {touch_null, SIGSEGV, "tester: dies of SIGSEGV at a NULL pointer, thread test_crash\n"},
        {touch_text, SIGSEGV, "tester: dies of SIGSEGV"},
        {use_up_a_stack, SIGSEGV, "tester: dies of SIGSEGV, thread test_crash\n"},
#endif
        {give_up, SIGABRT, "tester: dies of SIGABRT, sent by process "},
        {sent, SIGBUS, "tester: dies of SIGBUS, sent by process "},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        AUTO_BUF text = BUF_INIT;

        assert_int_equal(report_of(rows[i].fn, &text), rows[i].sig);
        if (!str_starts(buf_str(&text), rows[i].says))
            fail_msg("row %zu: %s", i, buf_str(&text));
        assert_non_null(strstr(buf_str(&text), "test_crash+0x")); /* a frame of our own */
        assert_null(strstr(buf_str(&text), "canary"));
        assert_null(strstr(buf_str(&text), "69616c70")); /* nor as a number: "plai" */
    }
}
