#include "api/discovery.h"

#include "api/crd.h"
#include "api/discovery_int.h"
#include "base/b64.h"
#include "base/random.h"

/* Verbs in the order in which clients are used to see them. */
static const Verb verb_order[] = {VERB_CREATE, VERB_DELETE, VERB_DELETE_COLLECTION,
                                  VERB_GET,    VERB_LIST,   VERB_PATCH,
                                  VERB_UPDATE, VERB_WATCH};
static const Verb crd_verb_order[] = {
    VERB_DELETE, VERB_DELETE_COLLECTION, VERB_GET, VERB_LIST, VERB_PATCH, VERB_CREATE, VERB_UPDATE,
    VERB_WATCH};

ResourceSet resource_set_builtin(Arena *a, bool is_host)
{
    size_t n_all, n = 0;
    const Resource *all = resources_builtin(&n_all);
    const Resource **items = arena_array(a, const Resource *, n_all + 1);

    for (size_t i = 0; i < n_all; i++) {
        if (is_host || !resource_is_host_only(&all[i]))
            items[n++] = &all[i];
    }
    return (ResourceSet){items, n};
}

void discovery__str(Buf *out, const char *s)
{
    Value v = {.type = VALUE_STRING, .n = s ? (uint32_t)strlen(s) : 0, .str = s ? s : ""};

    value_print(&v, out);
}

void discovery__member(Buf *out, const char *name, const char *text)
{
    buf_addf(out, ",\"%s\":", name);
    discovery__str(out, text);
}

bool discovery__is_in(const Resource *r, Slice group, Slice version)
{
    return slice_is(group, r->group) && slice_is(version, r->version);
}

bool discovery__is_first_of_group(const ResourceSet *set, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (str_eq(set->items[k]->group, set->items[i]->group))
            return false;
    }
    return true;
}

bool discovery__is_first_of_version(const ResourceSet *set, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (str_eq(set->items[k]->group, set->items[i]->group) &&
            str_eq(set->items[k]->version, set->items[i]->version))
            return false;
    }
    return true;
}

/* ---- groups ---- */

void discovery_write_versions(const char *server_address, Buf *out)
{
    buf_adds(out, "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"],\"serverAddressByClientCIDRs\":"
                  "[{\"clientCIDR\":\"0.0.0.0/0\",\"serverAddress\":");
    discovery__str(out, server_address);
    buf_adds(out, "}]}\n");
}

static void write_group_version(const Resource *r, Buf *out)
{
    char gv[256];

    buf_adds(out, "{\"groupVersion\":");
    discovery__str(out, resource_api_version(r, gv));
    discovery__member(out, "version", r->version);
    buf_addc(out, '}');
}

/* Members of an APIGroup behind kind and apiVersion; `first` is the index of the first resource. */
static void write_group_body(const ResourceSet *set, size_t first, Buf *out)
{
    const Resource *r = set->items[first];

    buf_adds(out, "\"name\":");
    discovery__str(out, r->group);
    buf_adds(out, ",\"versions\":[");
    for (size_t i = first; i < set->n; i++) {
        if (!str_eq(set->items[i]->group, r->group) || !discovery__is_first_of_version(set, i))
            continue;
        if (i > first)
            buf_addc(out, ',');
        write_group_version(set->items[i], out);
    }
    buf_adds(out, "],\"preferredVersion\":");
    write_group_version(r, out);
}

void discovery_write_groups(const ResourceSet *set, Buf *out)
{
    bool is_first = true;

    buf_adds(out, "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[");
    for (size_t i = 0; i < set->n; i++) {
        if (set->items[i]->group[0] == '\0' || !discovery__is_first_of_group(set, i))
            continue;
        buf_adds(out, is_first ? "{" : ",{");
        is_first = false;
        write_group_body(set, i, out);
        buf_addc(out, '}');
    }
    buf_adds(out, "]}\n");
}

bool discovery_write_group(const ResourceSet *set, Slice group, Buf *out)
{
    for (size_t i = 0; i < set->n; i++) {
        if (group.len == 0 || !slice_is(group, set->items[i]->group))
            continue;
        buf_adds(out, "{\"kind\":\"APIGroup\",\"apiVersion\":\"v1\",");
        write_group_body(set, i, out);
        buf_adds(out, "}\n");
        return true;
    }
    return false;
}

/* ---- resources ---- */

static void write_verbs(uint32_t verbs, bool is_crd, Buf *out)
{
    const Verb *order = is_crd ? crd_verb_order : verb_order;
    bool is_first = true;

    buf_adds(out, ",\"verbs\":[");
    for (size_t i = 0; i < ARRAY_LEN(verb_order); i++) {
        if (!(verbs & BIT(order[i])))
            continue;
        buf_addf(out, "%s\"%s\"", is_first ? "" : ",", verb_name(order[i]));
        is_first = false;
    }
    buf_addc(out, ']');
}

static void write_names(const char *member, const char *const *names, Buf *out)
{
    if (!names || !names[0])
        return;
    buf_addf(out, ",\"%s\":[", member);
    for (size_t i = 0; names[i]; i++) {
        if (i > 0)
            buf_addc(out, ',');
        discovery__str(out, names[i]);
    }
    buf_addc(out, ']');
}

/* The version that objects are stored as; NULL: it is not served (apiextensions-apiserver,
 * customresource_discovery_controller.go). */
static const Resource *stored_as(const Resource *r)
{
    const Value *v;

    if (!r->crd)
        return r;
    value_each_item(r->crd->versions, i, v)
    {
        if (str_eq(value_get_str(v, "name"), r->crd->storage->version))
            return value_is_true(value_get(v, "served")) ? r->crd->storage : NULL;
    }
    return NULL;
}

/* Tells clients which version is stored, as a hash of group/version/kind. */
static void write_storage_hash(const Resource *r, Buf *out)
{
    static const struct { /* where the real server stores another version */
        const char *group, *kind, *stored;
    } others[] = {
        {"events.k8s.io", "Event", "/v1/Event"},
        {"autoscaling", "HorizontalPodAutoscaler", "autoscaling/v2/HorizontalPodAutoscaler"},
        {"apiextensions.k8s.io", "CustomResourceDefinition",
         "apiextensions.k8s.io/v1beta1/CustomResourceDefinition"},
    };
    unsigned char digest[SHA256_LEN];
    const Resource *stored = stored_as(r);
    AUTO_BUF text = BUF_INIT;

    if (!stored || !(r->verbs & BIT(VERB_WATCH)))
        return;
    buf_addf(&text, "%s/%s/%s", r->group, stored->version, r->kind);
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        if (!str_eq(r->group, others[i].group) || !str_eq(r->kind, others[i].kind))
            continue;
        buf_reset(&text);
        buf_adds(&text, others[i].stored);
    }
    sha256(buf_slice(&text), digest);
    buf_adds(out, ",\"storageVersionHash\":\"");
    b64_encode((Slice){(const char *)digest, 8}, out);
    buf_addc(out, '"');
}

static void write_resource(const Resource *r, Buf *out)
{
    buf_adds(out, "{\"name\":");
    discovery__str(out, r->plural);
    discovery__member(out, "singularName", r->singular);
    buf_addf(out, ",\"namespaced\":%s", r->is_namespaced ? "true" : "false");
    discovery__member(out, "kind", r->kind);
    write_verbs(r->verbs, r->crd != NULL, out);
    write_names("shortNames", r->short_names, out);
    write_names("categories", r->categories, out);
    write_storage_hash(r, out);
    buf_addc(out, '}');
}

/* A body of another group is named in full. */
static bool is_foreign(const Resource *r, const Subresource *s)
{
    return s->version &&
           (!str_eq(s->group ? s->group : "", r->group) || !str_eq(s->version, r->version));
}

static void write_subresource(const Resource *r, const Subresource *s, Buf *out)
{
    AUTO_BUF name = BUF_INIT;

    buf_addf(&name, "%s/%s", r->plural, s->name);
    buf_adds(out, "{\"name\":");
    discovery__str(out, buf_str(&name));
    buf_addf(out, ",\"singularName\":\"\",\"namespaced\":%s", r->is_namespaced ? "true" : "false");
    if (is_foreign(r, s)) {
        discovery__member(out, "group", s->group);
        discovery__member(out, "version", s->version);
    }
    discovery__member(out, "kind", s->kind);
    write_verbs(s->verbs, false, out);
    buf_addc(out, '}');
}

bool discovery_write_resources(const ResourceSet *set, Slice group, Slice version, Buf *out)
{
    bool is_first = true;
    char gv[256];

    for (size_t i = 0; i < set->n; i++) {
        const Resource *r = set->items[i];

        if (!discovery__is_in(r, group, version))
            continue;
        if (is_first) {
            buf_addf(out, "{\"kind\":\"APIResourceList\"%s,\"groupVersion\":",
                     group.len > 0 ? ",\"apiVersion\":\"v1\"" : "");
            discovery__str(out, resource_api_version(r, gv));
            buf_adds(out, ",\"resources\":[");
        }
        if (r->verbs != 0) {
            if (!is_first)
                buf_addc(out, ',');
            write_resource(r, out);
            is_first = false;
        }
        for (uint32_t k = 0; k < r->n_subresources; k++) {
            if (!is_first)
                buf_addc(out, ',');
            write_subresource(r, &r->subresources[k], out);
            is_first = false;
        }
    }
    if (is_first)
        return false;
    buf_adds(out, "]}\n");
    return true;
}

/* ---- aggregated ---- */

static void write_response_kind(const Resource *r, const Subresource *s, Buf *out)
{
    bool is_other = s && is_foreign(r, s);

    buf_adds(out, ",\"responseKind\":{\"group\":");
    discovery__str(out, is_other ? s->group : "");
    discovery__member(out, "version", is_other ? s->version : "");
    discovery__member(out, "kind", s ? s->kind : r->kind);
    buf_addc(out, '}');
}

static void write_aggregated_resource(const Resource *r, Buf *out)
{
    buf_adds(out, "{\"resource\":");
    discovery__str(out, r->plural);
    write_response_kind(r, NULL, out);
    discovery__member(out, "scope", r->is_namespaced ? "Namespaced" : "Cluster");
    discovery__member(out, "singularResource", r->singular);
    write_verbs(r->verbs, r->crd != NULL, out);
    write_names("shortNames", r->short_names, out);
    write_names("categories", r->categories, out);
    for (uint32_t k = 0; k < r->n_subresources; k++) {
        const Subresource *s = &r->subresources[k];

        buf_adds(out, k == 0 ? ",\"subresources\":[{\"subresource\":" : ",{\"subresource\":");
        discovery__str(out, s->name);
        write_response_kind(r, s, out);
        write_verbs(s->verbs, false, out);
        buf_addc(out, '}');
    }
    buf_adds(out, r->n_subresources > 0 ? "]}" : "}");
}

/* One version of a group; `first` is the index of its first resource. */
static void write_aggregated_version(const ResourceSet *set, size_t first, Buf *out)
{
    const Resource *r = set->items[first];

    buf_adds(out, "{\"version\":");
    discovery__str(out, r->version);
    buf_adds(out, ",\"resources\":[");
    for (size_t i = first; i < set->n; i++) {
        if (!str_eq(set->items[i]->group, r->group) || !str_eq(set->items[i]->version, r->version))
            continue;
        if (i > first)
            buf_addc(out, ',');
        write_aggregated_resource(set->items[i], out);
    }
    buf_adds(out, "],\"freshness\":\"Current\"}");
}

static void write_aggregated_group(const ResourceSet *set, size_t first, Buf *out)
{
    const char *group = set->items[first]->group;

    buf_adds(out, "{\"metadata\":{");
    if (group[0]) {
        buf_adds(out, "\"name\":");
        discovery__str(out, group);
    }
    buf_adds(out, "},\"versions\":[");
    for (size_t i = first; i < set->n; i++) {
        if (!str_eq(set->items[i]->group, group) || !discovery__is_first_of_version(set, i))
            continue;
        if (i > first)
            buf_addc(out, ',');
        write_aggregated_version(set, i, out);
    }
    buf_adds(out, "]}");
}

void discovery_write_aggregated(const ResourceSet *set, bool is_core, const char *version, Buf *out)
{
    bool is_first = true;

    buf_addf(out,
             "{\"kind\":\"APIGroupDiscoveryList\",\"apiVersion\":\"apidiscovery.k8s.io/%s\","
             "\"metadata\":{},\"items\":[",
             version);
    for (size_t i = 0; i < set->n; i++) {
        if ((set->items[i]->group[0] == '\0') != is_core || !discovery__is_first_of_group(set, i))
            continue;
        if (!is_first)
            buf_addc(out, ',');
        is_first = false;
        write_aggregated_group(set, i, out);
    }
    buf_adds(out, "]}\n");
}
