/* Answers of a scheduler extender, to each of the questions. */
#include "base/err.h"
#include "scheduler/extender_msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"a", "b", "c"};
    static Victim victims[] = {{.uid = "1"}, {.uid = "2"}};
    static const Candidate list[] = {{"a", victims, 2, 0}, {"b", victims + 1, 1, 0}};
    Slice answer = {(const char *)data, size};
    Arena *a = arena_new();
    AskedNodes *nodes = asked_nodes_new(a, names, 3);
    Candidate *left = NULL;
    uint32_t n = 0;
    Err err;

    if (extender_read_filter(a, answer, size % 2 == 0, nodes, &err) == 0)
        BUG_ON(asked_nodes_left(nodes) > 3);
    if (extender_read_scores(a, answer, 1000000, nodes, &err) < 0)
        BUG_ON(err.code != ERR_BAD_REQUEST);
    if (extender_read_preempt(a, answer, list, 2, &left, &n, &err) == 0)
        for (uint32_t i = 0; i < n; i++)
            BUG_ON(left[i].n == 0 || left[i].n > 2);
    if (extender_read_bind(a, answer, &err) < 0)
        BUG_ON(err.code != ERR_BAD_REQUEST);
    arena_free(a);
    return 0;
}
