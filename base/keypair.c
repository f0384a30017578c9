#include "base/keypair.h"

#include "base/pemblock.h"
#include "base/pki.h"

static bool is_key(const char *type)
{
    static const char word[] = "PRIVATE KEY";
    size_t n = strlen(type), w = strlen(word);

    return n >= w && strcmp(type + n - w, word) == 0 && (n == w || type[n - w - 1] == ' ');
}

static bool is_certificate(const char *type)
{
    return strcmp(type, "CERTIFICATE") == 0;
}

/* What was found in place of what was looked for. */
typedef struct Skipped {
    Buf types; /* "A B" */
    uint32_t n;
    char *first;
} Skipped;

/* The first block of a kind; `skipped` names those before it. */
static bool find_block(Arena *a, Slice pem, bool (*wanted)(const char *type), PemBlock *b,
                       Skipped *skipped)
{
    while (pemblock_next(a, &pem, b)) {
        if (wanted(b->type))
            return true;
        if (skipped->n++ == 0)
            skipped->first = b->type;
        buf_addf(&skipped->types, "%s%s", skipped->n > 1 ? " " : "", b->type);
    }
    return false;
}

static const char *no_certificate(Arena *a, const Skipped *s)
{
    if (s->n == 0)
        return "tls: failed to find any PEM data in certificate input";
    if (s->n == 1 && is_key(s->first))
        return "tls: failed to find certificate PEM data in certificate input, but did find a "
               "private key; PEM inputs may have been switched";
    return arena_printf(a,
                        "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after "
                        "skipping PEM blocks of the following types: [%s]",
                        buf_str(&s->types));
}

static const char *no_key(Arena *a, const Skipped *s)
{
    if (s->n == 0)
        return "tls: failed to find any PEM data in key input";
    if (s->n == 1 && is_certificate(s->first))
        return "tls: found a certificate rather than a key in the PEM for the private key";
    return arena_printf(a,
                        "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key "
                        "input after skipping PEM blocks of the following types: [%s]",
                        buf_str(&s->types));
}

const char *keypair_mistake(Arena *a, Slice certificates, Slice keys)
{
    PemBlock certificate = {.der = BUF_INIT}, key = {.der = BUF_INIT};
    Skipped before = {.types = BUF_INIT}, before_key = {.types = BUF_INIT};
    const char *why;

    if (!find_block(a, certificates, is_certificate, &certificate, &before))
        why = no_certificate(a, &before);
    else if (!find_block(a, keys, is_key, &key, &before_key))
        why = no_key(a, &before_key);
    else
        why = pki_pair_mistake(buf_slice(&certificate.der), buf_slice(&key.der));
    buf_done(&certificate.der);
    buf_done(&key.der);
    buf_done(&before.types);
    buf_done(&before_key.types);
    return why;
}
