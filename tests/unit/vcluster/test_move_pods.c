#include "vcluster/tenants/move_pods.h"

#include "tests/unit/test.h"

enum { S = 1000000 };

/* "o3" is an old pod of a controller that wants 3, "n3" a new one; then: r ready, l leaving, p
 * without a node. "d": of a controller that has no number. */
static size_t read_pods(const char *text, MovedPod *pods)
{
    size_t n = 0;

    for (const char *s = text; *s; s++) {
        MovedPod *p = &pods[n];

        if (*s == ' ')
            continue;
        *p = (MovedPod){.owner = "a", .is_old = *s == 'o', .has_node = true, .created_us = S};
        s++;
        p->want = *s == 'd' ? -1 : *s - '0';
        while (s[1] && s[1] != ' ') {
            s++;
            p->is_ready = p->is_ready || *s == 'r';
            p->is_leaving = p->is_leaving || *s == 'l';
            p->has_node = p->has_node && *s != 'p';
        }
        n++;
    }
    return n;
}

TEST(old_pods_end_when_none_is_missed)
{
    static const struct {
        const char *pods;
        int64_t now_s;
        int next;
    } cases[] = {
        {"o2r o2r", 2, MOVE_WAITS},         /* the new ones are on their way, */
        {"o2r o2r", 20, 0},                 /* or refused: room is made, */
        {"o2r", 20, MOVE_WAITS},            /* for one at a time */
        {"o2rl o2r", 20, MOVE_WAITS},       /* and when it is there */
        {"o2r o2r n2 n2", 20, MOVE_WAITS},  /* sick ones never are enough */
        {"o2r o2r n2r n2", 2, 0},           /* one for one */
        {"o2r o2rl n2r n2", 2, MOVE_WAITS}, /* which counts as gone */
        {"o2rl o2r n2r n2r", 2, 1},         /* all are there: nothing to wait for */
        {"o2r o2r n2p n2p", 2, MOVE_WAITS}, /* nodes that are full */
        {"o2r o2r n2p n2p", 20, 0},         /* get room */
        {"o2r n2rp n2p", 20, 0},            /* and again */
        {"o2r o2", 2, 1},                   /* one that is not ready is not missed */
        {"o0r", 2, 0},                      /* nobody wants it any more */
        {"odr", 2, MOVE_WAITS},             /* without a number: when there are new ones, ready */
        {"odr nd", 20, MOVE_WAITS},
        {"odr ndr", 2, 0},
        {"odr", 20, 0},
        {"n2r n2r", 20, MOVE_WAITS},
        {"", 20, MOVE_WAITS},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        MovedPod pods[8];
        size_t n = read_pods(cases[i].pods, pods);
        int next = move_next_pod(pods, n, S, cases[i].now_s * S);

        if (next != cases[i].next)
            fail_msg("%s at %d s: %d", cases[i].pods, (int)cases[i].now_s, next);
    }
}

TEST(controllers_do_not_wait_for_each_other)
{
    MovedPod pods[] = {{"a", 1, true, false, true, true, S},
                       {"b", 1, true, false, true, true, S},
                       {"b", 1, false, false, true, true, S}};

    assert_int_equal(move_next_pod(pods, 3, S, 2 * S), 1);
}
