/* hpctl audit: list, export and verify the records of a cluster (docs/audit.md). */
#include "cli/cli.h"

#include "audit/checkpoint.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/map.h"
#include "base/mem.h"

#include <errno.h>
#include <inttypes.h>

#define EVENTS      "/apis/audit.hostplane.io/v1/auditevents"
#define CHECKPOINTS "/apis/audit.hostplane.io/v1/auditcheckpoints/current"
#define JWKS        "/openid/v1/jwks"
#define TENANTS     "/apis/tenancy.hostplane.io/v1/tenants"

enum {
    PAGE = 500,
    LINE_MAX_BYTES = 16 << 20,
    STATUS_OPEN_END = 3, /* of verify: all holds, but nobody vouches for where it ends */
};

/* ---- pages ---- */

static const char *events_path(Cli *c)
{
    const char *tenant = flag_str(&c->flags, "tenant");

    return tenant ? arena_printf(c->arena, TENANTS "/%s/audit", cli_quote(c, tenant)) : EVENTS;
}

/* Where the chain ends. A tenant whose key is withheld cannot sign it: NULL, which is told. */
static int get_checkpoint(Cli *c, Value **ret)
{
    ClientReply reply;

    if (!flag_str(&c->flags, "tenant")) {
        *ret = cli_get(c, CHECKPOINTS, NULL);
        return *ret ? 0 : 1;
    }
    if (cli_call(c, "GET", events_path(c), "checkpoint=current", NULL, NULL, (Slice){NULL, 0},
                 &reply) != 0)
        return 1;
    if (reply.status != 200 || value_parse(c->arena, reply.body, ret, NULL) < 0) {
        fprintf(stderr, "there is no checkpoint of the tenant: the server answers %d\n",
                reply.status);
        *ret = NULL;
    }
    return 0;
}

/* "2h" is a time so long ago. NULL after printing. */
static const char *time_of(Cli *c, const char *flag)
{
    const char *text = flag_str(&c->flags, flag);
    char now[CLOCK_TEXT_MAX];
    int64_t s, us;

    if (!text)
        return "";
    if (clock_from_rfc3339(slice_of(text), &us))
        return text;
    s = cli_duration_s(text);
    if (s < 0) {
        (void)cli_usage_error(c, "--%s %s is neither a time nor a duration like 2h", flag, text);
        return NULL;
    }
    return arena_strdup(c->arena, clock_to_rfc3339(clock_now_us() - s * 1000000, now));
}

/* What the flags select; NULL after printing. */
static const char *selection(Cli *c)
{
    static const char *const times[] = {"since", "until"};
    static const char *const fields[][2] = {
        {"user", "user"}, {"verb", "verb"}, {"resource", "resource"}, {"namespace", "namespace"}};
    AUTO_BUF query = BUF_INIT, fs = BUF_INIT;

    for (size_t i = 0; i < ARRAY_LEN(times); i++) {
        const char *text = time_of(c, times[i]);

        if (!text)
            return NULL;
        if (text[0])
            buf_addf(&query, "&%s=%s", times[i], cli_quote(c, text));
    }
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        const char *text = flag_str(&c->flags, fields[i][0]);

        if (text)
            buf_addf(&fs, "%s%s=%s", fs.len > 0 ? "," : "", fields[i][1], text);
    }
    if (fs.len > 0)
        buf_addf(&query, "&fieldSelector=%s", cli_quote(c, buf_str(&fs)));
    return arena_strdup(c->arena, buf_str(&query));
}

/* Each record of the selection in turn, until fn answers other than 0. */
static int each_record(Cli *c, const char *selected, int64_t after,
                       int (*fn)(Cli *c, Value *event, void *data), void *data)
{
    const char *more = arena_printf(c->arena, "%" PRId64, after);
    int r = 0;

    while (more && r == 0) {
        const char *query = arena_printf(c->arena, "limit=%d&continue=%s%s", PAGE, more, selected);
        Value *list = cli_get(c, events_path(c), query), *v;

        if (!list)
            return 1;
        more = value_at_str(list, "metadata.continue");
        for (uint32_t i = 0; r == 0 && (v = value_item(value_get(list, "items"), i)); i++)
            r = fn(c, v, data);
    }
    return r;
}

/* ---- list ---- */

static const char *object_of(Cli *c, const Value *v)
{
    const char *sub = value_at_text(v, "objectRef.subresource"),
               *name = value_at_text(v, "objectRef.name");
    const char *ns = value_at_text(v, "objectRef.namespace");

    if (!value_get(v, "objectRef"))
        return value_at_text(v, "requestURI");
    return arena_printf(c->arena, "%s%s%s%s%s%s%s", ns, ns[0] ? "/" : "",
                        value_at_text(v, "objectRef.resource"), sub[0] ? "/" : "", sub,
                        name[0] ? "/" : "", name);
}

static const char *user_of(Cli *c, const Value *v)
{
    const char *as = value_at_str(v, "impersonatedUser.username");

    return as ? arena_printf(c->arena, "%s as %s", value_at_text(v, "user.username"), as)
              : value_at_text(v, "user.username");
}

static const char *code_of(Cli *c, const Value *v)
{
    int64_t code = value_at_int(v, "responseStatus.code", 0);

    return code > 0 ? arena_printf(c->arena, "%" PRId64, code) : "";
}

static const char *note_of(const Value *v, const char *key)
{
    const char *s = value_get_str(value_get(v, "annotations"), key);

    return s ? s : "";
}

typedef struct Rows {
    const char **cells;
    size_t n, cap;
} Rows;

enum { LIST_COLUMNS = 7 };

static void add_cell(Rows *r, const char *s)
{
    GROW(r->cells, r->cap, r->n + 2);
    r->cells[r->n++] = s;
    r->cells[r->n] = NULL;
}

static int add_row(Cli *c, Value *v, void *data)
{
    const char *const cells[LIST_COLUMNS] = {note_of(v, AUDIT_SEQUENCE),
                                             value_at_text(v, "stageTimestamp"),
                                             value_at_text(v, "stage"),
                                             user_of(c, v),
                                             value_at_text(v, "verb"),
                                             object_of(c, v),
                                             code_of(c, v)};

    for (size_t i = 0; i < LIST_COLUMNS; i++)
        add_cell(data, cells[i]);
    return 0;
}

static int add_item(Cli *c, Value *v, void *data)
{
    value_append(c->arena, data, v);
    return 0;
}

int cmd_audit_list(Cli *c)
{
    static const char *const titles[LIST_COLUMNS] = {"RECORD", "TIME",   "STAGE", "USER",
                                                     "VERB",   "OBJECT", "CODE"};
    const char *format = flag_str(&c->flags, "output"), *selected = selection(c);
    Value *list, *items;
    Rows rows = {0};
    int r;

    if (!selected || cli_connect(c) != 0)
        return 1;
    if (format) {
        list = value_literal(c->arena, "{'kind':'EventList','apiVersion':'audit.k8s.io/v1'}");
        items = value_array(c->arena);
        r = each_record(c, selected, 0, add_item, items);
        value_set(c->arena, list, "items", items);
        return r ? r : print_object(c, list, format);
    }
    for (size_t i = 0; i < LIST_COLUMNS; i++)
        add_cell(&rows, titles[i]);
    r = each_record(c, selected, 0, add_row, &rows);
    if (r == 0)
        print_rows(rows.cells, LIST_COLUMNS);
    free(rows.cells);
    return r;
}

/* ---- export ---- */

static void print_line(const Value *v)
{
    AUTO_BUF line = BUF_INIT;

    value_print(v, &line);
    buf_addc(&line, '\n');
    fwrite(line.ptr, 1, line.len, stdout);
}

enum { ENOUGH = -1 }; /* of each_record() */

/* Up to the record that the checkpoint at the end names: the chain goes on growing meanwhile. */
static int export_json(Cli *c UNUSED, Value *v, void *data)
{
    int64_t seq, last = *(const int64_t *)data;

    if (slice_to_int64(slice_of(note_of(v, AUDIT_SEQUENCE)), &seq) && seq > last)
        return ENOUGH;
    print_line(v);
    return 0;
}

/* A cell that a spreadsheet might take for a formula is quoted text to it. */
static void csv_cell(Buf *out, const char *s)
{
    bool is_formula = s[0] && strchr("=+-@\t\r", s[0]);

    if (out->len > 0)
        buf_addc(out, ',');
    if (!is_formula && !strpbrk(s, ",\"\r\n")) {
        buf_adds(out, s);
        return;
    }
    buf_addc(out, '"');
    if (is_formula)
        buf_addc(out, '\'');
    for (; *s; s++) {
        if (*s == '"')
            buf_addc(out, '"');
        buf_addc(out, *s);
    }
    buf_addc(out, '"');
}

static int export_csv(Cli *c, Value *v, void *data UNUSED)
{
    const char *const cells[] = {note_of(v, AUDIT_SEQUENCE),
                                 value_at_text(v, "stageTimestamp"),
                                 value_at_text(v, "auditID"),
                                 value_at_text(v, "stage"),
                                 value_at_text(v, "user.username"),
                                 value_at_text(v, "impersonatedUser.username"),
                                 value_at_text(v, "sourceIPs.0"),
                                 value_at_text(v, "verb"),
                                 value_at_text(v, "objectRef.apiGroup"),
                                 value_at_text(v, "objectRef.resource"),
                                 value_at_text(v, "objectRef.subresource"),
                                 value_at_text(v, "objectRef.namespace"),
                                 value_at_text(v, "objectRef.name"),
                                 code_of(c, v),
                                 note_of(v, "authorization.k8s.io/decision"),
                                 value_at_text(v, "requestURI"),
                                 note_of(v, AUDIT_HASH)};
    AUTO_BUF line = BUF_INIT;

    for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
        if (i > 0 && line.len == 0)
            buf_adds(&line, "\"\"");
        csv_cell(&line, cells[i]);
    }
    puts(buf_str(&line));
    return 0;
}

int cmd_audit_export(Cli *c)
{
    const char *format = flag_str(&c->flags, "output"), *selected = selection(c);
    int64_t last = INT64_MAX;
    Value *end = NULL;
    int r;

    if (!selected || cli_connect(c) != 0)
        return 1;
    if (str_eq(format, "csv")) {
        puts("record,time,auditID,stage,user,impersonatedUser,sourceIP,verb,group,resource,"
             "subresource,namespace,name,code,decision,requestURI,hash");
        return each_record(c, selected, 0, export_csv, NULL);
    }
    if (!str_eq(format, "json"))
        return cli_usage_error(c, "--output %s is not json or csv", format);
    if (!selected[0]) { /* a whole chain says where it ends */
        if (get_checkpoint(c, &end) != 0)
            return 1;
        last = value_at_int(end, "status.head.sequence", INT64_MAX);
    }
    r = each_record(c, selected, 0, export_json, &last);
    if (r > 0)
        return r;
    if (end)
        print_line(end);
    return 0;
}

/* ---- verify ---- */

/* A place that some checkpoint names. */
typedef struct Known {
    const char *cluster;
    AuditPlace place;
    int64_t at_s; /* when that was signed */
    bool is_met;
} Known;

typedef struct Verifier {
    Map checks; /* cluster -> AuditCheck */
    Known *known;
    size_t n_known, cap_known;
    AuditKeys keys;
    int64_t served;    /* the server's checkpoint names this record */
    FILE *piped;       /* what came on standard input; NULL: not read yet */
    const char *where; /* of messages: a file, or NULL */
    int64_t line;
} Verifier;

static AuditCheck *check_of(Verifier *v, const char *cluster)
{
    AuditCheck *k = map_get(&v->checks, cluster);

    if (!k) {
        k = xcalloc(1, sizeof(*k));
        (void)map_set(&v->checks, cluster, k);
    }
    return k;
}

static void know(Verifier *v, const char *cluster, const AuditSigned *is)
{
    GROW(v->known, v->cap_known, v->n_known + 1);
    v->known[v->n_known++] = (Known){cluster, is->place, is->at_s, is->place.seq == 0};
    if (is->place.seq == 0)
        (void)check_of(v, cluster); /* of no records */
}

static bool place_of(const Value *v, AuditPlace *ret)
{
    int64_t seq = value_at_int(v, "sequence", -1);

    ret->seq = seq;
    return seq >= 0 && audit_hash_from_hex(value_get_str(v, "hash"), ret->hash);
}

static int wrong(const Verifier *v, const char *cluster, const char *why)
{
    const char *in = cluster[0] ? cluster : NULL;

    if (v->where)
        fprintf(stderr, "%s:%" PRId64 ": ", v->where, v->line);
    return cli_error("%s%s%s", in ? in : "", in ? ": " : "", why);
}

static int know_token(Verifier *v, Arena *a, const char *cluster, const char *token)
{
    AuditSigned is;
    Err err;

    if (audit_checkpoint_read(a, token, cluster, &v->keys, &is, &err) < 0)
        return wrong(v, cluster, err.msg);
    know(v, cluster, &is);
    return 0;
}

static int know_checkpoint(Verifier *v, Arena *a, const char *cluster, const Value *checkpoint)
{
    const Value *status = value_get(checkpoint, "status"), *token;
    int r = know_token(v, a, cluster, value_get_str(status, "token"));

    value_each_item(value_get(status, "earlier"), i, token)
    {
        if (r == 0)
            r = know_token(v, a, cluster, value_to_cstr(token));
    }
    return r;
}

/* ---- the keys that checkpoints are signed with ---- */

static int add_keys(Verifier *v, const char *where, Slice text)
{
    JwkSet *set = NULL;
    Err err;

    if (jwks_parse(text, &set, &err) < 0)
        return cli_error("%s: %s", where, err.msg);
    GROW(v->keys.sets, v->keys.cap, v->keys.n + 1);
    v->keys.sets[v->keys.n++] = set;
    return 0;
}

static int read_keys(Cli *c, Verifier *v)
{
    const char *path;
    int r = 0;

    for (size_t i = 0; r == 0 && (path = flag_item(&c->flags, "jwks", i)); i++) {
        AUTO_BUF text = BUF_INIT;
        Err err;

        r = file_read(path, JWKS_MAX_LEN, &text, &err) < 0 ? cli_print_err(&err)
                                                           : add_keys(v, path, buf_slice(&text));
    }
    return r;
}

/* Those that the server names. Who may not read them still has the records checked. */
static int ask_keys(Cli *c, Verifier *v)
{
    ClientReply reply;

    if (cli_call(c, "GET", JWKS, NULL, NULL, NULL, (Slice){NULL, 0}, &reply) != 0)
        return 1;
    return reply.status == 200 ? add_keys(v, JWKS, reply.body) : 0;
}

/* Is the record the one that checkpoints of this number name? */
static int check_known(Verifier *v, const char *cluster, const AuditPlace *at)
{
    for (size_t i = 0; i < v->n_known; i++) {
        Known *k = &v->known[i];

        if (k->place.seq != at->seq || !str_eq(k->cluster, cluster))
            continue;
        k->is_met = true;
        if (memcmp(k->place.hash, at->hash, sizeof(at->hash)) != 0)
            return wrong(v, cluster, "a checkpoint names another record of this number");
    }
    return 0;
}

static int check_event(Verifier *v, Arena *a, Value *event)
{
    const char *cluster = arena_strdup(a, note_of(event, AUDIT_CLUSTER));
    AuditCheck *k = check_of(v, cluster);
    Err err;

    if (audit_check_record(k, a, event, &err) < 0)
        return wrong(v, cluster, err.msg);
    return check_known(v, cluster, &k->last);
}

/* What checkpoints name beyond the end was cut off. */
static int check_ends(Verifier *v)
{
    for (size_t i = 0; i < v->n_known; i++) {
        const Known *k = &v->known[i];
        AuditCheck *check = check_of(v, k->cluster);
        Err err;

        if (k->is_met || k->place.seq <= check->last.seq)
            continue;
        if (check->n_records == 0 && k->cluster[0]) /* its records are in another file */
            continue;
        if (audit_check_head(check, &k->place, &err) < 0)
            return wrong(v, k->cluster, err.msg);
    }
    return 0;
}

/* The newest checkpoint of a cluster that agrees; NULL when there is none. */
static const Known *newest_of(const Verifier *v, const char *cluster)
{
    const Known *newest = NULL;

    for (size_t i = 0; i < v->n_known; i++) {
        const Known *k = &v->known[i];

        if (k->is_met && str_eq(k->cluster, cluster) &&
            (!newest || k->place.seq > newest->place.seq ||
             (k->place.seq == newest->place.seq && k->at_s > newest->at_s)))
            newest = k;
    }
    return newest;
}

/* Prints up to where checkpoints vouch for a chain; is that its end? Records behind the last one
 * that was signed are chained to it, but whoever wrote the file may have made and ended them as he
 * liked. */
static bool print_end(const Verifier *v, const char *cluster, const AuditCheck *check)
{
    const Known *k = newest_of(v, cluster);
    int64_t last = check->last.seq;
    char at[CLOCK_TEXT_MAX];

    printf("%s%s", cluster, cluster[0] ? ": " : "");
    if (!k) {
        puts("no checkpoint names one of them: whether more were there cannot be told");
        return false;
    }
    clock_to_rfc3339(k->at_s * 1000000, at);
    if (k->place.seq >= last) {
        printf("a checkpoint of %s says that this is the end as of then\n", at);
        return true;
    }
    printf("a checkpoint of %s vouches for the records up to %" PRId64 ", nothing for the %" PRId64
           " after it, nor for that these are all\n",
           at, k->place.seq, last - k->place.seq);
    return false;
}

/* 0, or STATUS_OPEN_END. */
static int print_result_of(const Verifier *v, bool may_be_open)
{
    bool is_open = v->checks.n == 0;
    const char *cluster;
    size_t at = 0, n_met = 0;
    AuditCheck *k;

    if (is_open)
        puts("there are no records, and no checkpoint says that there should be none");
    while (map_next(&v->checks, &at, &cluster, (void **)&k)) {
        char hex[2 * SHA256_LEN + 1];

        audit_hash_to_hex(k->last.hash, hex);
        printf("%s%s", cluster, cluster[0] ? ": " : "");
        if (k->n_records == 0)
            puts("there are no records");
        else
            printf("%" PRId64 " records hold, %" PRId64 " to %" PRId64 ", the last is %s\n",
                   k->n_records, k->first, k->last.seq, hex);
        is_open = !print_end(v, cluster, k) || is_open;
    }
    for (size_t i = 0; i < v->n_known; i++)
        n_met += v->known[i].is_met;
    if (v->n_known > 0)
        printf("%zu checkpoints agree, %s\n", n_met,
               v->keys.n > 0 ? "signed with the cluster's key"
                             : "whose signatures were not checked for want of keys (--jwks)");
    return is_open && !may_be_open ? STATUS_OPEN_END : 0;
}

/* Lines are read twice; those of a pipe are kept for that. NULL, with errno. */
static FILE *open_lines(Verifier *v, const char *path)
{
    char piece[65536];
    size_t n;

    if (!str_eq(path, "-"))
        return fopen(path, "r");
    if (!v->piped) {
        v->piped = tmpfile();
        while (v->piped && (n = fread(piece, 1, sizeof(piece), stdin)) > 0)
            if (fwrite(piece, 1, n, v->piped) != n)
                return NULL;
    }
    if (v->piped)
        rewind(v->piped);
    return v->piped;
}

/* Lines of a file, without their ends. 0, or what fn answered. */
static int each_line(Cli *c, Verifier *v, const char *path,
                     int (*fn)(Verifier *v, Arena *a, Value *line))
{
    FILE *f = open_lines(v, path);
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    int r = 0;

    if (!f)
        return cli_error("%s: %s", path, strerror(errno));
    v->where = path;
    v->line = 0;
    while (r == 0 && (n = getline(&line, &cap, f)) > 0) {
        Value *value = NULL;

        v->line++;
        if (n > LINE_MAX_BYTES ||
            value_parse(c->arena, slice_trim((Slice){line, (size_t)n}), &value, NULL) < 0)
            r = wrong(v, "", "a line is no JSON");
        else
            r = fn(v, c->arena, value);
    }
    free(line);
    if (f != v->piped)
        fclose(f);
    return r;
}

static bool is_checkpoint(const Value *line)
{
    return str_eq(value_get_str(line, "kind"), "AuditCheckpoint");
}

/* In the server's file a checkpoint has the name of its cluster, in an export there is but one. */
static int learn(Verifier *v, Arena *a, Value *line)
{
    const char *name = value_at_str(line, "metadata.name");

    if (!is_checkpoint(line))
        return 0;
    return know_checkpoint(v, a, !name || str_eq(name, "current") ? "" : name, line);
}

static int check_line(Verifier *v, Arena *a, Value *line)
{
    return is_checkpoint(line) ? 0 : check_event(v, a, line);
}

static int verify_files(Cli *c, Verifier *v)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < c->n_args; i++)
        r = each_line(c, v, c->args[i], learn);
    for (size_t i = 0; r == 0 && i < c->n_args; i++)
        r = each_line(c, v, c->args[i], check_line);
    v->where = NULL;
    return r;
}

/* Up to where the checkpoint says: the chain goes on growing meanwhile. */
static int check_served(Cli *c, Value *event, void *data)
{
    Verifier *v = data;
    int64_t seq;

    if (slice_to_int64(slice_of(note_of(event, AUDIT_SEQUENCE)), &seq) && seq > v->served)
        return ENOUGH;
    return check_event(v, c->arena, event);
}

static int verify_server(Cli *c, Verifier *v)
{
    AuditCheck *k = check_of(v, "");
    Value *ends = NULL;
    AuditPlace start = {0};
    int r;

    v->served = INT64_MAX;
    if (get_checkpoint(c, &ends) != 0)
        return 1;
    if (ends) {
        if (know_checkpoint(v, c->arena, "", ends) != 0)
            return 1;
        if (!place_of(value_at(ends, "status.start"), &start))
            return cli_error("the server's answer has no place where the chain begins");
        v->served = value_at_int(ends, "status.head.sequence", 0);
        k->last = start;
        k->has_last = true;
        if (check_known(v, "", &start) != 0)
            return 1;
    }
    r = each_record(c, "", start.seq, check_served, v);
    return r == ENOUGH ? 0 : r;
}

int cmd_audit_verify(Cli *c)
{
    Verifier v = {.checks = {.free_value = free}};
    bool is_served = c->n_args == 0;
    const char *path;
    int r = is_served ? cli_connect(c) : 0;

    if (r == 0)
        r = read_keys(c, &v);
    if (r == 0 && is_served && v.keys.n == 0 && !flag_str(&c->flags, "tenant"))
        r = ask_keys(c, &v);
    for (size_t i = 0; r == 0 && (path = flag_item(&c->flags, "checkpoint", i)); i++)
        r = each_line(c, &v, path, learn);
    v.where = NULL;
    if (r == 0)
        r = is_served ? verify_server(c, &v) : verify_files(c, &v);
    if (r == 0)
        r = check_ends(&v);
    if (r == 0)
        r = print_result_of(&v, flag_bool(&c->flags, "open-end"));
    map_done(&v.checks);
    if (v.piped)
        fclose(v.piped);
    free(v.known);
    for (size_t i = 0; i < v.keys.n; i++)
        jwks_unref(v.keys.sets[i]);
    free(v.keys.sets);
    return r;
}
