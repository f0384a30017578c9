#include "hostplane/hello.h"

enum { HANDSHAKE = 22, CLIENT_HELLO = 1, SERVER_NAME = 0, HOST_NAME = 0, RECORD_MAX = 16384 };

/* A number of `n` bytes; one that is not there whole is 0, and nothing is left. */
static size_t number(Slice *s, size_t n)
{
    size_t v = 0;

    if (s->len < n) {
        s->len = 0;
        return 0;
    }
    for (size_t i = 0; i < n; i++)
        v = v << 8 | (unsigned char)s->ptr[i];
    *s = slice_behind(*s, n);
    return v;
}

static Slice part(Slice *s, size_t n)
{
    Slice p = slice_until(*s, MIN(n, s->len));

    *s = slice_behind(*s, p.len);
    return p;
}

/* What a number of `n` bytes before it says the length of. */
static Slice vector(Slice *s, size_t n)
{
    size_t len = number(s, n);

    return part(s, len);
}

static Slice name_in(Slice extension)
{
    Slice list = vector(&extension, 2), name;

    if (number(&list, 1) != HOST_NAME)
        return (Slice){"", 0};
    name = vector(&list, 2);
    return name.len > 0 ? name : (Slice){"", 0};
}

static Slice name_of(Slice hello)
{
    Slice extensions;

    (void)part(&hello, 2 + 32); /* version, random */
    (void)vector(&hello, 1);    /* session */
    (void)vector(&hello, 2);    /* cipher suites */
    (void)vector(&hello, 1);    /* compression */
    extensions = vector(&hello, 2);
    while (extensions.len > 0) {
        size_t type = number(&extensions, 2);
        Slice extension = vector(&extensions, 2);

        if (type == SERVER_NAME && extension.len > 0)
            return name_in(extension);
    }
    return (Slice){"", 0};
}

bool hello_read(Slice bytes, Slice *ret_name)
{
    Slice record;
    size_t len;

    *ret_name = (Slice){"", 0};
    if (bytes.len > 0 && bytes.ptr[0] != HANDSHAKE)
        return true;
    if (bytes.len < 5)
        return false;
    (void)part(&bytes, 3);
    len = number(&bytes, 2);
    if (len > RECORD_MAX)
        return true;
    if (bytes.len < len)
        return false;
    record = part(&bytes, len);
    if (number(&record, 1) == CLIENT_HELLO)
        *ret_name = name_of(vector(&record, 3));
    return true;
}
