#include "api/protobuf.h"
#include "api/protobuf_int.h"

/* Go writes texts and numbers that are no pointers even when they are zero. */

static void add_text(Buf *out, uint32_t field, const Value *v, const char *name)
{
    const Value *m = value_get(v, name);

    protobuf__bytes(out, field, value_is(m, VALUE_STRING) ? (Slice){m->str, m->n} : SLICE(""));
}

static void add_number(Buf *out, uint32_t field, const Value *v, const char *name)
{
    protobuf__number(out, field, (uint64_t)value_at_int(v, name, 0));
}

static void add_metadata(Buf *out, const Value *meta)
{
    AUTO_BUF b = BUF_INIT;

    add_text(&b, 1, meta, "selfLink");
    add_text(&b, 2, meta, "resourceVersion");
    add_text(&b, 3, meta, "continue");
    if (value_get(meta, "remainingItemCount"))
        add_number(&b, 4, meta, "remainingItemCount");
    protobuf__bytes(out, 1, buf_slice(&b));
}

static void add_details(Buf *out, const Value *details)
{
    AUTO_BUF b = BUF_INIT;
    const Value *c;

    add_text(&b, 1, details, "name");
    add_text(&b, 2, details, "group");
    add_text(&b, 3, details, "kind");
    value_each_item(value_get(details, "causes"), i, c)
    {
        AUTO_BUF cause = BUF_INIT;

        add_text(&cause, 1, c, "reason");
        add_text(&cause, 2, c, "message");
        add_text(&cause, 3, c, "field");
        protobuf__bytes(&b, 4, buf_slice(&cause));
    }
    add_number(&b, 5, details, "retryAfterSeconds");
    add_text(&b, 6, details, "uid");
    protobuf__bytes(out, 5, buf_slice(&b));
}

void protobuf_write_status(const Value *status, Buf *out)
{
    AUTO_BUF type = BUF_INIT, raw = BUF_INIT;

    protobuf__bytes(&type, 1, SLICE("v1"));
    protobuf__bytes(&type, 2, SLICE("Status"));
    add_metadata(&raw, value_get(status, "metadata"));
    add_text(&raw, 2, status, "status");
    add_text(&raw, 3, status, "message");
    add_text(&raw, 4, status, "reason");
    if (value_is(value_get(status, "details"), VALUE_OBJECT))
        add_details(&raw, value_get(status, "details"));
    add_number(&raw, 6, status, "code");
    buf_add(out, "k8s", 4);
    protobuf__bytes(out, 1, buf_slice(&type));
    protobuf__bytes(out, 2, buf_slice(&raw));
    protobuf__bytes(out, 3, SLICE("")); /* content encoding and type */
    protobuf__bytes(out, 4, SLICE(""));
}
