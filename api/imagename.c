#include "api/imagename.h"

#include <string.h>

enum { NAME_MAX_BYTES = 255, TAG_MAX = 128, DIGEST_MIN = 32, ID_LEN = 64 };

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static bool is_end(const char *p, const char *ends)
{
    return *p == '\0' || strchr(ends, *p) != NULL;
}

/* Words of letters and digits with '.', '_', '__' or any number of '-' between them. */
static const char *skip_component(const char *p)
{
    size_t n = strspn(p, LOWER DIGITS);

    if (n == 0)
        return NULL;
    for (p += n;; p += n) {
        const char *next = p;

        if (*p == '.')
            next = p + 1;
        else if (*p == '_')
            next = p + (p[1] == '_' ? 2 : 1);
        else
            next = p + strspn(p, "-");
        n = next > p ? strspn(next, LOWER DIGITS) : 0;
        if (n == 0)
            return next > p ? NULL : p;
        p = next;
    }
}

/* The registry before the first slash: host names or an address, and a port. */
static bool is_registry(Slice s)
{
    const char *p = s.ptr, *end = s.ptr + s.len;

    if (p < end && *p == '[') {
        size_t n = 1 + strspn(p + 1, DIGITS "abcdefABCDEF:");

        if (n < 2 || p[n] != ']')
            return false;
        p += n + 1;
    } else {
        for (;; p++) {
            size_t n = strspn(p, LOWER UPPER DIGITS "-");

            if (n == 0 || p[0] == '-' || p[n - 1] == '-')
                return false;
            p += n;
            if (*p != '.')
                break;
        }
    }
    if (p < end && *p == ':') {
        size_t n = strspn(p + 1, DIGITS);

        if (n == 0)
            return false;
        p += 1 + n;
    }
    return p == end;
}

/* Only what looks like a host is one: others are the first part of the path. */
static bool names_registry(Slice head)
{
    if (slice_is(head, "localhost"))
        return true;
    for (size_t i = 0; i < head.len; i++)
        if (strchr(".:" UPPER, head.ptr[i]))
            return true;
    return false;
}

static const char *skip_path(const char *p)
{
    for (;; p++) {
        p = skip_component(p);
        if (!p || *p != '/')
            return p;
    }
}

static bool is_digest(const char *p)
{
    for (;; p++) { /* algorithm: words with one of -_+. between them */
        size_t n = strspn(p, LOWER UPPER DIGITS);

        if (n == 0 || strchr(DIGITS, p[0]))
            return false;
        p += n;
        if (*p == ':')
            break;
        if (*p == '\0' || !strchr("-_+.", *p))
            return false;
    }
    return strlen(p + 1) >= DIGEST_MIN && strspn(p + 1, DIGITS "abcdefABCDEF") == strlen(p + 1);
}

bool imagename_is_latest(const char *name)
{
    const char *slash = strchr(name, '/'), *path = name, *end;
    size_t tag = 0;

    if (strlen(name) == ID_LEN && strspn(name, DIGITS "abcdef") == ID_LEN)
        return false; /* an id, not a name */
    if (slash && names_registry((Slice){name, (size_t)(slash - name)})) {
        if (!is_registry((Slice){name, (size_t)(slash - name)}))
            return false;
        path = slash + 1;
    }
    end = skip_path(path);
    if (!end || end - name > NAME_MAX_BYTES)
        return false;
    if (*end == ':') {
        tag = strspn(end + 1, LOWER UPPER DIGITS "_.-");
        if (tag == 0 || tag > TAG_MAX || strchr(".-", end[1]) || !is_end(end + 1 + tag, "@"))
            return false;
        name = end + 1;
        end += 1 + tag;
    }
    if (*end == '@' && !is_digest(end + 1))
        return false;
    if (!is_end(end, "@"))
        return false;
    return tag > 0 ? tag == 6 && strncmp(name, "latest", 6) == 0 : *end == '\0';
}
