#include "controllers/ctl.h"
#include "controllers/job_index.h"
#include "tests/fuzz/fuzz.h"

enum { COMPLETIONS = 100000 };

/* A set of completion indexes prints to what parses to the same set; a selector is found or not,
 * whatever the text of an object is. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    const char *text = arena_strndup(a, (const char *)data, size);
    JobIndexes x = job_indexes_parse(a, text, COMPLETIONS), again;
    const char *printed = job_indexes_text(a, &x);
    int64_t more[2] = {size % 7, COMPLETIONS - 1};
    Obj o = {.text = text, .text_len = (uint32_t)strlen(text)};

    again = job_indexes_parse(a, printed, COMPLETIONS);
    BUG_ON(strcmp(job_indexes_text(a, &again), printed) != 0);
    BUG_ON(job_indexes_common(&x, &again) != job_indexes_total(&x));
    BUG_ON(job_indexes_have(&x, COMPLETIONS) || job_indexes_have(&x, job_indexes_gap(&x, 0)));
    again = job_indexes_with(a, &x, more, 2);
    BUG_ON(!job_indexes_have(&again, more[0]) || !job_indexes_have(&again, more[1]));
    BUG_ON(job_indexes_total(&again) < job_indexes_total(&x));
    (void)ctl_selector_value(a, &o);
    return 0;
}
