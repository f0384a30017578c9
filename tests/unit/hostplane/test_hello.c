#include "hostplane/hello.h"

#include "base/buf.h"
#include "tests/unit/test.h"

static void add_vector(Buf *b, size_t n_len, Slice bytes)
{
    for (size_t i = n_len; i-- > 0;)
        buf_addc(b, (char)(bytes.len >> (8 * i)));
    buf_add_slice(b, bytes);
}

/* A record with a ClientHello that has an extension before the name. */
static void write_hello(Buf *ret, const char *name)
{
    AUTO_BUF list = BUF_INIT, extension = BUF_INIT, extensions = BUF_INIT, hello = BUF_INIT,
             message = BUF_INIT;

    buf_addc(&list, 0);
    add_vector(&list, 2, slice_of(name));
    add_vector(&extension, 2, buf_slice(&list));
    buf_add(&extensions, "\0\x2b", 2);
    add_vector(&extensions, 2, SLICE("\2\3\4"));
    buf_add(&extensions, "\0\0", 2);
    add_vector(&extensions, 2, buf_slice(&extension));
    buf_add(&hello, "\3\3", 2);
    for (int i = 0; i < 32; i++)
        buf_addc(&hello, (char)i);
    add_vector(&hello, 1, SLICE("session"));
    add_vector(&hello, 2, SLICE("\x13\1\x13\2"));
    add_vector(&hello, 1, (Slice){"\0", 1});
    add_vector(&hello, 2, buf_slice(&extensions));
    buf_addc(&message, 1);
    add_vector(&message, 3, buf_slice(&hello));
    buf_add(ret, "\x16\3\1", 3);
    add_vector(ret, 2, buf_slice(&message));
}

TEST(the_name_that_is_asked_for)
{
    AUTO_BUF b = BUF_INIT;
    Slice name;

    write_hello(&b, "acme.example");
    assert_true(hello_read(buf_slice(&b), &name));
    assert_true(slice_is(name, "acme.example"));
    for (size_t n = 0; n < b.len; n++) {
        assert_false(hello_read((Slice){b.ptr, n}, &name));
        assert_int_equal(name.len, 0);
    }
    buf_adds(&b, "what follows");
    assert_true(hello_read(buf_slice(&b), &name));
    assert_true(slice_is(name, "acme.example"));
}

TEST(what_has_no_name)
{
    AUTO_BUF b = BUF_INIT;
    Slice name;

    write_hello(&b, "");
    assert_true(hello_read(buf_slice(&b), &name));
    assert_int_equal(name.len, 0);
    assert_true(hello_read(SLICE("GET / HTTP/1.1\r\n"), &name));
    assert_int_equal(name.len, 0);
    assert_true(hello_read(SLICE("\x16\3\1\xff\xff"), &name)); /* too long to be a record */
    assert_int_equal(name.len, 0);
    b.ptr[5] = 2; /* a ServerHello */
    assert_true(hello_read(buf_slice(&b), &name));
    assert_int_equal(name.len, 0);
}
