/*
 * baselayer.h - the objects that every cluster is born with. They are data of the program and cost
 * no rows; reads fall through to them (vcluster/reader.c), the first write makes a copy.
 *
 * Uids are derived from the cluster's uid and the object's key; the creation time is the cluster's;
 * the revision is 1.
 *
 * Owns:    a BaseSet keeps what was materialised for one cluster, by resource, while it is used.
 * Threads: any.
 * Tests:   tests/unit/vcluster/test_baselayer.c
 */
#ifndef VCLUSTER_BASELAYER_BASELAYER_H
#define VCLUSTER_BASELAYER_BASELAYER_H

#include "base/base.h"

typedef struct BaseRow {
    const char *ns, *name, *json;
} BaseRow;

typedef struct BaseStorage {
    const char *storage;
    size_t first, n;
} BaseStorage;

extern const BaseRow base_rows[];
extern const BaseStorage base_storages[];
extern const size_t base_n_storages;

typedef struct BaseSet BaseSet;
void base_set_free(BaseSet *s);

#endif
