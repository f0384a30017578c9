/*
 * Objects and what the real server says of them, from tests/tables/validate_*.txt:
 *
 *     let NAME text            $NAME stands for the text in what follows
 *     create KIND[.VERSION]    the object follows, in YAML; v1 when it does not say
 *     update KIND [SUB]        the object as it was, "=>", and as it shall be; SUB a subresource
 *     > field: message         a cause; \n in it is a line break
 *
 * A case ends with its causes, or with an empty line when there is nothing to complain of.
 */
#include "tests/unit/api/judged.h"

#include "base/mem.h"
#include "base/yaml.h"

typedef struct Case {
    Arena *a;
    const char *file, *kind, *sub;
    int line; /* where it begins */
    Buf old, now, want;
    bool is_update, is_old, has_causes;
} Case;

typedef struct Table {
    Arena *a;
    const char *file;
    Value *names; /* of `let` */
    int n, n_failed;
} Table;

/* The line with texts in place of their names. */
static void add_line(const Table *t, Buf *out, const char *line)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";

    while (*line) {
        size_t n = *line == '$' ? strspn(line + 1, letters) : 0;
        const char *text = n > 0 ? value_get_str(t->names, arena_strndup(t->a, line + 1, n)) : NULL;

        if (!text) {
            buf_addc(out, *line++);
            continue;
        }
        buf_adds(out, text);
        line += n + 1;
    }
    buf_addc(out, '\n');
}

static Value *object_of(const Case *c, const Resource *r, Buf *text)
{
    Value *v = NULL;
    Err err;

    if (value_parse_yaml(c->a, buf_slice(text), &v, &err) < 0)
        fail_msg("%s:%d: %s", c->file, c->line, err.msg);
    return received(c->a, r, v);
}

static void run(Table *t, Case *c)
{
    const Resource *r = resource(c->kind);
    FieldErrs e = {.arena = c->a};
    Value *now = object_of(c, r, &c->now);
    AUTO_BUF have = BUF_INIT;

    if (c->is_update)
        validate_update(r, c->sub, now, object_of(c, r, &c->old), &e);
    else
        validate_create(r, now, &e);
    for (uint32_t i = 0; i < e.n; i++) {
        buf_addf(&have, "> %s: ", e.items[i].field);
        for (const char *s = without_diff(c->a, e.items[i].message); *s; s++)
            *s == '\n' ? buf_adds(&have, "\\n") : buf_addc(&have, *s);
        buf_addc(&have, '\n');
    }
    t->n++;
    if (strcmp(buf_str(&have), buf_str(&c->want)) == 0)
        return;
    t->n_failed++;
    (void)fprintf(stderr, "%s:%d: %s\nhave\n%swant\n%s", c->file, c->line, c->kind, buf_str(&have),
                  buf_str(&c->want));
}

static void end_case(Table *t, Case *c)
{
    if (c->kind)
        run(t, c);
    buf_done(&c->old);
    buf_done(&c->now);
    buf_done(&c->want);
    arena_free(c->a);
    *c = (Case){.a = arena_new(), .file = t->file};
}

static void begin_case(Case *c, char *line, int number)
{
    char *save = NULL;
    const char *sub;

    c->is_update = str_starts(line, "update ");
    c->is_old = c->is_update;
    c->line = number;
    (void)strtok_r(line, " ", &save);
    c->kind = strtok_r(NULL, " ", &save);
    sub = strtok_r(NULL, " ", &save);
    c->sub = sub ? sub : "";
}

static void take_line(Table *t, Case *c, char *line, int number)
{
    char *name, *save = NULL;

    if (*line == '\0' || (c->has_causes && *line != '>'))
        end_case(t, c);
    if (*line == '\0' || *line == '#')
        return;
    if (str_starts(line, "let ")) {
        (void)strtok_r(line, " ", &save);
        name = strtok_r(NULL, " ", &save);
        value_set_str(t->a, t->names, name, save);
    } else if (str_starts(line, "create ") || str_starts(line, "update ")) {
        begin_case(c, line, number);
    } else if (*line == '>') {
        c->has_causes = true;
        add_line(t, &c->want, line);
    } else if (strcmp(line, "=>") == 0) {
        c->is_old = false;
    } else {
        add_line(t, c->is_old ? &c->old : &c->now, line);
    }
}

static void run_table(const char *path)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Table t = {.a = a, .file = path, .names = value_object(a)};
    Case c = {.a = arena_new(), .file = path};
    char *rest = test_text(a, path), *line;
    int number = 0;

    while ((line = strsep(&rest, "\n")) != NULL)
        take_line(&t, &c, line, ++number);
    end_case(&t, &c);
    arena_free(c.a);
    assert_int_equal(t.n_failed, 0);
    assert_true(t.n > 0);
}

TEST(pods)
{
    run_table("tests/tables/validate_pods.txt");
}

TEST(core)
{
    run_table("tests/tables/validate_core.txt");
}

TEST(workloads)
{
    run_table("tests/tables/validate_workloads.txt");
}
