#include "store/note.h"

#include "tests/unit/test.h"

TEST(what_is_written_is_read)
{
    AUTO_BUF b = BUF_INIT;
    Slice rest, server;
    NoteItem item;

    note_begin(&b, "one");
    note_add(&b, &(NoteItem){.cluster = 12, .revision = 845});
    note_add(&b, &(NoteItem){.cluster = 7, .is_row = true});
    assert_string_equal(buf_str(&b), "one;12:845,!7,");
    rest = buf_slice(&b);
    assert_true(note_sender(&rest, &server));
    assert_true(slice_is(server, "one"));
    assert_true(note_next(&rest, &item));
    assert_int_equal(item.cluster, 12);
    assert_int_equal(item.revision, 845);
    assert_false(item.is_row);
    assert_true(note_next(&rest, &item));
    assert_int_equal(item.cluster, 7);
    assert_true(item.is_row);
    assert_false(note_next(&rest, &item));
}

TEST(nonsense_is_skipped)
{
    static const char *const cases[] = {"",
                                        ",",
                                        ",,,",
                                        "x",
                                        "1",
                                        ":",
                                        "1:",
                                        ":1",
                                        "1:x",
                                        "-1:5",
                                        "1:-5",
                                        "!",
                                        "!x,",
                                        "!0",
                                        "0:1",
                                        "1:2:3",
                                        "99999999999999999999:1"};

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        Slice rest = slice_of(cases[i]);
        NoteItem item;

        assert_false(note_next(&rest, &item));
    }
}
