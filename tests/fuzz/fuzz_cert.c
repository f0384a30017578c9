/*
 * The certificate of a TLS client: which cluster it says it is of, whether that cluster's authority
 * made it, whom it names, whether it was taken back.
 *
 * The first byte says what the rest is: the bytes of a certificate as a stranger sends them; what
 * is signed of one, signed here by the authority; or the description of one (issuer, dates,
 * subject, extensions), which is written and signed here, so that what lies behind the signature is
 * reached. Whatever it is, no other authority takes it, and what is taken is what was meant.
 */
#include "base/err.h"
#include "base/pki.h"
#include "base/value.h"
#include "tenancy/identity.h"
#include "tenancy/terms.h"
#include "tests/fuzz/fuzz.h"

/* ---- two clusters below one platform ---- */

enum { PLATFORM, ACME, GLOBEX, N_AUTHORITIES };

static struct Authority {
    Identity *identity;
    PkiKey *key;
    const char *cn;
} authorities[N_AUTHORITIES] = {{.cn = "hostplane"}, {.cn = "hostplane tenant acme"}, {.cn = NULL}};

static void begin(void)
{
    static const char *const names[] = {"host", "acme", "globex"};
    CLEANUP(arena_free) Arena *a = arena_new();
    Err err;

    for (size_t i = 0; i < N_AUTHORITIES; i++) {
        AUTO_BUF blob = BUF_INIT;
        Value *v = NULL;

        BUG_ON(identity_create(authorities[PLATFORM].identity, names[i], &blob, &err) < 0);
        BUG_ON(identity_open(buf_slice(&blob), names[i], &authorities[i].identity, &err) < 0);
        BUG_ON(value_parse(a, buf_slice(&blob), &v, &err) < 0);
        BUG_ON(pki_key_from_pem(slice_of(value_at_str(v, "ca.key")), &authorities[i].key, &err) <
               0);
    }
}

/* ---- the input as a stream; what is beyond its end is zero ---- */

typedef struct Input {
    const uint8_t *p, *end;
} Input;

static uint8_t take(Input *in)
{
    return in->p < in->end ? *in->p++ : 0;
}

/* A byte says how many. */
static Slice take_text(Input *in)
{
    size_t n = take(in), left = (size_t)(in->end - in->p);
    Slice s = {(const char *)in->p, MIN(n, left)};

    in->p += s.len;
    return s;
}

/* ---- DER ---- */

enum {
    DER_INTEGER = 0x02,
    DER_BITS = 0x03,
    DER_OCTETS = 0x04,
    DER_OID = 0x06,
    DER_UTF8 = 0x0c,
    DER_UTC_TIME = 0x17,
    DER_TIME = 0x18,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
};

static void der_add(Buf *out, int tag, Slice s)
{
    buf_addc(out, (char)tag);
    if (s.len >= 256) {
        buf_addc(out, (char)0x82);
        buf_addc(out, (char)(s.len >> 8));
    } else if (s.len >= 128) {
        buf_addc(out, (char)0x81);
    }
    buf_addc(out, (char)s.len);
    buf_add_slice(out, s);
}

static void der_wrap(Buf *out, int tag, Buf *content)
{
    der_add(out, tag, buf_slice(content));
    buf_done(content);
}

#define BYTES(s) ((Slice){s, sizeof(s) - 1})

/* ---- a certificate as it is described ---- */

typedef struct Meant {
    int by; /* which authority signs */
    bool is_described, is_of_issuer, has_uses, is_for_clients, has_unknown;
} Meant;

static void add_name_entry(Buf *out, Slice oid, int tag, Slice text)
{
    AUTO_BUF pair = BUF_INIT;
    Buf sequence = BUF_INIT;

    der_add(&pair, DER_OID, oid);
    der_add(&pair, tag, text);
    der_add(&sequence, DER_SEQUENCE, buf_slice(&pair));
    der_wrap(out, DER_SET, &sequence);
}

static const char oid_cn[] = "\x55\x04\x03", oid_o[] = "\x55\x04\x0a", oid_ou[] = "\x55\x04\x0b",
                  oid_serial[] = "\x55\x04\x05";

static void add_subject(Input *in, Buf *out)
{
    static const char *const oids[] = {oid_cn, oid_o, oid_ou, oid_serial};
    Buf name = BUF_INIT;
    int n = take(in) % 9;

    for (int i = 0; i < n; i++) {
        const char *oid = oids[take(in) % ARRAY_LEN(oids)];
        int tag = take(in);

        add_name_entry(&name, slice_of(oid), tag == 0 ? DER_UTF8 : tag, take_text(in));
    }
    der_wrap(out, DER_SEQUENCE, &name);
}

static void add_dates(Input *in, Buf *out)
{
    Buf dates = BUF_INIT;
    int how = take(in);

    for (int i = 0; i < 2; i++)
        if (how == 0)
            der_add(&dates, DER_TIME, i ? BYTES("99991231235959Z") : BYTES("20200101000000Z"));
        else
            der_add(&dates, how & 1 ? DER_UTC_TIME : DER_TIME, take_text(in));
    der_wrap(out, DER_SEQUENCE, &dates);
}

static void add_public_key(Buf *out)
{
    unsigned char point[1 + 2 * PKI_COORD_LEN] = {4};
    AUTO_BUF bits = BUF_INIT;
    Buf all = BUF_INIT;

    pki_key_public(authorities[GLOBEX].key, point + 1, point + 1 + PKI_COORD_LEN);
    der_add(&all, DER_SEQUENCE,
            BYTES("\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"));
    buf_addc(&bits, 0);
    buf_add(&bits, point, sizeof(point));
    der_add(&all, DER_BITS, buf_slice(&bits));
    der_wrap(out, DER_SEQUENCE, &all);
}

static void add_extension(Input *in, Buf *out, Meant *m)
{
    enum { BASIC, KEY_USAGE, USES, ALT_NAMES, CONSTRAINTS, UNKNOWN, N_KINDS };
    static const char *const oids[] = {"\x55\x1d\x13", "\x55\x1d\x0f", "\x55\x1d\x25",
                                       "\x55\x1d\x11", "\x55\x1d\x1e", "\x55\x1d\x7e"};
    static const char clients[] = "\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02",
                      servers[] = "\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01";
    int kind = take(in) % N_KINDS, how = take(in);
    bool is_critical = how & 1;
    Buf e = BUF_INIT;

    m->has_unknown = m->has_unknown || (kind == UNKNOWN && is_critical);
    der_add(&e, DER_OID, slice_of(oids[kind]));
    if (is_critical)
        buf_add(&e, "\x01\x01\xff", 3);
    if (kind == USES && how & 6) {
        bool is_client = how & 2;

        m->has_uses = true;
        m->is_for_clients = is_client;
        der_add(&e, DER_OCTETS, is_client ? BYTES(clients) : BYTES(servers));
    } else {
        der_add(&e, DER_OCTETS, take_text(in));
    }
    der_wrap(out, DER_SEQUENCE, &e);
}

static void describe(Input *in, Buf *out, Meant *m)
{
    Buf issuer = BUF_INIT, all = BUF_INIT;
    AUTO_BUF cn = BUF_INIT;
    int how = take(in), n;

    m->is_described = true;
    m->is_of_issuer = !(how & 2);
    buf_add(out, "\xa0\x03\x02\x01\x02\x02\x01\x07", 8); /* version 3, number 7 */
    der_add(out, DER_SEQUENCE, BYTES("\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"));
    buf_adds(&cn, m->is_of_issuer ? authorities[m->by].cn : "x");
    if (!m->is_of_issuer)
        buf_add_slice(&cn, take_text(in));
    add_name_entry(&issuer, slice_of(oid_cn), DER_UTF8, buf_slice(&cn));
    der_wrap(out, DER_SEQUENCE, &issuer);
    add_dates(in, out);
    add_subject(in, out);
    add_public_key(out);
    n = take(in) % 7;
    for (int i = 0; i < n; i++)
        add_extension(in, &all, m);
    if (n > 0) {
        Buf list = BUF_INIT;

        der_wrap(&list, DER_SEQUENCE, &all);
        der_wrap(out, 0xa3, &list);
    }
}

static void add_number(Buf *out, const unsigned char *p)
{
    AUTO_BUF n = BUF_INIT;
    size_t i = 0;

    while (i < PKI_COORD_LEN - 1 && p[i] == 0)
        i++;
    if (p[i] & 0x80)
        buf_addc(&n, 0);
    buf_add(&n, p + i, PKI_COORD_LEN - i);
    der_add(out, DER_INTEGER, buf_slice(&n));
}

static void sign(int by, Slice tbs, Buf *out)
{
    unsigned char sig[PKI_ES256_LEN];
    AUTO_BUF bits = BUF_INIT;
    Buf numbers = BUF_INIT, all = BUF_INIT;

    BUG_ON(pki_sign_es256(authorities[by].key, tbs, sig, NULL) < 0);
    add_number(&numbers, sig);
    add_number(&numbers, sig + PKI_COORD_LEN);
    buf_addc(&bits, 0);
    der_wrap(&bits, DER_SEQUENCE, &numbers);
    buf_add_slice(&all, tbs);
    der_add(&all, DER_SEQUENCE, BYTES("\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"));
    der_add(&all, DER_BITS, buf_slice(&bits));
    der_wrap(out, DER_SEQUENCE, &all);
}

/* ---- the checks ---- */

static void check_revoked(const char *user, int64_t issued_s)
{
    TermRevocation r = {.before_s = issued_s - 1, .user = user};
    TenantTerms terms = {.revocations = &r, .n_revocations = 1};

    BUG_ON(terms_revoked(terms_none(), user, issued_s) || terms_revoked(&terms, user, issued_s));
    r.before_s = issued_s;
    BUG_ON(!terms_revoked(&terms, user, issued_s));
    r.user = "";
    BUG_ON(terms_revoked(&terms, user, issued_s) == str_starts(user, "system:serviceaccount:"));
}

/* Does the authority `by` take it? The others never do; -1: none does. */
static bool check(Slice der, int by)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    bool is_good = false;
    Err err;

    for (int i = 0; i < N_AUTHORITIES; i++) {
        const char *const *groups = NULL;
        const char *user = NULL;
        int64_t issued_s = 0;
        int r = identity_check_cert(authorities[i].identity, a, &der, 1, &user, &groups, &issued_s,
                                    &err);

        BUG_ON(r < 0 && r != -ERR_UNAUTHORIZED);
        if (r < 0)
            continue;
        BUG_ON(i != by || !user[0]);
        for (; *groups; groups++)
            (void)strlen(*groups); /* they end */
        check_revoked(user, issued_s);
        is_good = true;
    }
    return is_good;
}

static void check_signed(Slice tbs, const Meant *m)
{
    CLEANUP(arena_free) Arena *a = arena_new();
    AUTO_BUF der = BUF_INIT;

    if (tbs.len > 0xf000)
        return;
    sign(m->by, tbs, &der);
    if (!check(buf_slice(&der), m->by))
        return;
    BUG_ON(!m->is_of_issuer || m->has_unknown || (m->has_uses && !m->is_for_clients));
    /* A request without a name in its path finds the cluster that takes the certificate. */
    if (m->is_described)
        BUG_ON(!slice_is(identity_cert_cluster(a, buf_slice(&der)), m->by == ACME ? "acme" : ""));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Input in = {data + 1, data + size};
    Meant m = {.by = ACME, .is_of_issuer = true};
    AUTO_BUF tbs = BUF_INIT;
    Buf content = BUF_INIT;
    CLEANUP(arena_free) Arena *a = arena_new();
    Slice der;

    if (!authorities[PLATFORM].identity)
        begin();
    if (size == 0)
        return 0;
    switch (data[0] % 4) {
    case 0: /* nobody can sign for keys made just now */
        der = (Slice){(const char *)data + 1, size - 1};
        (void)identity_cert_cluster(a, der);
        BUG_ON(check(der, -1));
        break;
    case 1:
        check_signed((Slice){(const char *)data + 1, size - 1}, &m);
        break;
    default:
        m.by = data[0] % 4 == 2 ? ACME : PLATFORM;
        describe(&in, &content, &m);
        der_wrap(&tbs, DER_SEQUENCE, &content);
        check_signed(buf_slice(&tbs), &m);
    }
    return 0;
}
