#include "agent/admit.h"
#include "agent/node.h"
#include "agent/pods_int.h"

/* The node with the labels and taints that the pod's tenant sees; NULL: not known. */
static Item *node_of(const Agent *agent, const char *cluster)
{
    return items_get(agent->items, cluster, strcmp(cluster, "host") == 0 ? "nodes" : "nodeviews",
                     "", agent->o.node_name);
}

AdmitVerdict pods__admit(Pod *p, Arena *a, const Item *item, ContainerRefusal *ret)
{
    Pods *pods = p->pods;
    CLEANUP(item_unref) Item *node = node_of(p->agent, item->cluster);
    AdmitInput in = {.cluster = item->cluster,
                     .pod = item->v,
                     .node = node ? node->v : NULL,
                     .max_pods = p->agent->o.max_pods};
    AdmitVerdict verdict;
    AdmitOther *others;
    Pod *other;

    node_allocatable(p->agent, &in.cpu_milli, &in.memory);
    pthread_mutex_lock(&pods->lock); /* so that of two that race one is counted by the other */
    others = arena_array(a, AdmitOther, pods->by_uid.n + 1);
    for (size_t at = 0; map_next(&pods->by_uid, &at, &(const char *){NULL}, (void **)&other);) {
        const Value *v = other->item->v; /* replaced only under the lock */

        /* One that has started here before is counted although its own thread has not looked yet.
         */
        if (other == p || (!other->is_admitted && !value_at_str(v, "status.startTime")) ||
            (pod_is_done(v) && other->is_quiet))
            continue;
        others[in.n_others++] =
            (AdmitOther){.cluster = other->item->cluster,
                         .pod = v,
                         .is_leaving = other->is_gone || pod_is_done(v) ||
                                       value_at_str(v, "metadata.deletionTimestamp") != NULL};
    }
    in.others = others;
    verdict = admit_pod(a, &in, ret);
    p->is_admitted = verdict == ADMIT_YES;
    pthread_mutex_unlock(&pods->lock);
    return verdict;
}
