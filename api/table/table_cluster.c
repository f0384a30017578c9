#include "api/table_int.h"
#include "base/clock.h"

/* Rows of nodes, namespaces, storage, configuration and events. */

static const char *or_unset(TableRow *row, const char *path)
{
    const char *s = value_at_str(row->object, path);

    return s ? s : "<unset>";
}

/* ---- nodes and namespaces ---- */

static void node_roles_cell(TableRow *row)
{
    static const char prefix[] = "node-role.kubernetes.io/";
    Value *roles = value_array(row->arena);

    value_each_member(table__at(row, "metadata.labels"), m)
    {
        const char *role = str_starts(m->name, prefix)                  ? m->name + strlen(prefix)
                           : strcmp(m->name, "kubernetes.io/role") == 0 ? value_to_cstr(m->value)
                                                                        : NULL;

        if (role && role[0] && !value_has_str(roles, role))
            value_append(row->arena, roles, value_str(row->arena, role));
    }
    table__sort(roles);
    table__str(row, table__join_some(row->arena, roles, UINT32_MAX, ",", "<none>"));
}

static void node_address_cell(TableRow *row, const char *type)
{
    const Value *address = table__condition(table__at(row, "status.addresses"), type);

    table__str(row, table__scalar(row->arena, value_get(address, "address"), "<none>"));
}

static void fill_node(TableRow *row)
{
    const Value *ready = table__condition(table__at(row, "status.conditions"), "Ready");
    const char *state = !ready                                           ? "Unknown"
                        : str_eq(value_get_str(ready, "status"), "True") ? "Ready"
                                                                         : "NotReady";

    table__strf(row, "%s%s", state,
                value_at_bool(row->object, "spec.unschedulable") ? ",SchedulingDisabled" : "");
    node_roles_cell(row);
    table__age(row);
    table__text(row, "status.nodeInfo.kubeletVersion", "");
    node_address_cell(row, "InternalIP");
    node_address_cell(row, "ExternalIP");
    table__text(row, "status.nodeInfo.osImage", "<unknown>");
    table__text(row, "status.nodeInfo.kernelVersion", "<unknown>");
    table__text(row, "status.nodeInfo.containerRuntimeVersion", "<unknown>");
}

static void fill_namespace(TableRow *row)
{
    table__text(row, "status.phase", "");
    table__age(row);
}

static void fill_component_status(TableRow *row)
{
    const Value *c = table__condition(table__at(row, "conditions"), "Healthy");

    table__str(row, !c                                           ? "Unknown"
                    : str_eq(value_get_str(c, "status"), "True") ? "Healthy"
                                                                 : "Unhealthy");
    table__str(row, value_get_str(c, "message"));
    table__str(row, value_get_str(c, "error"));
}

/* ---- configuration ---- */

static void fill_config_map(TableRow *row)
{
    table__int(row, value_len(table__at(row, "data")) + value_len(table__at(row, "binaryData")));
    table__age(row);
}

static void fill_secret(TableRow *row)
{
    table__text(row, "type", "");
    table__int(row, value_len(table__at(row, "data")));
    table__age(row);
}

static void fill_resource_quota(TableRow *row)
{
    const Value *hard = table__at(row, "status.hard"), *used = table__at(row, "status.used");
    Value *names = value_array(row->arena), *requests = value_array(row->arena);
    Value *limits = value_array(row->arena), *name;

    value_each_member(hard, m) value_append(row->arena, names, value_str(row->arena, m->name));
    table__sort(names);
    value_each_item(names, i, name)
        value_append(row->arena, str_starts(name->str, "limits.") ? limits : requests,
                     value_printf(row->arena, "%s: %s/%s", name->str,
                                  table__scalar(row->arena, value_get(used, name->str), "0"),
                                  table__scalar(row->arena, value_get(hard, name->str), "0")));
    table__str(row, table__join_some(row->arena, requests, UINT32_MAX, ", ", ""));
    table__str(row, table__join_some(row->arena, limits, UINT32_MAX, ", ", ""));
    table__age(row);
}

static void fill_priority_class(TableRow *row)
{
    table__int_at(row, "value");
    table__bool(row, value_at_bool(row->object, "globalDefault"));
    table__age(row);
    table__text(row, "preemptionPolicy", "");
}

static void fill_lease(TableRow *row)
{
    table__text(row, "spec.holderIdentity", "");
    table__age(row);
}

static void fill_runtime_class(TableRow *row)
{
    table__text(row, "handler", "");
    table__age(row);
}

/* ---- volumes ---- */

static void access_modes_cell(TableRow *row, const Value *modes)
{
    static const struct {
        const char *mode, *text;
    } known[] = {{"ReadWriteOnce", "RWO"},
                 {"ReadOnlyMany", "ROX"},
                 {"ReadWriteMany", "RWX"},
                 {"ReadWriteOncePod", "RWOP"}};
    Value *texts = value_array(row->arena);
    const Value *mode;

    for (size_t k = 0; k < ARRAY_LEN(known); k++) {
        value_each_item(modes, i, mode)
        {
            if (!str_eq(value_to_cstr(mode), known[k].mode))
                continue;
            value_append(row->arena, texts, value_str(row->arena, known[k].text));
            break;
        }
    }
    table__str(row, table__join_some(row->arena, texts, UINT32_MAX, ",", ""));
}

static void phase_cell(TableRow *row)
{
    if (table__at(row, "metadata.deletionTimestamp"))
        table__str(row, "Terminating");
    else
        table__text(row, "status.phase", "");
}

static const char *storage_class(TableRow *row)
{
    const Value *annotations = table__at(row, "metadata.annotations");
    const char *old = value_get_str(annotations, "volume.beta.kubernetes.io/storage-class");

    return old ? old : table__str_at(row, "spec.storageClassName");
}

static void fill_volume(TableRow *row)
{
    const char *ns = table__str_at(row, "spec.claimRef.namespace");

    table__str(row, table__scalar(row->arena, table__at(row, "spec.capacity.storage"), "0"));
    access_modes_cell(row, table__at(row, "spec.accessModes"));
    table__text(row, "spec.persistentVolumeReclaimPolicy", "");
    phase_cell(row);
    table__strf(row, "%s%s%s", ns, table__at(row, "spec.claimRef") ? "/" : "",
                table__str_at(row, "spec.claimRef.name"));
    table__str(row, storage_class(row));
    table__str(row, or_unset(row, "spec.volumeAttributesClassName"));
    table__text(row, "status.reason", "");
    table__age(row);
    table__str(row, or_unset(row, "spec.volumeMode"));
}

static void fill_claim(TableRow *row)
{
    bool is_bound = table__str_at(row, "spec.volumeName")[0] != '\0';

    phase_cell(row);
    table__text(row, "spec.volumeName", "");
    table__str(row, is_bound
                        ? table__scalar(row->arena, table__at(row, "status.capacity.storage"), "0")
                        : "");
    access_modes_cell(row, is_bound ? table__at(row, "status.accessModes") : NULL);
    table__str(row, storage_class(row));
    table__str(row, or_unset(row, "spec.volumeAttributesClassName"));
    table__age(row);
    table__str(row, or_unset(row, "spec.volumeMode"));
}

static void mark_default(TableRow *row, const char *annotation)
{
    const Value *annotations = table__at(row, "metadata.annotations");

    if (str_eq(value_get_str(annotations, annotation), "true"))
        row->cells->items[0] =
            value_printf(row->arena, "%s (default)", table__str_at(row, "metadata.name"));
}

static void fill_storage_class(TableRow *row)
{
    mark_default(row, "storageclass.beta.kubernetes.io/is-default-class");
    mark_default(row, "storageclass.kubernetes.io/is-default-class");
    table__text(row, "provisioner", "");
    table__text(row, "reclaimPolicy", "Delete");
    table__text(row, "volumeBindingMode", "Immediate");
    table__bool(row, value_at_bool(row->object, "allowVolumeExpansion"));
    table__age(row);
}

static void fill_attributes_class(TableRow *row)
{
    table__text(row, "driverName", "");
    table__age(row);
}

static void fill_attachment(TableRow *row)
{
    table__text(row, "spec.attacher", "");
    table__text(row, "spec.source.persistentVolumeName", "");
    table__text(row, "spec.nodeName", "");
    table__bool(row, value_at_bool(row->object, "status.attached"));
    table__age(row);
}

static void fill_csi_driver(TableRow *row)
{
    const Value *attach = table__at(row, "spec.attachRequired"), *request;
    Value *audiences = value_array(row->arena);

    value_each_item(table__at(row, "spec.tokenRequests"), i, request) value_append(
        row->arena, audiences,
        value_str(row->arena, table__scalar(row->arena, value_get(request, "audience"), "")));
    table__bool(row, !attach || value_is_true(attach));
    table__bool(row, value_at_bool(row->object, "spec.podInfoOnMount"));
    table__bool(row, value_at_bool(row->object, "spec.storageCapacity"));
    table__str(row, table__join_some(row->arena, audiences, UINT32_MAX, ",", "<unset>"));
    table__bool(row, value_at_bool(row->object, "spec.requiresRepublish"));
    table__str(row, table__join_some(row->arena, table__at(row, "spec.volumeLifecycleModes"),
                                     UINT32_MAX, ",", "<none>"));
    table__age(row);
}

static void fill_csi_node(TableRow *row)
{
    table__int(row, value_len(table__at(row, "spec.drivers")));
    table__age(row);
}

/* ---- dynamic resources ---- */

static void fill_resource_claim(TableRow *row)
{
    Value *states = value_array(row->arena);
    bool is_deleted = table__at(row, "metadata.deletionTimestamp") != NULL;

    if (is_deleted)
        value_append(row->arena, states, value_str(row->arena, "deleted"));
    if (!table__at(row, "status.allocation")) {
        if (!is_deleted)
            value_append(row->arena, states, value_str(row->arena, "pending"));
    } else {
        value_append(row->arena, states, value_str(row->arena, "allocated"));
        if (value_len(table__at(row, "status.reservedFor")) > 0)
            value_append(row->arena, states, value_str(row->arena, "reserved"));
    }
    table__str(row, table__join_some(row->arena, states, UINT32_MAX, ",", ""));
    table__age(row);
}

static void fill_resource_slice(TableRow *row)
{
    table__text(row, "spec.nodeName", "");
    table__text(row, "spec.driver", "");
    table__text(row, "spec.pool.name", "");
    table__age(row);
}

/* ---- events ---- */

/* Core events and events.k8s.io name the same fields differently. */
static const Value *either(TableRow *row, const char *path, const char *other)
{
    const Value *v = table__at(row, path);

    return v && v->type != VALUE_NULL ? v : table__at(row, other);
}

static const char *first_text(const char *a, const char *b)
{
    return a && a[0] ? a : b ? b : "";
}

static void fill_event(TableRow *row)
{
    const Value *about = either(row, "involvedObject", "regarding");
    const Value *source = either(row, "source", "deprecatedSource");
    const Value *first = either(row, "firstTimestamp", "deprecatedFirstTimestamp");
    const Value *last = either(row, "lastTimestamp", "deprecatedLastTimestamp");
    const Value *series = table__at(row, "series");
    const Value *count = either(row, "count", "deprecatedCount");
    const char *first_age = value_is(first, VALUE_STRING)
                                ? table__since(row, first)
                                : table__since(row, table__at(row, "eventTime"));
    const char *last_age = value_is(last, VALUE_STRING) ? table__since(row, last) : first_age;
    const char *kind = value_get_str(about, "kind"), *name = value_get_str(about, "name");
    const char *target = table__lower(row, kind ? kind : "");
    const char *component, *instance;
    Slice message;
    int64_t n = 0;

    (void)value_to_int(count, &n); /* absent is 0 */
    if (value_is(series, VALUE_OBJECT)) {
        last_age = table__since(row, value_get(series, "lastObservedTime"));
        n = value_at_int(series, "count", 0);
    } else if (n == 0) {
        n = 1;
    }
    component = first_text(value_get_str(source, "component"),
                           value_to_cstr(either(row, "reportingComponent", "reportingController")));
    instance = first_text(value_get_str(source, "host"), table__str_at(row, "reportingInstance"));
    message = slice_trim(slice_of(table__scalar(row->arena, either(row, "message", "note"), "")));

    table__str(row, last_age);
    table__text(row, "type", "");
    table__text(row, "reason", "");
    table__strf(row, "%s%s%s", target, name && name[0] ? "/" : "", name ? name : "");
    table__str(row, value_get_str(about, "fieldPath"));
    table__strf(row, "%s%s%s", component, instance[0] ? ", " : "", instance);
    table__str(row, arena_strndup(row->arena, message.ptr, message.len));
    table__str(row, first_age);
    table__int(row, n);
    table__text(row, "metadata.name", "");
}

const TableKind table__cluster[] = {
    {"nodes", fill_node},
    {"namespaces", fill_namespace},
    {"componentstatuses", fill_component_status},
    {"configmaps", fill_config_map},
    {"secrets", fill_secret},
    {"resourcequotas", fill_resource_quota},
    {"scheduling/priorityclasses", fill_priority_class},
    {"coordination/leases", fill_lease},
    {"node/runtimeclasses", fill_runtime_class},
    {"persistentvolumes", fill_volume},
    {"persistentvolumeclaims", fill_claim},
    {"storage/storageclasses", fill_storage_class},
    {"storage/volumeattributesclasses", fill_attributes_class},
    {"storage/volumeattachments", fill_attachment},
    {"storage/csidrivers", fill_csi_driver},
    {"storage/csinodes", fill_csi_node},
    {"resource/resourceclaims", fill_resource_claim},
    {"resource/resourceslices", fill_resource_slice},
    {"events", fill_event},
    {NULL, NULL},
};
