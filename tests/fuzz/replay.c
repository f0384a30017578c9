/* Runs a fuzz target over files given as arguments, for compilers without libFuzzer. */
#include "tests/fuzz/fuzz.h"

#include "base/buf.h"

static bool read_file(const char *path, Buf *out)
{
    char chunk[4096];
    FILE *f = fopen(path, "rb");
    size_t n;

    if (!f)
        return false;
    while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
        buf_add(out, chunk, n);
    return fclose(f) == 0;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        AUTO_BUF b = BUF_INIT;

        if (!read_file(argv[i], &b)) {
            fprintf(stderr, "%s: cannot be read\n", argv[i]);
            return 1;
        }
        (void)LLVMFuzzerTestOneInput((const uint8_t *)(b.ptr ? b.ptr : ""), b.len); /* always 0 */
    }
    return 0;
}
