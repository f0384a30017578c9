#include "agent/pods_int.h"
#include "base/clock.h"
#include "base/err.h"
#include "tests/unit/test.h"

/* A pod with one container that runs, as its thread has seen it last; the runtime is away. */
typedef struct Seen {
    Agent agent;
    Pod pod;
    RtSandbox sandbox;
    RtContainer container;
} Seen;

static void seen_init(Seen *s)
{
    *s = (Seen){.sandbox = {.id = "s", .ip = "10.0.0.1", .is_ready = true}};
    s->container = (RtContainer){.id = "c",
                                 .name = "a",
                                 .sandbox_id = "s",
                                 .image = "i",
                                 .image_id = "x",
                                 .hash = "h",
                                 .state = CRI_RUNNING,
                                 .reason = "",
                                 .message = ""};
    s->agent.cri = cri_new("/nowhere/at/all.sock");
    s->pod.agent = &s->agent;
    s->pod.uid = (char *)(uintptr_t) "u";
    pthread_mutex_init(&s->pod.lock, NULL);
    s->pod.seen_arena = arena_new();
    s->pod.seen = runtime_copy(s->pod.seen_arena, &(RtPod){&s->sandbox, 1, &s->container, 1});
    s->pod.is_seen = true;
}

static void seen_done(Seen *s)
{
    arena_free(s->pod.seen_arena);
    pthread_mutex_destroy(&s->pod.lock);
    cri_free(s->agent.cri);
}

TEST(an_event_is_all_that_it_takes_to_know_of_an_end)
{
    static const struct {
        const char *ended, *no_memory;
        int code;
        int state;
        const char *reason;
        bool is_open; /* the runtime has to be asked again */
    } rows[] = {
        {"c", "", 0, CRI_EXITED, "Completed", false},
        {"c", "", 3, CRI_EXITED, "Error", false},
        {"c", "", 137, CRI_RUNNING, "", true}, /* for want of memory? the runtime is away */
        {"c", "c", 1, CRI_RUNNING, "", true},
        {"d", "", 0, CRI_RUNNING, "", false}, /* one of before */
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        RtPod rt;
        Seen s;

        seen_init(&s);
        s.pod.final = (CriEvent){.is_final = true, .exit_code = rows[i].code, .finished_us = 5};
        snprintf(s.pod.final.ended, CRI_ID_MAX, "%s", rows[i].ended);
        snprintf(s.pod.no_memory, CRI_ID_MAX, "%s", rows[i].no_memory);
        s.pod.final_us = clock_mono_us();
        assert_ok(pod__see(&s.pod, a, NEWS_END, false, &rt, NULL));
        if (rt.containers[0].state != rows[i].state ||
            strcmp(rt.containers[0].reason, rows[i].reason) != 0)
            fail_msg("row %zu: %d %s", i, rt.containers[0].state, rt.containers[0].reason);
        assert_int_equal(s.pod.final_us != 0, rows[i].is_open);
        assert_int_equal(pod__end_wanted_us(&s.pod, &rt) != 0, rows[i].is_open);
        /* and it stays so, whatever wakes the pod next */
        assert_ok(pod__see(&s.pod, a, NEWS_PROBE, false, &rt, NULL));
        assert_int_equal(rt.containers[0].state, rows[i].state);
        seen_done(&s);
    }
}

TEST(when_the_runtime_has_to_be_read)
{
    static const struct {
        unsigned news;
        bool has_acted, is_read;
    } rows[] = {
        {NEWS_ITEM, false, false},
        {NEWS_END | NEWS_PROBE, false, false},
        {NEWS_RUNTIME, false, true},
        {NEWS_RUNTIME | NEWS_END, false, true},
        {0, false, true}, /* by its own timer */
        {NEWS_END, true, true},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        RtPod rt;
        Seen s;
        Err err;

        seen_init(&s);
        if (rows[i].has_acted)
            pod__unsee(&s.pod);
        if ((pod__see(&s.pod, a, rows[i].news, false, &rt, &err) < 0) != rows[i].is_read)
            fail_msg("row %zu", i);
        seen_done(&s);
    }
}
