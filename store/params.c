#include "store/params.h"

#include <endian.h>

static void add_be32(Buf *b, uint32_t v)
{
    v = htobe32(v);
    buf_add(b, &v, sizeof(v));
}

static void add_be64(Buf *b, uint64_t v)
{
    v = htobe64(v);
    buf_add(b, &v, sizeof(v));
}

static void add_be16(Buf *b, uint16_t v)
{
    v = htobe16(v);
    buf_add(b, &v, sizeof(v));
}

void params_done(Params *p)
{
    for (int i = 0; i < PARAMS_MAX; i++)
        buf_done(&p->bufs[i]);
    p->n = 0;
}

void params_reset(Params *p)
{
    for (int i = 0; i < p->n; i++) {
        buf_reset(&p->bufs[i]);
        p->items[i] = 0;
    }
    p->n = 0;
}

static Buf *next(Params *p)
{
    BUG_ON(p->n == PARAMS_MAX);
    p->items[p->n] = 0;
    return &p->bufs[p->n++];
}

void params_int8(Params *p, int64_t v)
{
    add_be64(next(p), (uint64_t)v);
}

void params_int2(Params *p, int16_t v)
{
    add_be16(next(p), (uint16_t)v);
}

void params_text(Params *p, const char *s)
{
    buf_adds(next(p), s);
}

void params_textn(Params *p, Slice s)
{
    buf_add_slice(next(p), s);
}

/* The header of an array: dimensions, has nulls, element type, then length and lower bound of the
 * one dimension. The length is filled in by params_finish(). */
enum { ARRAY_LEN_AT = 12 };

int params_array(Params *p, ParamType of)
{
    Buf *b = next(p);

    add_be32(b, 1);
    add_be32(b, 1);
    add_be32(b, of);
    add_be32(b, 0);
    add_be32(b, 1);
    return p->n - 1;
}

void params_add_int8(Params *p, int array, int64_t v)
{
    add_be32(&p->bufs[array], 8);
    add_be64(&p->bufs[array], (uint64_t)v);
    p->items[array]++;
}

void params_add_int2(Params *p, int array, int16_t v)
{
    add_be32(&p->bufs[array], 2);
    add_be16(&p->bufs[array], (uint16_t)v);
    p->items[array]++;
}

void params_add_bytes(Params *p, int array, Slice s)
{
    add_be32(&p->bufs[array], (uint32_t)s.len);
    buf_add_slice(&p->bufs[array], s);
    p->items[array]++;
}

void params_add_null(Params *p, int array)
{
    add_be32(&p->bufs[array], UINT32_MAX);
    p->items[array]++;
}

void params_finish(Params *p)
{
    for (int i = 0; i < p->n; i++) {
        Buf *b = &p->bufs[i];
        uint32_t n = htobe32(p->items[i]);

        if (p->items[i] > 0)
            memcpy(b->ptr + ARRAY_LEN_AT, &n, sizeof(n));
        p->values[i] = b->ptr ? b->ptr : "";
        p->lengths[i] = (int)b->len;
        p->formats[i] = 1;
    }
}

int64_t result_int8(const PGresult *res, int row, int col)
{
    uint64_t v;

    BUG_ON(PQgetlength(res, row, col) != 8);
    memcpy(&v, PQgetvalue(res, row, col), 8);
    return (int64_t)be64toh(v);
}

int result_int2(const PGresult *res, int row, int col)
{
    uint16_t v;

    BUG_ON(PQgetlength(res, row, col) != 2);
    memcpy(&v, PQgetvalue(res, row, col), 2);
    return (int16_t)be16toh(v);
}

Slice result_bytes(const PGresult *res, int row, int col)
{
    if (PQgetisnull(res, row, col))
        return (Slice){0};
    return (Slice){PQgetvalue(res, row, col), (size_t)PQgetlength(res, row, col)};
}

const char *result_text(const PGresult *res, int row, int col)
{
    return PQgetvalue(res, row, col);
}
