#include "controllers/extsecrets/template.h"

#include "base/err.h"
#include "tests/unit/test.h"

TEST(templates_are_filled_or_refused_by_name)
{
    static const struct {
        const char *text, *result, *why;
    } rows[] = {
        {"plain", "plain", NULL},
        {"", "", NULL},
        {"a{{ .user }}b", "aBobb", NULL},
        {"{{.user}}:{{.pw}}", "Bob:s\"c", NULL},
        {"{{ .user | upper }}", "BOB", NULL},
        {"{{ .user | lower | b64enc }}", "Ym9i", NULL},
        {"{{ b64enc .user }}", "Qm9i", NULL},
        {"{{ .code | b64dec }}", "hi", NULL},
        {"{{ .pw | b64dec }}", NULL, "b64dec: the value is not base64"},
        {"{{ .pw | quote }} {{ .user | squote }}", "\"s\\\"c\" 'Bob'", NULL},
        {"{{ .pw | toString }}", "s\"c", NULL},
        {"{{ \"x}}y\\\"\" }}", "x}}y\"", NULL},
        {"{{ index . \"tls.crt\" }}", "CERT", NULL},
        {"{{ index . \"tls.crt\" | trim }}", "CERT", NULL},
        {"a \n {{- .user -}} \n b", "aBobb", NULL},
        {"{{ .user }}\n{{- .user }}", "BobBob", NULL},
        {"x{{/* no {{ */}}y", "xy", NULL},
        {"{{ .nope }}", NULL, "map has no entry for key \"nope\""},
        {"{{ index . \"nope\" }}", NULL, "map has no entry for key \"nope\""},
        {"{{ if .user }}x{{ end }}", NULL, "\"if\" is not available in templates"},
        {"{{ .user | sha256sum }}", NULL, "\"sha256sum\" is not available in templates"},
        {"{{ range .user }}", NULL, "\"range\" is not available in templates"},
        {"{{ .user .pw }}", NULL, "unexpected \".pw\""},
        {"{{ $x := .user }}", NULL, "unexpected \"$x := .user\""},
        {"{{ }}", NULL, "a value is missing"},
        {"{{ . }}", NULL, "a key is missing behind the dot"},
        {"{{ .user", NULL, "an action does not end"},
        {"{{ \"x }}", NULL, "an action does not end"},
        {"{{ .user | }}", NULL, "\"\" is not available in templates"},
        {"{{ index .user }}", NULL, "index: only of the values: index . \"key\""},
        {"}} {", "}} {", NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *values = value_literal(
            a, "{\"user\":\"Bob\",\"pw\":\"s\\\"c\",\"tls.crt\":\"CERT\",\"code\":\"aGk=\"}");
        AUTO_BUF out = BUF_INIT;
        Err err = {0};
        int r = extsecret_template(slice_of(rows[i].text), values, &out, &err);

        if (rows[i].result) {
            if (r < 0)
                fail_msg("%s: %s", rows[i].text, err.msg);
            assert_string_equal(buf_str(&out), rows[i].result);
        } else {
            assert_int_equal(r, -ERR_INVALID);
            assert_string_equal(err.msg, rows[i].why);
        }
    }
}

TEST(bytes_of_any_kind_go_through)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *values = value_object(a);
    AUTO_BUF out = BUF_INIT;

    value_set(a, values, "bin", value_strn(a, "a\0b", 3));
    assert_ok(extsecret_template(SLICE("<{{ .bin }}>"), values, &out, NULL));
    assert_int_equal(out.len, 5);
    assert_memory_equal(out.ptr, "<a\0b>", 5);
}
