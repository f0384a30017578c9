/*
 * discovery.h - /api, /apis, /api/v1, /apis/GROUP/VERSION and the aggregated form of them, and
 * /openapi/v3, written from kind tables. Extra resources (CRDs) are passed in.
 *
 * Threads: any. Results are appended to `out`.
 */
#ifndef API_DISCOVERY_H
#define API_DISCOVERY_H

#include "api/kind.h"

typedef struct ResourceSet { /* what one cluster serves: built-ins it is allowed plus its CRDs */
    const Resource *const *items; /* in discovery order */
    size_t n;
} ResourceSet;

/* `is_host` adds the host-only resources. */
ResourceSet resource_set_builtin(Arena *a, bool is_host);

/* APIVersions for /api; `server_address` is host:port of the request. */
void discovery_write_versions(const char *server_address, Buf *out);
void discovery_write_groups(const ResourceSet *set, Buf *out);             /* /apis */
bool discovery_write_group(const ResourceSet *set, Slice group, Buf *out); /* false: unknown */
bool discovery_write_resources(const ResourceSet *set, Slice group, Slice version, Buf *out);
/* APIGroupDiscoveryList v2 for /api (is_core) or /apis. `version` is "v2" or "v2beta1". */
void discovery_write_aggregated(const ResourceSet *set, bool is_core, const char *version,
                                Buf *out);

/* /openapi/v3: {"paths":{"api/v1":{"serverRelativeURL":"/openapi/v3/api/v1?hash=..."}}} */
void openapi_write_index(const ResourceSet *set, Buf *out);
/* The hash that the index names a version by: false when the set has no such version. */
bool openapi_hash(const ResourceSet *set, Slice group, Slice version, char ret_hash[17]);
bool openapi_write_v3(const ResourceSet *set, Slice group, Slice version, Buf *out);
void openapi_write_v2(const ResourceSet *set, Buf *out); /* /openapi/v2 in JSON */
/* The same as protobuf (gnostic openapi.v2.Document), without responses. */
void openapi_write_v2_protobuf(const ResourceSet *set, Buf *out);

#endif
