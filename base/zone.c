#include "base/zone.h"

#include "base/mem.h"

#include <fcntl.h>
#include <unistd.h>

enum { HEAD_LEN = 44, FILE_MAX = 256 << 10 };

typedef struct Counts {
    uint32_t isut, isstd, leap, time, type, character;
} Counts;

static uint32_t get32(const char *p)
{
    const unsigned char *u = (const unsigned char *)p;

    return (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 | (uint32_t)u[2] << 8 | u[3];
}

static bool read_head(Slice s, Counts *ret)
{
    if (s.len < HEAD_LEN || memcmp(s.ptr, "TZif", 4) != 0)
        return false;
    *ret = (Counts){get32(s.ptr + 20), get32(s.ptr + 24), get32(s.ptr + 28),
                    get32(s.ptr + 32), get32(s.ptr + 36), get32(s.ptr + 40)};
    return ret->time < 10000 && ret->type > 0 && ret->type < 256 && ret->leap < 1000 &&
           ret->character < 4096 && ret->isut < 256 && ret->isstd < 256;
}

static size_t block_len(const Counts *c, size_t time_len)
{
    return c->time * (time_len + 1) + c->type * 6 + c->character + c->leap * (time_len + 4) +
           c->isstd + c->isut;
}

int64_t zone_offset_in(Slice file, int64_t at_s)
{
    const char *times, *indexes, *types;
    uint32_t type = 0;
    size_t skip;
    Counts c;

    /* The first block has 32-bit times; the second one, behind it, has what we want. */
    if (!read_head(file, &c) || file.ptr[4] < '2')
        return 0;
    skip = HEAD_LEN + block_len(&c, 4);
    if (file.len < skip)
        return 0;
    file = (Slice){file.ptr + skip, file.len - skip};
    if (!read_head(file, &c) || file.len < HEAD_LEN + block_len(&c, 8))
        return 0;
    times = file.ptr + HEAD_LEN;
    indexes = times + (size_t)c.time * 8;
    types = indexes + c.time;
    for (uint32_t i = 0; i < c.time; i++) {
        uint64_t t = (uint64_t)get32(times + i * 8) << 32 | get32(times + i * 8 + 4);

        if ((int64_t)t > at_s)
            break;
        type = (unsigned char)indexes[i];
    }
    return type < c.type ? (int32_t)get32(types + type * 6) : 0;
}

bool zone_read(const char *zone, Buf *out)
{
    AUTO_FREE char *path = NULL;
    ssize_t n;
    int fd;

    if (zone[0] == '\0' || str_eq(zone, "UTC"))
        return true;
    if (zone[0] == '/' || strstr(zone, ".."))
        return false;
    path = xasprintf("/usr/share/zoneinfo/%s", zone);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    buf_reserve(out, FILE_MAX);
    n = read(fd, out->ptr, FILE_MAX);
    close(fd);
    if (n <= 0)
        return false;
    out->len = (size_t)n;
    return true;
}

int64_t zone_offset_s(const char *zone, int64_t at_s)
{
    AUTO_BUF text = BUF_INIT;

    return zone && zone_read(zone, &text) ? zone_offset_in(buf_slice(&text), at_s) : 0;
}
