#include "base/fault.h"

#ifdef FAULTS

#include "base/log.h"
#include "base/mem.h"
#include "base/slice.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

typedef struct FaultPoint {
    const char *name;
    const char *what; /* what `fail` does there */
    bool is_armed;
    FaultAction action;
    int delay_ms, first, every;
    int n_passed, n_fired;
} FaultPoint;

static FaultPoint points[] = {
    {.name = "store.pq.connect", .what = "the connection cannot be made"},
    {.name = "store.pq.send", .what = "libpq does not take a statement"},
    {.name = "store.pq.recv", .what = "the connection breaks when something could be read"},
    {.name = "keys.file.before", .what = "nothing; before the file of keys is written anew"},
    {.name = "keys.file.written", .what = "nothing; the file of keys has been replaced"},
    {.name = "store.rewrap.picked", .what = "nothing; wrapped data keys were read"},
    {.name = "store.rewrap.wrapped", .what = "nothing; they are wrapped anew, not yet stored"},
    {.name = "store.rewrap.written", .what = "nothing; the new wrappings are stored"},
    {.name = "store.datakey.made", .what = "nothing; a new data key is wrapped, not yet stored"},
    {.name = "store.datakey.added", .what = "nothing; it is stored and written with by nobody"},
    {.name = "store.datakey.switched", .what = "nothing; it is the one that writes"},
    {.name = "store.reseal.picked", .what = "nothing; rows to be sealed anew were read"},
    {.name = "store.reseal.written", .what = "nothing; a piece of them is stored"},
    {.name = "store.reseal.finished", .what = "nothing; the older data keys are destroyed"},
    {.name = "store.commit.before", .what = "nothing; before a batch is written"},
    {.name = "store.commit.sent", .what = "nothing; COMMIT is on its way"},
    {.name = "store.commit.confirmed", .what = "nothing; committed, caches do not know it"},
    {.name = "store.commit.applied", .what = "nothing; caches know it, clients do not"},
    {.name = "store.feed.apply", .what = "fetched changes of another server are thrown away"},
    {.name = "store.load.apply", .what = "a cold load is thrown away and begins again"},
    /* Planted bugs, by which the history checker (tests/history) is itself checked. */
    {.name = "store.plant.skip-history", .what = "an event is not written into history"},
    {.name = "store.plant.reorder",
     .what = "a watch gets two events of history in the wrong order"},
    {.name = "store.plant.no-commit", .what = "a batch is rolled back, and acknowledged"},
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards points */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static FaultPoint *find(Slice name)
{
    for (size_t i = 0; i < ARRAY_LEN(points); i++)
        if (slice_is(name, points[i].name))
            return &points[i];
    return NULL;
}

static FaultPoint *need(const char *name)
{
    FaultPoint *p = find(slice_of(name));

    if (!p)
        log_error(NULL, "no such fault point", LOG_STR("point", name));
    BUG_ON(!p);
    return p;
}

static void arm(FaultPoint *p, FaultAction action, int delay_ms, int first, int every)
{
    pthread_mutex_lock(&lock);
    p->is_armed = true;
    p->action = action;
    p->delay_ms = delay_ms;
    p->first = first;
    p->every = every;
    p->n_passed = p->n_fired = 0;
    pthread_mutex_unlock(&lock);
}

/* Take an optional number after `mark`; false when there is no number. */
static bool take_number(Slice *s, char mark, int *ret)
{
    int64_t n = 0;
    size_t i = 1;

    if (s->len == 0 || s->ptr[0] != mark)
        return true;
    while (i < s->len && s->ptr[i] >= '0' && s->ptr[i] <= '9')
        i++;
    if (!slice_to_int64((Slice){s->ptr + 1, i - 1}, &n) || n > INT32_MAX)
        return false;
    *ret = (int)n;
    *s = (Slice){s->ptr + i, s->len - i};
    return true;
}

static int arm_one(Slice text, Err *err)
{
    static const char *const actions[] = {[FAULT_FAIL] = "fail",
                                          [FAULT_DELAY] = "delay",
                                          [FAULT_KILL] = "kill",
                                          [FAULT_STOP] = "stop"};
    const char *eq = memchr(text.ptr, '=', text.len);
    Slice name = {text.ptr, eq ? (size_t)(eq - text.ptr) : text.len}, rest = {NULL, 0};
    FaultPoint *p = find(name);
    int delay_ms = 0, first = 1, every = 0;
    size_t action = 0;

    if (eq)
        rest = (Slice){eq + 1, text.len - name.len - 1};
    while (action < ARRAY_LEN(actions) &&
           !(rest.len >= strlen(actions[action]) &&
             memcmp(rest.ptr, actions[action], strlen(actions[action])) == 0))
        action++;
    if (!p || action == ARRAY_LEN(actions))
        return err_set(err, ERR_INVALID, "fault \"%.*s\": want POINT=fail|delay:MS|kill|stop",
                       (int)text.len, text.ptr);
    rest = (Slice){rest.ptr + strlen(actions[action]), rest.len - strlen(actions[action])};
    if (!take_number(&rest, ':', &delay_ms) || !take_number(&rest, '@', &first) ||
        !take_number(&rest, '/', &every) || rest.len > 0)
        return err_set(err, ERR_INVALID, "fault \"%.*s\": want [:MS][@FIRST[/EVERY]] at the end",
                       (int)text.len, text.ptr);
    arm(p, (FaultAction)action, delay_ms, first, every);
    return 0;
}

int fault_arm_text(const char *text, Err *err)
{
    while (*text) {
        size_t n = strcspn(text, ",");
        int r = arm_one((Slice){text, n}, err);

        if (r < 0)
            return r;
        text += n + (text[n] == ',');
    }
    return 0;
}

static void read_environment(void)
{
    const char *text = getenv("HOSTPLANE_FAULTS");
    Err err;

    if (text && fault_arm_text(text, &err) < 0) {
        log_error(NULL, "HOSTPLANE_FAULTS cannot be read", LOG_STR("error", err.msg));
        abort();
    }
}

void fault_arm(const char *point, FaultAction action, int first, int every)
{
    (void)pthread_once(&once, read_environment);
    arm(need(point), action, 20, first, every);
}

void fault_disarm(const char *point)
{
    FaultPoint *p = need(point);

    pthread_mutex_lock(&lock);
    p->is_armed = false;
    pthread_mutex_unlock(&lock);
}

int fault_fired(const char *point)
{
    FaultPoint *p = need(point);
    int n;

    pthread_mutex_lock(&lock);
    n = p->n_fired;
    pthread_mutex_unlock(&lock);
    return n;
}

static bool is_due(FaultPoint *p)
{
    int n = ++p->n_passed;

    return p->is_armed && n >= p->first &&
           (n == p->first || (p->every > 0 && (n - p->first) % p->every == 0));
}

bool fault_hit(const char *point)
{
    FaultPoint *p = need(point);
    FaultAction action;
    int delay_ms;
    bool due;

    (void)pthread_once(&once, read_environment);
    pthread_mutex_lock(&lock);
    due = is_due(p);
    p->n_fired += due;
    action = p->action;
    delay_ms = p->delay_ms;
    pthread_mutex_unlock(&lock);
    if (!due)
        return false;
    log_debug(NULL, "fault", LOG_STR("point", point), LOG_STR("fail", p->what));
    if (action == FAULT_DELAY)
        usleep((useconds_t)delay_ms * 1000);
    else if (action == FAULT_KILL)
        (void)kill(getpid(), SIGKILL);
    else if (action == FAULT_STOP)
        (void)raise(SIGSTOP);
    return action == FAULT_FAIL;
}

#endif
