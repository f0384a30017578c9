#include "base/base.h"

void bug_at(const char *file, int line, const char *what)
{
    fprintf(stderr, "BUG: %s:%d: %s\n", file, line, what);
    fflush(stderr);
    abort();
}
