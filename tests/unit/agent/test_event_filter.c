#include "agent/event_filter.h"
#include "tests/unit/test.h"

static const int64_t second = 1000000;

/* "-": not told; "+": a new one; "n": the n-th of one told before. */
static char tell(EventFilter *f, const char *uid, const char *reason, const char *message,
                 int64_t now_us, char *ret_message)
{
    static int n;
    CLEANUP(arena_free) Arena *a = arena_new();
    EventFacts e = {.uid = uid, .container = "c", .reason = reason, .message = message};
    EventVerdict v;

    if (!event_filter_pass(f, a, &e, arena_printf(a, "e%d", n++), now_us, &v))
        return '-';
    if (ret_message)
        snprintf(ret_message, 100, "%s", v.message);
    assert_true(v.first_us <= now_us);
    assert_true((v.name != NULL) == (v.count > 1));
    return v.name ? (char)('0' + v.count) : '+';
}

TEST(what_is_told_again_counts_up)
{
    CLEANUP(event_filter_free) EventFilter *f = event_filter_new();

    assert_int_equal(tell(f, "u", "BackOff", "x", 100 * second, NULL), '+');
    assert_int_equal(tell(f, "u", "BackOff", "x", 105 * second, NULL), '-');
    assert_int_equal(tell(f, "u", "BackOff", "x", 111 * second, NULL), '2');
    assert_int_equal(tell(f, "u", "BackOff", "y", 111 * second, NULL), '+');
    assert_int_equal(tell(f, "u", "Failed", "x", 111 * second, NULL), '+');
    assert_int_equal(tell(f, "v", "BackOff", "x", 111 * second, NULL), '+');
    assert_int_equal(tell(f, "u", "BackOff", "x", 200 * second, NULL), '3');
    event_filter_forget(f, "u");
    assert_int_equal(tell(f, "u", "BackOff", "x", 201 * second, NULL), '+');
}

TEST(many_that_differ_in_their_words_are_told_as_one)
{
    CLEANUP(event_filter_free) EventFilter *f = event_filter_new();
    char message[100], told[100] = "";

    for (int i = 0; i < EVENT_SIMILAR_MAX; i++) {
        snprintf(message, sizeof(message), "at %d", i);
        assert_int_equal(tell(f, "u", "Unhealthy", message, (100 + i) * second, told), '+');
        assert_string_equal(told, message);
    }
    assert_int_equal(tell(f, "u", "Unhealthy", "at 10", 120 * second, told), '+');
    assert_string_equal(told, "(combined from similar events): at 10");
    assert_int_equal(tell(f, "u", "Unhealthy", "at 11", 140 * second, told), '2');
    assert_string_equal(told, "(combined from similar events): at 11");
    assert_int_equal(tell(f, "u", "Unhealthy", "at 3", 141 * second, told), '2');
    assert_string_equal(told, "at 3");
    assert_int_equal(tell(f, "u", "Other", "at 12", 141 * second, told), '+');
    assert_string_equal(told, "at 12");
    /* after a while without any, each is told by itself */
    assert_int_equal(tell(f, "u", "Unhealthy", "at 13", (142 + EVENT_SIMILAR_S) * second, told),
                     '+');
    assert_string_equal(told, "at 13");
}

TEST(a_pod_has_so_many_and_leaves_those_of_others_alone)
{
    CLEANUP(event_filter_free) EventFilter *f = event_filter_new();
    int64_t now = 100 * second;
    char reason[20];
    int n = 0;

    for (int i = 0; i < 100; i++) {
        snprintf(reason, sizeof(reason), "r%d", i);
        n += tell(f, "u", reason, "x", now, NULL) != '-';
    }
    assert_int_equal(n, EVENT_BURST);
    assert_int_equal(tell(f, "v", "r", "x", now, NULL), '+');
    now += (EVENT_REFILL_S - 1) * second;
    assert_int_equal(tell(f, "u", "later", "x", now, NULL), '-');
    now += second;
    assert_int_equal(tell(f, "u", "later", "x", now, NULL), '+');
    assert_int_equal(tell(f, "u", "more", "x", now, NULL), '-');
}
