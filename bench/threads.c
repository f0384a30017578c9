#include "bench/threads.h"

#include "base/mem.h"
#include "base/slice.h"
#include "bench/cpu.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first line of a file of /proc; false when what it is about has ended. */
static bool read_line(const char *path, char *line, int size)
{
    FILE *f = fopen(path, "re");
    bool ok = f && fgets(line, size, f);

    if (f)
        fclose(f);
    return ok;
}

static ThreadTime *time_of(ThreadTimes *t, const char *name)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->items[i].name, name))
            return &t->items[i];
    GROW(t->items, t->cap, t->n + 1);
    t->items[t->n] = (ThreadTime){0};
    snprintf(t->items[t->n].name, sizeof(t->items[t->n].name), "%.15s", name);
    return &t->items[t->n++];
}

static void add_thread(ThreadTimes *t, const char *folder, const char *tid, const char *as)
{
    char path[PATH_MAX], line[256], name[64];
    size_t len;

    snprintf(path, sizeof(path), "%s/%s/comm", folder, tid);
    if (!read_line(path, name, sizeof(name)))
        return;
    len = strcspn(name, "\n");
    while (len > 1 && (isdigit((unsigned char)name[len - 1]) || name[len - 1] == '-'))
        len--;
    name[len] = 0;
    snprintf(path, sizeof(path), "%s/%s/schedstat", folder, tid);
    if (read_line(path, line, sizeof(line)))
        time_of(t, as ? as : name)->ns += strtoll(line, NULL, 10);
}

static void add_process(ThreadTimes *t, int64_t pid, const char *as)
{
    char folder[64];
    const struct dirent *e;
    DIR *d;

    snprintf(folder, sizeof(folder), "/proc/%lld/task", (long long)pid);
    d = opendir(folder);
    while (d && (e = readdir(d)))
        if (isdigit((unsigned char)e->d_name[0]))
            add_thread(t, folder, e->d_name, as);
    if (d)
        closedir(d);
}

static int64_t parent_of(int64_t pid)
{
    BenchStat s;

    return bench_stat(pid, &s) ? s.parent : 0;
}

ThreadTimes thread_times_now(int64_t pid)
{
    ThreadTimes t = {0};
    DIR *d = pid > 0 ? opendir("/proc") : NULL;
    const struct dirent *e;

    if (!d)
        return t;
    add_process(&t, pid, NULL);
    while ((e = readdir(d))) {
        int64_t child = strtoll(e->d_name, NULL, 10), parent = child > 0 ? parent_of(child) : 0;

        /* the postmaster, and what it has started */
        if (parent > 1 && (parent == pid || parent_of(parent) == pid))
            add_process(&t, child, "postgres");
    }
    closedir(d);
    return t;
}

void thread_times_done(ThreadTimes *t)
{
    free(t->items);
    *t = (ThreadTimes){0};
}

void thread_times_print(const ThreadTimes *before, const ThreadTimes *after, int64_t n)
{
    const char *comma = "";

    printf("\"threads_us\":{");
    for (size_t i = 0; i < after->n; i++) {
        int64_t ns = after->items[i].ns;

        for (size_t k = 0; k < before->n; k++)
            if (str_eq(before->items[k].name, after->items[i].name))
                ns -= before->items[k].ns;
        if (ns / 100 / MAX(n, 1) == 0)
            continue; /* not a tenth of a microsecond */
        printf("%s\"%s\":%.1f", comma, after->items[i].name, (double)ns / 1e3 / (double)n);
        comma = ",";
    }
    printf("}");
}
