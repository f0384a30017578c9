#include "agent/runtime.h"
#include "tests/unit/test.h"

TEST(a_copy_stands_by_itself)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Arena *first = arena_new();
    RtSandbox sandbox = {.id = arena_strdup(first, "s"),
                         .ip = arena_strdup(first, "10.0.0.1"),
                         .info = arena_strdup(first, "{}"),
                         .is_ready = true};
    RtContainer container = {.id = arena_strdup(first, "c"),
                             .name = "a",
                             .sandbox_id = "s",
                             .image = "i",
                             .image_id = "sha",
                             .hash = "h",
                             .reason = arena_strdup(first, "Error"),
                             .message = arena_strdup(first, "why"),
                             .attempt = 3,
                             .exit_code = 4};
    RtPod rt = {&sandbox, 1, &container, 1}, copy = runtime_copy(a, &rt);

    arena_free(first);
    assert_int_equal(copy.n_sandboxes, 1);
    assert_string_equal(copy.sandboxes[0].id, "s");
    assert_string_equal(copy.sandboxes[0].ip, "10.0.0.1");
    assert_null(copy.sandboxes[0].second_ip);
    assert_null(copy.sandboxes[0].info);
    assert_true(copy.sandboxes[0].is_ready);
    assert_int_equal(copy.n_containers, 1);
    assert_string_equal(copy.containers[0].id, "c");
    assert_string_equal(copy.containers[0].reason, "Error");
    assert_string_equal(copy.containers[0].message, "why");
    assert_int_equal(copy.containers[0].attempt, 3);
    assert_int_equal(copy.containers[0].exit_code, 4);
}

TEST(what_has_ended_does_not_run_again)
{
    static const struct {
        const char *id; /* before */
        int was, is, want;
    } rows[] = {
        {"c", CRI_EXITED, CRI_RUNNING, CRI_EXITED},
        {"c", CRI_EXITED, CRI_EXITED, CRI_EXITED},
        {"c", CRI_RUNNING, CRI_RUNNING, CRI_RUNNING},
        {"c", CRI_RUNNING, CRI_EXITED, CRI_EXITED},
        {"c", CRI_CREATED, CRI_RUNNING, CRI_RUNNING},
        {"d", CRI_EXITED, CRI_RUNNING, CRI_RUNNING}, /* another one of that name */
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        RtContainer old = {.id = rows[i].id,
                           .state = rows[i].was,
                           .exit_code = 7,
                           .finished_us = 5,
                           .reason = "Error",
                           .message = "m"};
        RtContainer now = {.id = "c", .state = rows[i].is, .reason = "", .message = ""};
        RtPod before = {.containers = &old, .n_containers = 1};
        RtPod after = {.containers = &now, .n_containers = 1};

        runtime_keep_ends(a, &after, &before);
        if (now.state != rows[i].want)
            fail_msg("row %zu: %d", i, now.state);
        if (rows[i].is == CRI_RUNNING && now.state == CRI_EXITED) {
            assert_int_equal(now.exit_code, 7);
            assert_int_equal(now.finished_us, 5);
            assert_string_equal(now.reason, "Error");
        }
    }
}
