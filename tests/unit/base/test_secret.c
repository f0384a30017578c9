#include "base/secret.h"

#include "tests/unit/test.h"

#include <sys/wait.h>
#include <unistd.h>

static bool is_zero(const uint8_t *p)
{
    for (int i = 0; i < SECRET_BYTES; i++)
        if (p[i])
            return false;
    return true;
}

TEST(a_slot_is_wiped_when_it_is_given_back)
{
    uint8_t *p = secret_new(), *again;

    assert_true(is_zero(p));
    memset(p, 0xa5, SECRET_BYTES);
    secret_free(p);
    again = secret_new(); /* the last one given back comes first */
    assert_ptr_equal(p, again);
    assert_true(is_zero(again));
    secret_free(again);
}

TEST(many_slots_do_not_overlap)
{
    enum { N = 3000 };
    static uint8_t *all[N];

    for (int i = 0; i < N; i++) {
        all[i] = secret_new();
        assert_true(is_zero(all[i]));
        memset(all[i], i & 0xff, SECRET_BYTES);
    }
    for (int i = 0; i < N; i++) {
        for (int k = 0; k < SECRET_BYTES; k++)
            assert_int_equal(all[i][k], i & 0xff);
        secret_free(all[i]);
    }
}

TEST(secrets_are_kept_from_core_dumps_and_children)
{
    uint8_t *p = secret_new();
    char line[512], flags[512] = "";
    bool is_ours = false;
    unsigned long from, to;
    FILE *f = fopen("/proc/self/smaps", "r");
    int status;
    pid_t pid;

    assert_non_null(f);
    while (fgets(line, sizeof(line), f)) {
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
            is_ours = (uintptr_t)p >= from && (uintptr_t)p < to;
        else if (is_ours && strncmp(line, "VmFlags:", 8) == 0)
            memcpy(flags, line, sizeof(flags));
    }
    fclose(f);
    assert_non_null(strstr(flags, " dd")); /* do not dump */
    assert_non_null(strstr(flags, " wf")); /* wipe on fork */
    memset(p, 0x5a, SECRET_BYTES);
    pid = fork();
    if (pid == 0)
        _exit(is_zero(p) ? 0 : 1);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(p[0], 0x5a);
    secret_free(p);
}

TEST(texts_of_any_length_are_kept_in_slots)
{
    static const size_t lengths[] = {0, 1, SECRET_BYTES - 1, SECRET_BYTES, SECRET_BYTES + 1, 1000};
    char text[1000];

    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)('a' + i % 26);
    for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
        CLEANUP(secret_text_free) SecretText *t = secret_text_new((Slice){text, lengths[i]});
        AUTO_WIPED_BUF out = BUF_INIT;

        buf_adds(&out, "x");
        secret_text_add(t, &out);
        assert_int_equal(secret_text_len(t), lengths[i]);
        assert_int_equal(out.len, lengths[i] + 1);
        assert_memory_equal(out.ptr + 1, text, lengths[i]);
    }
}
