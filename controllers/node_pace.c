#include "controllers/node_pace.h"

#include "base/map.h"
#include "base/mem.h"

#include <pthread.h>

enum { FRESH_US = 1000000, SIZE_FRESH_US = 2000000 };

typedef struct Zone {
    ZoneCount count;
    int64_t next_us; /* when the next node may go */
} Zone;

typedef struct Seen {
    int64_t sign, at_us;
} Seen;

struct NodePace {
    pthread_mutex_t lock; /* guards the rest; a leaf */
    Map zones, seen;      /* by zone, by node */
    int64_t counted_us;
    int64_t sized_us;
    unsigned ttl_step;
    uint64_t n_gone;
    bool is_used_up; /* no address range is left, as far as is known */
};

NodePace *node_pace_new(void)
{
    NodePace *p = xcalloc(1, sizeof(*p));

    pthread_mutex_init(&p->lock, NULL);
    p->zones.free_value = p->seen.free_value = free;
    return p;
}

void node_pace_free(NodePace *p)
{
    if (!p)
        return;
    map_done(&p->zones);
    map_done(&p->seen);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

int64_t node_pace_seen(NodePace *p, const char *node, int64_t sign, int64_t now_us)
{
    int64_t at_us;
    Seen *seen;

    pthread_mutex_lock(&p->lock);
    seen = map_get(&p->seen, node);
    if (!seen) {
        seen = xcalloc(1, sizeof(*seen));
        *seen = (Seen){sign, now_us};
        map_set(&p->seen, node, seen);
    } else if (seen->sign != sign) {
        *seen = (Seen){sign, now_us};
    }
    at_us = seen->at_us;
    pthread_mutex_unlock(&p->lock);
    return at_us;
}

void node_pace_forget(NodePace *p, const char *node)
{
    pthread_mutex_lock(&p->lock);
    free(map_del(&p->seen, node));
    pthread_mutex_unlock(&p->lock);
}

bool node_pace_is_stale(NodePace *p, int64_t now_us)
{
    bool is_stale;

    pthread_mutex_lock(&p->lock);
    is_stale = now_us - p->counted_us > FRESH_US;
    pthread_mutex_unlock(&p->lock);
    return is_stale;
}

void node_pace_count(NodePace *p, const ZoneNote *notes, uint32_t n, int64_t now_us)
{
    const char *name;
    Zone *zone;

    pthread_mutex_lock(&p->lock);
    for (size_t at = 0; map_next(&p->zones, &at, &name, (void **)&zone);)
        zone->count = (ZoneCount){0};
    for (uint32_t i = 0; i < n; i++) {
        zone = map_get(&p->zones, notes[i].zone);
        if (!zone) {
            zone = xcalloc(1, sizeof(*zone));
            map_set(&p->zones, notes[i].zone, zone);
        }
        *(notes[i].is_ready ? &zone->count.ready : &zone->count.not_ready) += 1;
    }
    for (size_t at = 0; map_next(&p->zones, &at, &name, (void **)&zone);)
        if (zone->count.ready + zone->count.not_ready == 0)
            free(map_del(&p->zones, name));
    p->counted_us = now_us;
    pthread_mutex_unlock(&p->lock);
}

static bool all_is_down(const NodePace *p)
{
    const Zone *zone;

    for (size_t at = 0; map_next(&p->zones, &at, NULL, (void **)&zone);)
        if (!nodelife_zone_is_down(zone->count))
            return false;
    return p->zones.n > 0;
}

NodeExpel node_pace_ask(NodePace *p, const char *name, bool is_expelled, int64_t now_us)
{
    NodeExpel answer = NODE_EXPEL_WAIT;
    int64_t interval_ms;
    Zone *zone;

    pthread_mutex_lock(&p->lock);
    zone = map_get(&p->zones, name);
    interval_ms = zone ? nodelife_zone_interval_ms(zone->count) : ZONE_NEVER;
    if (all_is_down(p)) {
        answer = NODE_EXPEL_RETRACT;
    } else if (is_expelled) {
        answer = NODE_EXPEL;
    } else if (interval_ms != ZONE_NEVER && now_us >= zone->next_us) {
        zone->next_us = now_us + interval_ms * 1000;
        answer = NODE_EXPEL;
    }
    pthread_mutex_unlock(&p->lock);
    return answer;
}

bool node_pace_size_is_stale(NodePace *p, int64_t now_us)
{
    bool is_stale;

    pthread_mutex_lock(&p->lock);
    is_stale = now_us - p->sized_us > SIZE_FRESH_US;
    pthread_mutex_unlock(&p->lock);
    return is_stale;
}

void node_pace_set_size(NodePace *p, int64_t n_nodes, int64_t now_us)
{
    pthread_mutex_lock(&p->lock);
    p->ttl_step = nodelife_ttl_step(p->ttl_step, n_nodes);
    p->sized_us = now_us;
    pthread_mutex_unlock(&p->lock);
}

unsigned node_pace_ttl_step(NodePace *p)
{
    unsigned step;

    pthread_mutex_lock(&p->lock);
    step = p->ttl_step;
    pthread_mutex_unlock(&p->lock);
    return step;
}

uint64_t node_pace_n_gone(NodePace *p)
{
    uint64_t n;

    pthread_mutex_lock(&p->lock);
    n = p->n_gone;
    pthread_mutex_unlock(&p->lock);
    return n;
}

void node_pace_set_used_up(NodePace *p, bool is_used_up, uint64_t n_gone)
{
    pthread_mutex_lock(&p->lock);
    p->is_used_up = is_used_up && p->n_gone == n_gone;
    pthread_mutex_unlock(&p->lock);
}

bool node_pace_is_used_up(NodePace *p)
{
    bool is_used_up;

    pthread_mutex_lock(&p->lock);
    is_used_up = p->is_used_up;
    pthread_mutex_unlock(&p->lock);
    return is_used_up;
}

bool node_pace_gone(NodePace *p)
{
    bool was_used_up;

    pthread_mutex_lock(&p->lock);
    p->n_gone++;
    was_used_up = p->is_used_up;
    p->is_used_up = false;
    pthread_mutex_unlock(&p->lock);
    return was_used_up;
}
