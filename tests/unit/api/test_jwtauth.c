#include "api/jwtauth.h"
#include "base/err.h"
#include "tests/unit/test.h"

static const char good[] = "{'issuer':{'url':'https://i.example','audiences':['k']},"
                           "'claimMappings':{'username':{'claim':'sub','prefix':'oidc:'},"
                           "'groups':{'claim':'groups','prefix':'oidc:'}}}";

/* A change to `good` and what is said of it: "field: message", several with a line between. */
static const struct {
    const char *change, *said;
} mistakes[] = {
    {"{}", ""},
    {"{'issuer':{'url':''}}", "jwt[0].issuer.url: Required value"},
    {"{'issuer':{'url':'http://i'}}",
     "jwt[0].issuer.url: Invalid value: \"http://i\": URL scheme must be https"},
    {"{'issuer':{'url':'https://u:p@i'}}",
     "jwt[0].issuer.url: Invalid value: \"https://u:p@i\": URL must not contain a username or "
     "password"},
    {"{'issuer':{'url':'https://i?a=b'}}",
     "jwt[0].issuer.url: Invalid value: \"https://i?a=b\": URL must not contain a query"},
    {"{'issuer':{'url':'https://i#f'}}",
     "jwt[0].issuer.url: Invalid value: \"https://i#f\": URL must not contain a fragment"},
    {"{'issuer':{'url':'https://kubernetes.default.svc.cluster.local'}}",
     "jwt[0].issuer.url: Invalid value: \"https://kubernetes.default.svc.cluster.local\": URL must "
     "not overlap with disallowed issuers: [https://kubernetes.default.svc.cluster.local]"},
    {"{'issuer':{'discoveryURL':'https://i.example/'}}",
     "jwt[0].issuer.discoveryURL: Invalid value: \"https://i.example/\": discoveryURL must be "
     "different from URL"},
    {"{'issuer':{'audiences':[]}}",
     "jwt[0].issuer.audiences: Required value: at least one jwt[0].issuer.audiences is required"},
    {"{'issuer':{'audiences':['a','a'],'audienceMatchPolicy':'MatchAny'}}",
     "jwt[0].issuer.audiences[1]: Duplicate value: \"a\""},
    {"{'issuer':{'audiences':['a','b']}}",
     "jwt[0].issuer.audienceMatchPolicy: Invalid value: \"\": audienceMatchPolicy must be MatchAny "
     "for multiple audiences"},
    {"{'issuer':{'audienceMatchPolicy':'All'}}",
     "jwt[0].issuer.audienceMatchPolicy: Invalid value: \"All\": audienceMatchPolicy must be empty "
     "or MatchAny for single audience"},
    {"{'issuer':{'certificateAuthority':'x'}}",
     "jwt[0].issuer.certificateAuthority: Invalid value: \"<omitted>\": data does not contain any "
     "valid RSA or ECDSA certificates"},
    {"{'claimMappings':{'username':{'claim':'sub','prefix':null}}}",
     "jwt[0].claimMappings.username.prefix: Required value: prefix is required when claim is set. "
     "It can be set to an empty string to disable prefixing"},
    {"{'claimMappings':{'username':{'claim':'','prefix':null}}}",
     "jwt[0].claimMappings.username: Required value: claim or expression is required"},
    {"{'claimMappings':{'username':{'expression':'claims.sub'}}}",
     "jwt[0].claimMappings.username: Invalid value: \"\": claim and expression can't both be set"},
    {"{'claimMappings':{'username':{'claim':'','expression':'claims.sub'}}}",
     "jwt[0].claimMappings.username.prefix: Invalid value: \"oidc:\": may not be specified when "
     "expression is set"},
    {"{'claimMappings':{'username':{'claim':'','prefix':null,'expression':'claims.email'}}}",
     "jwt[0].claimMappings.username.expression: Invalid value: \"claims.email\": "
     "claims.email_verified must be used in claimMappings.username.expression or "
     "claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when "
     "claims.email is used in claimMappings.username.expression"},
    {"{'claimMappings':{'username':{'claim':'','prefix':null,'expression':'claims.?email"
     ".orValue(\\'x\\')'}},'claimValidationRules':[{'expression':'claims.email_verified == "
     "true'}]}",
     ""},
    {"{'claimMappings':{'uid':{'claim':'a','expression':'b'}}}",
     "jwt[0].claimMappings.uid: Invalid value: \"\": claim and expression can't both be set"},
    {"{'claimMappings':{'extra':[{'key':'foo','valueExpression':'claims.a'}]}}",
     "jwt[0].claimMappings.extra[0].key: Invalid value: \"foo\": must be a domain-prefixed path "
     "(such as \"acme.io/foo\")"},
    {"{'claimMappings':{'extra':[{'key':'a.k8s.io/foo','valueExpression':''}]}}",
     "jwt[0].claimMappings.extra[0].key: Invalid value: \"a.k8s.io/foo\": k8s.io, kubernetes.io "
     "and "
     "their subdomains are reserved for Kubernetes use\n"
     "jwt[0].claimMappings.extra[0].valueExpression: Required value"},
    {"{'claimMappings':{'extra':[{'key':'a.io/Foo','valueExpression':'claims.a'},"
     "{'key':'a.io/Foo','valueExpression':'claims.a'}]}}",
     "jwt[0].claimMappings.extra[0].key: Invalid value: \"a.io/Foo\": must be lowercase\n"
     "jwt[0].claimMappings.extra[1].key: Invalid value: \"a.io/Foo\": must be lowercase\n"
     "jwt[0].claimMappings.extra[1].key: Duplicate value: \"a.io/Foo\""},
    {"{'claimValidationRules':[{}]}",
     "jwt[0].claimValidationRules[0]: Required value: claim or expression is required"},
    {"{'claimValidationRules':[{'claim':'a','expression':'b'}]}",
     "jwt[0].claimValidationRules[0]: Invalid value: \"a\": claim and expression can't both be "
     "set"},
    {"{'claimValidationRules':[{'claim':'a','message':'m'},{'claim':'a'}]}",
     "jwt[0].claimValidationRules[0].message: Invalid value: \"m\": may not be specified when "
     "claim "
     "is set\njwt[0].claimValidationRules[1].claim: Duplicate value: \"a\""},
    {"{'claimValidationRules':[{'expression':'claims.a','requiredValue':'m'}]}",
     "jwt[0].claimValidationRules[0].requiredValue: Invalid value: \"m\": may not be specified "
     "when "
     "expression is set\njwt[0].claimValidationRules[0].expression: Invalid value: \"claims.a\": "
     "must evaluate to bool"},
    {"{'userValidationRules':[{'expression':''},{'expression':'true'},{'expression':'true'}]}",
     "jwt[0].userValidationRules[0].expression: Required value\n"
     "jwt[0].userValidationRules[2].expression: Duplicate value: \"true\""},
    {"{'userValidationRules':[{'expression':'claims.sub == 1'}]}",
     "jwt[0].userValidationRules[0].expression: Invalid value: \"claims.sub == 1\": compilation "
     "failed: ERROR: <input>:1:1: undeclared reference to 'claims' (in container '')\n | "
     "claims.sub "
     "== 1\n | ^"},
};

static void merge(Arena *a, Value *to, const Value *from)
{
    value_each_member(from, m)
    {
        Value *old = value_get(to, m->name);

        if (value_is(m->value, VALUE_NULL))
            value_del(to, m->name);
        else if (value_is(m->value, VALUE_OBJECT) && value_is(old, VALUE_OBJECT))
            merge(a, old, m->value);
        else
            value_set(a, to, m->name, m->value);
    }
}

/* Compiles `good` with a change. */
static uint32_t compiled(Arena *a, const char *change, FieldErrs *e, const JwtAuth **ret)
{
    Value *list = value_array(a), *v = value_literal(a, good);
    AUTO_BUF b = BUF_INIT;
    uint32_t n;

    for (const char *p = change; *p; p++) /* \' stays one */
        if (p[0] == '\\' && p[1] == '\'') {
            buf_adds(&b, "\\u0027");
            p++;
        } else
            buf_add(&b, p, 1);
    merge(a, v, value_literal(a, buf_str(&b)));
    value_append(a, list, v);
    *e = (FieldErrs){.arena = a};
    jwtauth_compile(e, "jwt", list, ret, &n);
    return n;
}

TEST(mistakes_are_told_in_the_real_servers_words)
{
    for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF said = BUF_INIT;
        const JwtAuth *j;
        FieldErrs e;

        (void)compiled(a, mistakes[i].change, &e, &j);
        for (uint32_t k = 0; k < e.n; k++)
            buf_addf(&said, "%s%s: %s", k > 0 ? "\n" : "", e.items[k].field, e.items[k].message);
        assert_string_equal(buf_str(&said), mistakes[i].said);
    }
}

TEST(an_issuer_stands_once_and_the_list_is_bounded)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    FieldErrs e = {.arena = a};
    Value *list = value_array(a);
    const JwtAuth *j;
    uint32_t n;

    value_append(a, list, value_literal(a, good));
    value_append(a, list, value_literal(a, good));
    jwtauth_compile(&e, "jwt", list, &j, &n);
    assert_int_equal(e.n, 1);
    assert_string_equal(e.items[0].field, "jwt[1].issuer.url");
    assert_string_equal(e.items[0].message, "Duplicate value: \"https://i.example\"");
    while (value_len(list) <= JWTAUTH_MAX)
        value_append(a, list, value_literal(a, good));
    e.n = 0;
    jwtauth_compile(&e, "jwt", list, &j, &n);
    assert_int_equal(e.n, 1);
    assert_string_equal(e.items[0].message, "Too many: 65: must have at most 64 items");
    assert_int_equal(n, 0);
}

/* ---- claims ---- */

enum { NOW = 1000000 };

static const struct {
    const char *claims; /* besides iss, aud, exp */
    const char *why;    /* NULL: fine */
} dates[] = {
    {"{}", NULL},
    {"{'exp':1000000}",
     "oidc: verify token: oidc: token is expired (Token Expiry: 1970-01-12 13:46:40 +0000 UTC)"},
    {"{'exp':1000001}", NULL},
    {"{'exp':null}",
     "oidc: verify token: oidc: token is expired (Token Expiry: 0001-01-01 00:00:00 +0000 UTC)"},
    {"{'exp':'2000000'}", "oidc: verify token: oidc: failed to unmarshal claims: "},
    {"{'exp':-1}", "a date is not a number"},
    {"{'exp':1e99}", "a date is not a number"},
    {"{'nbf':1000300}", NULL},
    {"{'nbf':1000301}", "oidc: verify token: oidc: current time 1970-01-12 13:46:40 +0000 UTC "
                        "before the nbf (not before) time: 1970-01-12 13:51:41 +0000 UTC"},
    {"{'iat':1000300}", NULL},
    {"{'iat':1000301}", "from the future"},
    {"{'iat':[1]}", "a date is not a number"},
    {"{'aud':['x','k']}", NULL},
    {"{'aud':['x','y']}",
     "oidc: verify token: oidc: expected audience in [\"k\"] got [\"x\" \"y\"]"},
    {"{'aud':'K'}", "oidc: verify token: oidc: expected audience in [\"k\"] got [\"K\"]"},
    {"{'aud':[]}", "expected audience"},
    {"{'aud':null}", "expected audience"},
    {"{'aud':{'k':'k'}}", "expected audience"},
    {"{'aud':'k\\u0000'}", "expected audience"},
    {"{'iss':'https://i.example/'}", "different provider"},
    {"{'iss':null}", "different provider"},
};

TEST(dates_audience_and_issuer_are_held_to)
{
    for (size_t i = 0; i < ARRAY_LEN(dates); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        Value *claims = value_literal(a, "{'iss':'https://i.example','aud':'k','exp':2000000}");
        const JwtAuth *j;
        FieldErrs e;
        Err err = {0};

        assert_int_equal(compiled(a, "{}", &e, &j), 1);
        merge(a, claims, value_literal(a, dates[i].claims));
        if (dates[i].why) {
            int r = jwtauth_check_dates(j, claims, NOW, &err);

            if (r == 0)
                r = jwtauth_check_audience(j, claims, &err);
            assert_fails(r, ERR_UNAUTHORIZED);
            assert_non_null(strstr(err.msg, dates[i].why));
        } else {
            assert_ok(jwtauth_check_dates(j, claims, NOW, &err));
            assert_ok(jwtauth_check_audience(j, claims, &err));
        }
    }
}

static const struct {
    const char *change, *claims;
    const char *said; /* "name|uid|group,group|key=value,value;" or the mistake */
} users[] = {
    {"{}", "{'sub':'jane'}", "oidc:jane|||"},
    {"{}", "{'sub':'jane','groups':'dev'}", "oidc:jane||oidc:dev|"},
    {"{}", "{'sub':'jane','groups':['dev','ops']}", "oidc:jane||oidc:dev,oidc:ops|"},
    {"{}", "{'sub':'jane','groups':{'a':'b'}}",
     "oidc: parse groups claim \"groups\": json: cannot unmarshal object into Go value of type "
     "string"},
    {"{}", "{'sub':'jane','groups':['a',7]}",
     "oidc: parse groups claim \"groups\": json: cannot unmarshal array into Go value of type "
     "string"},
    {"{}", "{}", "oidc: parse username claims \"sub\": claim not present"},
    {"{}", "{'sub':7}",
     "oidc: parse username claims \"sub\": json: cannot unmarshal number into Go value of type "
     "string"},
    {"{}", "{'sub':''}", "oidc: username claim \"sub\" is empty"},
    {"{}", "{'sub':'a\\u0000b'}",
     "oidc: parse username claims \"sub\": the claim is too long or holds a zero byte"},
    {"{'claimMappings':{'username':{'prefix':''}}}", "{'sub':'jane'}", "jane|||"},
    {"{'claimMappings':{'username':{'prefix':''}}}", "{'sub':'system:admin'}",
     "oidc: a username cannot use the reserved prefix system:"},
    {"{'claimMappings':{'username':{'prefix':'system:'}}}", "{'sub':'admin'}",
     "oidc: a username cannot use the reserved prefix system:"},
    {"{'claimMappings':{'groups':{'prefix':''}}}", "{'sub':'a','groups':['system:masters']}",
     "oidc: a group has the reserved prefix system:"},
    {"{'claimMappings':{'username':{'claim':'email','prefix':''}}}", "{'email':'a@b'}", "a@b|||"},
    {"{'claimMappings':{'username':{'claim':'email','prefix':''}}}",
     "{'email':'a@b','email_verified':false}", "oidc: email not verified"},
    {"{'claimMappings':{'username':{'claim':'email','prefix':''}}}",
     "{'email':'a@b','email_verified':'true'}",
     "oidc: parse 'email_verified' claim: json: cannot unmarshal string into Go value of type "
     "bool"},
    {"{'claimMappings':{'username':{'claim':'','prefix':null,'expression':'\\'x-\\' + "
     "claims.sub'},'uid':{'claim':'sid'},'groups':{'claim':'','prefix':null,"
     "'expression':'claims.roles.split(\\',\\')'},'extra':[{'key':'a.io/team',"
     "'valueExpression':'claims.team'},{'key':'a.io/none','valueExpression':'\\'\\''}]}}",
     "{'sub':'j','sid':'7','roles':'a,b','team':['t','']}", "x-j|7|a,b|a.io/team=t;"},
    {"{'claimMappings':{'username':{'claim':'','prefix':null,'expression':'claims.n'}}}", "{'n':7}",
     "oidc: error evaluating username claim expression: username claim expression must return a "
     "string"},
    {"{'claimMappings':{'username':{'claim':'','prefix':null,'expression':'claims.n'}}}", "{}",
     "oidc: error evaluating username claim expression: expression 'claims.n' resulted in error: "
     "no such key: n"},
    {"{'claimMappings':{'username':{'claim':'','prefix':null,'expression':'claims.n'}}}",
     "{'n':''}", "oidc: empty username via CEL expression is not allowed"},
    {"{'claimMappings':{'username':{'claim':'','prefix':null,'expression':"
     "'claims.a__dash__b.c__d + claims[\\'k8s.io\\'] + claims.k8s__dot__io'}}}",
     "{'a-b':{'c__d':'x'},'k8s.io':'y'}", "xyy|||"},
    {"{'claimMappings':{'username':{'claim':'','prefix':null,'expression':"
     "'has(claims.a__dash__b) ? \\'no\\' : claims.a__underscores__b'}}}",
     "{'a__b':'z','a__dash__c':'x'}", "z|||"},
    {"{'claimMappings':{'username':{'claim':'','prefix':null,'expression':'claims.a__b__c'}}}",
     "{'a__b__c':'z'}",
     "oidc: error evaluating username claim expression: expression 'claims.a__b__c' resulted in "
     "error: no such key: a__b__c"},
    {"{'claimMappings':{'uid':{'expression':'claims.n'}}}", "{'sub':'a','n':7}",
     "oidc: error evaluating uid claim expression: uid claim expression must return a string"},
    {"{'claimValidationRules':[{'claim':'hd','requiredValue':'x.io'}]}", "{'sub':'a'}",
     "oidc: required claim hd not present in ID token"},
    {"{'claimValidationRules':[{'claim':'hd','requiredValue':'x.io'}]}", "{'sub':'a','hd':'y.io'}",
     "oidc: required claim hd value does not match. Got = y.io, want = x.io"},
    {"{'claimValidationRules':[{'claim':'hd','requiredValue':'x.io'}]}", "{'sub':'a','hd':true}",
     "oidc: parse claim hd: json: cannot unmarshal bool into Go value of type string"},
    {"{'claimValidationRules':[{'claim':'hd','requiredValue':'x.io'}]}", "{'sub':'a','hd':'x.io'}",
     "oidc:a|||"},
    {"{'claimValidationRules':[{'expression':'claims.hd == \\'x\\'','message':'no'}]}",
     "{'sub':'a','hd':'y'}",
     "oidc: error evaluating claim validation expression: validation expression 'claims.hd == 'x'' "
     "failed: no"},
    {"{'userValidationRules':[{'expression':'!user.username.startsWith(\\'oidc:root\\')',"
     "'message':'no root'}]}",
     "{'sub':'rooty'}",
     "oidc: error evaluating user info validation rule: validation expression "
     "'!user.username.startsWith('oidc:root')' failed: no root"},
    {"{'userValidationRules':[{'expression':'user.groups.all(g, g != \\'oidc:x\\')'}]}",
     "{'sub':'a','groups':['y']}", "oidc:a||oidc:y|"},
};

static void print_list(Buf *b, const char *const *list)
{
    for (size_t i = 0; list[i]; i++)
        buf_addf(b, "%s%s", i > 0 ? "," : "", list[i]);
}

TEST(claims_become_the_user_that_is_configured)
{
    for (size_t i = 0; i < ARRAY_LEN(users); i++) {
        CLEANUP(arena_free) Arena *a = arena_new();
        AUTO_BUF b = BUF_INIT;
        const JwtAuth *j;
        JwtUser u;
        FieldErrs e;
        Err err;

        assert_int_equal(compiled(a, users[i].change, &e, &j), 1);
        assert_int_equal(e.n, 0);
        if (jwtauth_user(j, value_literal(a, users[i].claims), a, &u, &err) < 0) {
            buf_adds(&b, err.msg);
        } else {
            buf_addf(&b, "%s|%s|", u.name, u.uid);
            print_list(&b, u.groups);
            buf_adds(&b, "|");
            for (uint32_t k = 0; k < u.n_extra; k++) {
                buf_addf(&b, "%s=", u.extra[k].key);
                print_list(&b, u.extra[k].values);
                buf_adds(&b, ";");
            }
        }
        assert_string_equal(buf_str(&b), users[i].said);
    }
}

/* A token cannot make the server work for long. */
TEST(an_expression_that_takes_too_long_is_cut_off)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    Value *claims = value_literal(a, "{'sub':'a'}"), *list = value_array(a);
    const JwtAuth *j;
    JwtUser u;
    FieldErrs e;
    Err err;

    for (int i = 0; i < 2000; i++)
        value_append(a, list, value_str(a, "x"));
    value_set(a, claims, "l", list);
    assert_int_equal(compiled(a,
                              "{'claimValidationRules':[{'expression':"
                              "'claims.l.all(a, claims.l.all(b, a == b))'}]}",
                              &e, &j),
                     1);
    assert_int_equal(e.n, 0);
    assert_fails(jwtauth_user(j, claims, a, &u, &err), ERR_UNAUTHORIZED);
    assert_non_null(strstr(err.msg, "cost limit exceeded"));
}
