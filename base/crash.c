/*
 * crash.c - everything behind on_signal() is async-signal-safe: no allocation, no stdio, no locks
 * but those of dladdr(), which reads the loader's list of modules. backtrace() loads a library at
 * its first call, so crash_setup() makes that call.
 */
#include "base/crash.h"

#include "base/slice.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { MAX_FRAMES = 64, STACK_BYTES = 64 * 1024, NULL_PAGE = 4096, NAME_BYTES = 16 };

static const struct Fatal {
    int sig;
    const char *name;
} fatal[] = {
    {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGABRT, "SIGABRT"},
    {SIGILL, "SIGILL"},   {SIGFPE, "SIGFPE"},
};

static const char *program_name = "";
static atomic_flag is_dying = ATOMIC_FLAG_INIT;
static pthread_key_t stack_key;

/* ---- the report: lines of bounded length, written at once ---- */

typedef struct Line {
    char text[512];
    size_t n;
} Line;

static void add(Line *l, const char *s)
{
    for (; *s && l->n < sizeof(l->text); s++)
        l->text[l->n++] = *s;
}

static void add_number(Line *l, uintptr_t v, unsigned base)
{
    char digits[2 * sizeof(v) + 8], *p = digits + sizeof(digits);

    *--p = '\0';
    do {
        *--p = "0123456789abcdef"[v % base];
        v /= base;
    } while (v > 0 && p > digits);
    add(l, p);
}

static void tell(Line *l)
{
    add(l, "\n");
    (void)!write(STDERR_FILENO, l->text, l->n); /* nowhere to report it */
    l->n = 0;
}

static void tell_signal(int sig, const siginfo_t *info)
{
    char thread[NAME_BYTES + 1] = "";
    Line l = {.n = 0};

    add(&l, program_name);
    add(&l, ": dies of ");
    for (size_t i = 0; i < ARRAY_LEN(fatal); i++)
        if (fatal[i].sig == sig)
            add(&l, fatal[i].name);
    if (info->si_code <= 0) { /* kill() and its kin */
        add(&l, ", sent by process ");
        add_number(&l, (uintptr_t)info->si_pid, 10);
    } else if (sig == SIGSEGV && (uintptr_t)info->si_addr < NULL_PAGE) {
        add(&l, " at a NULL pointer");
    }
    if (prctl(PR_GET_NAME, thread) == 0) {
        add(&l, ", thread ");
        add(&l, thread);
    }
    tell(&l);
}

/* What is in no module is no return address, but what a broken stack had there. */
static void tell_frame(size_t nth, void *at)
{
    Line l = {.n = 0};
    Dl_info in;

    add(&l, "  #");
    add_number(&l, nth, 10);
    add(&l, " ");
    if (dladdr(at, &in) != 0 && in.dli_fname) {
        add(&l, in.dli_fname);
        add(&l, "+0x");
        add_number(&l, (uintptr_t)at - (uintptr_t)in.dli_fbase, 16);
    } else {
        add(&l, "?");
    }
    tell(&l);
}

static void on_signal(int sig, siginfo_t *info, void *context UNUSED)
{
    void *frames[MAX_FRAMES];
    sigset_t set;
    int n;

    while (atomic_flag_test_and_set(&is_dying))
        pause(); /* another thread reports, and takes this one along */
    tell_signal(sig, info);
    n = backtrace(frames, MAX_FRAMES);
    for (int i = 0; i < n; i++)
        tell_frame((size_t)i, frames[i]);
    (void)signal(sig, SIG_DFL);
    (void)sigemptyset(&set);
    (void)sigaddset(&set, sig);
    (void)pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    (void)raise(sig);
}

/* ---- stacks apart ---- */

static void free_stack(void *p)
{
    const stack_t none = {.ss_flags = SS_DISABLE};

    (void)sigaltstack(&none, NULL);
    (void)munmap(p, STACK_BYTES);
}

static void make_key(void)
{
    BUG_ON(pthread_key_create(&stack_key, free_stack) != 0);
}

void crash_thread(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    stack_t own = {.ss_size = STACK_BYTES};

    pthread_once(&once, make_key);
    if (pthread_getspecific(stack_key))
        return;
    own.ss_sp = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (own.ss_sp == MAP_FAILED) /* it does without */
        return;
    (void)pthread_setspecific(stack_key, own.ss_sp);
    (void)sigaltstack(&own, NULL);
}

void crash_setup(const char *program)
{
    struct sigaction act = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    void *none[1];

    program_name = program;
    (void)backtrace(none, 1);
    crash_thread();
    sigemptyset(&act.sa_mask);
    for (size_t i = 0; i < ARRAY_LEN(fatal); i++)
        (void)sigaction(fatal[i].sig, &act, NULL);
}
