#include "agent/pull_auth.h"

#include "base/random.h"

const char *pull_repository(Arena *a, const char *image)
{
    size_t first = strcspn(image, "/"), end = strcspn(image, "@");
    bool has_host = image[first] && (memchr(image, '.', first) || memchr(image, ':', first) ||
                                     (first == 9 && memcmp(image, "localhost", 9) == 0));
    const char *slash, *tag, *name = arena_strndup(a, image, end);

    slash = strrchr(name, '/');
    tag = strrchr(slash ? slash : name, ':');
    if (tag)
        name = arena_strndup(a, name, (size_t)(tag - name));
    if (has_host)
        return str_starts(name, "index.docker.io/")
                   ? arena_printf(a, "docker.io/%s", name + strlen("index.docker.io/"))
                   : name;
    return arena_printf(a, "docker.io/%s%s", slash ? "" : "library/", name);
}

/* One part of a host's name; "*" stands for any text within it. After a mismatch the last star
 * takes one byte more: earlier ones need no second look. */
static bool part_matches(Slice pattern, Slice s)
{
    size_t p = 0, i = 0, star = SIZE_MAX, mark = 0;

    while (i < s.len) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = p++;
            mark = i;
        } else if (p < pattern.len && pattern.ptr[p] == s.ptr[i]) {
            p++;
            i++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            i = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*')
        p++;
    return p == pattern.len;
}

static bool host_matches(Slice pattern, Slice host)
{
    Slice p, h;
    bool more_p, more_h;

    do {
        more_p = slice_cut(&pattern, '.', &p);
        more_h = slice_cut(&host, '.', &h);
        if (more_p != more_h || !part_matches(p, h))
            return false;
    } while (more_p);
    return true;
}

bool pull_registry_matches(Arena *a, const char *registry, const char *repository)
{
    const char *r = strstr(registry, "://"), *path;
    size_t n;

    r = r ? r + 3 : registry;
    if (str_starts(r, "index.docker.io"))
        r = arena_printf(a, "docker.io%s", r + strlen("index.docker.io"));
    if (strlen(r) > 256)
        return false;
    n = strcspn(r, "/");
    path = r + n;
    if (!host_matches((Slice){r, n}, (Slice){repository, strcspn(repository, "/")}))
        return false;
    if (str_starts(path, "/v1/") || str_starts(path, "/v2/"))
        path += 3;
    else if (strcmp(path, "/v1") == 0 || strcmp(path, "/v2") == 0)
        path = "";
    return strcmp(path, "/") == 0 || str_starts(repository + strcspn(repository, "/"), path);
}

static Value *auth_of(Arena *a, const Value *entry)
{
    static const char *const names[][2] = {{"auth", "auth"},
                                           {"username", "username"},
                                           {"password", "password"},
                                           {"identitytoken", "identity_token"},
                                           {"registrytoken", "registry_token"}};
    Value *v = value_object(a);

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const char *s = value_get_str(entry, names[i][0]);

        if (s && s[0])
            value_set_str(a, v, names[i][1], s);
    }
    return value_len(v) > 0 ? v : NULL;
}

void pull_auths(Arena *a, const Value *config, const char *image, Value *list)
{
    const char *repository = pull_repository(a, image);
    const Value *auths = value_get(config, "auths");
    Value *lengths = value_array(a);

    value_each_member(auths ? auths : config, m)
    {
        Value *auth = value_is(m->value, VALUE_OBJECT) ? auth_of(a, m->value) : NULL;
        int64_t n = (int64_t)strlen(m->name), other;
        uint32_t at = 0;

        if (!auth || !pull_registry_matches(a, m->name, repository))
            continue;
        while (at < value_len(lengths) && value_to_int(value_item(lengths, at), &other) &&
               other >= n)
            at++;
        value_insert(a, lengths, at, value_int(a, n));
        value_insert(a, list, value_len(list) - (value_len(lengths) - 1 - at), auth);
    }
}

const char *pull_auth_hash(Arena *a, const Value *auth)
{
    char hex[2 * SHA256_LEN + 1];

    return arena_strdup(a, sha256_hex(slice_of(value_to_str(a, auth)), hex));
}
