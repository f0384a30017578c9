/* A scheduler's configuration file: it is refused in a line, or makes profiles that can be used. */
#include "base/err.h"
#include "scheduler/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SchedConfig *c = NULL;
    Err err;

    /* Files that it names are not read here: a fuzzer must not open what it likes. */
    if (memmem(data, size, "File", 4) || memmem(data, size, "libraries", 9))
        return 0;
    if (sched_config_parse((Slice){(const char *)data, size}, "f", &c, &err) < 0) {
        BUG_ON(err.code != ERR_BAD_REQUEST || strncmp(err.msg, "f: ", 3) != 0);
        return 0;
    }
    BUG_ON(c->n_profiles == 0 || c->backoff_max_s < c->backoff_first_s);
    for (uint32_t i = 0; i < c->n_profiles; i++) {
        const Profile *p = &c->profiles[i];

        BUG_ON(sched_config_profile(c, p->name) != p);
        BUG_ON(p->at[POINT_QUEUE_SORT].n != 1 || p->at[POINT_BIND].n == 0);
        profile_each(p, POINT_SCORE, row) BUG_ON(row->weight < 1);
    }
    sched_config_free(c);
    return 0;
}
