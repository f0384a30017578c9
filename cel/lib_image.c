#include "cel/cel_int.h"

/* References of images, as github.com/google/go-containerregistry/pkg/name reads them. */

#define NAME             "kubernetes.Image"
#define DEFAULT_REGISTRY "index.docker.io"

typedef struct Image {
    Slice registry, repository, tag, digest;
    bool is_library; /* of Docker's hub without a namespace: library/ goes before it */
} Image;

enum { DIGEST_LEN = 64, TAG_MAX = 128, REPOSITORY_MIN = 2, REPOSITORY_MAX = 255 };

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static bool only(Slice s, const char *set)
{
    for (size_t i = 0; i < s.len; i++)
        if (!s.ptr[i] || !strchr(set, s.ptr[i]))
            return false;
    return true;
}

static bool read_repository(Slice s, Image *ret)
{
    size_t slash = slice_find(s, '/');
    Slice head = {s.ptr, slash == SIZE_MAX ? 0 : slash};

    ret->registry = SLICE(DEFAULT_REGISTRY);
    if (slash != SIZE_MAX && (slice_find(head, '.') != SIZE_MAX ||
                              slice_find(head, ':') != SIZE_MAX || slice_is(head, "localhost"))) {
        if (!slice_is(head, "docker.io"))
            ret->registry = head;
        s = (Slice){s.ptr + slash + 1, s.len - slash - 1};
        if (!only(head, LOWER UPPER DIGITS ".:-_[]"))
            return false;
    }
    ret->repository = s;
    ret->is_library = slice_is(ret->registry, DEFAULT_REGISTRY) && slice_find(s, '/') == SIZE_MAX;
    return s.len >= REPOSITORY_MIN && s.len <= REPOSITORY_MAX && s.ptr[0] != '/' &&
           only(s, LOWER DIGITS "_-./");
}

static bool read_tagged(Slice s, Image *ret)
{
    size_t colon = SIZE_MAX;

    for (size_t i = s.len; i > 0 && s.ptr[i - 1] != '/'; i--)
        if (s.ptr[i - 1] == ':') {
            colon = i - 1;
            break;
        }
    ret->tag = SLICE("latest");
    if (colon != SIZE_MAX) {
        ret->tag = (Slice){s.ptr + colon + 1, s.len - colon - 1};
        s.len = colon;
        if (ret->tag.len == 0 || ret->tag.len > TAG_MAX ||
            !only(ret->tag, LOWER UPPER DIGITS "_-."))
            return false;
    }
    return read_repository(s, ret);
}

static bool parse(Slice s, Image *ret)
{
    size_t at = slice_find(s, '@');

    ret->digest = SLICE("");
    if (at == SIZE_MAX)
        return read_tagged(s, ret);
    ret->digest = (Slice){s.ptr + at + 1, s.len - at - 1};
    if (ret->digest.len != 7 + DIGEST_LEN || !slice_starts(ret->digest, "sha256:") ||
        !only((Slice){ret->digest.ptr + 7, DIGEST_LEN}, DIGITS "abcdef"))
        return false;
    if (!read_tagged((Slice){s.ptr, at}, ret))
        return false;
    ret->tag = SLICE("");
    return true;
}

static CelVal image(CelRun *run, const CelVal *args, int n UNUSED)
{
    Image *i = cel__alloc(run, sizeof(*i));

    if (!i || !parse(args[0].s, i))
        return cel__err(run, "could not parse reference: %.*s",
                        (int)MIN(args[0].s.len, (size_t)1000), args[0].s.ptr);
    return cel__opaque(cel__library_type(NAME), i);
}

static CelVal is_image(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    Image i;

    return cel__of_bool(parse(args[0].s, &i));
}

static const Image *get(CelVal v)
{
    return v.opaque.ptr;
}

static CelVal contains_digest(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_bool(get(args[0])->digest.len > 0);
}

static CelVal registry(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_str(get(args[0])->registry);
}

static CelVal repository(CelRun *run, const CelVal *args, int n UNUSED)
{
    AUTO_BUF out = BUF_INIT;

    if (get(args[0])->is_library)
        buf_adds(&out, "library/");
    buf_add_slice(&out, get(args[0])->repository);
    return cel__of_buf(run, &out);
}

static CelVal identifier(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    const Image *i = get(args[0]);

    return cel__of_str(i->digest.len > 0 ? i->digest : i->tag);
}

static CelVal tag(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_str(get(args[0])->tag);
}

static CelVal digest(CelRun *run UNUSED, const CelVal *args, int n UNUSED)
{
    return cel__of_str(get(args[0])->digest);
}

bool cel__image_equal(CelVal a, CelVal b)
{
    const Image *x = get(a), *y = get(b);

    return slice_eq(x->registry, y->registry) && slice_eq(x->repository, y->repository) &&
           slice_eq(x->tag, y->tag) && slice_eq(x->digest, y->digest);
}

static CelFn fns[] = {
    FN("image", "string_to_image", "string", NAME, image),
    FN("isImage", "is_image_string", "string", "bool", is_image),
    METHOD("containsDigest", "image_contains_digest", NAME, "bool", contains_digest),
    METHOD("registry", "image_registry", NAME, "string", registry),
    METHOD("repository", "image_repository", NAME, "string", repository),
    METHOD("identifier", "image_identifier", NAME, "string", identifier),
    METHOD("tag", "image_tag", NAME, "string", tag),
    METHOD("digest", "image_digest", NAME, "string", digest),
};

const CelLibTable cel__lib_image = {CEL_LIB_IMAGE, fns, ARRAY_LEN(fns)};
