/*
 * validate_security.c - security contexts of pods and containers.
 */
#include "api/validate_int.h"

static void check_id(FieldErrs *e, const Path *p, const Value *v, const char *name)
{
    if (has(v, name))
        check_range(e, AT(p, name), int_of(v, name, 0), 0, INT32_MAX);
}

static void check_seccomp(FieldErrs *e, const Path *p, const Value *v)
{
    const char *type = str_of(v, "type"), *profile = str_of(v, "localhostProfile");
    Value *shown;

    if (!value_is(v, VALUE_OBJECT))
        return;
    if (type[0] == '\0')
        missing(e, AT(p, "type"), "type is required when seccompProfile is set");
    else
        check_enum(e, AT(p, "type"), type, "Localhost|RuntimeDefault|Unconfined");
    if (strcmp(type, "Localhost") == 0) {
        if (!has(v, "localhostProfile"))
            missing(e, AT(p, "localhostProfile"), "must be set when seccomp type is Localhost");
        else
            validate__descending_path(e, AT(p, "localhostProfile"), profile);
    } else if (has(v, "localhostProfile")) {
        shown = validate__go_shown(e, "io.k8s.api.core.v1.SeccompProfile", v);
        bad(e, AT(p, "localhostProfile"), shown, "can only be set when seccomp type is Localhost");
    }
}

static void check_app_armor(FieldErrs *e, const Path *p, const Value *v)
{
    const char *type = str_of(v, "type"), *profile = str_of(v, "localhostProfile");
    const Path *at = AT(p, "localhostProfile");
    Slice trimmed = slice_trim(slice_of(profile));

    if (!value_is(v, VALUE_OBJECT))
        return;
    if (type[0] == '\0')
        missing(e, AT(p, "type"), "type is required when appArmorProfile is set");
    else if (!one_of(type, "Localhost|RuntimeDefault|Unconfined"))
        unsupported(e, AT(p, "type"), type, "Localhost|RuntimeDefault|Unconfined");
    else if (strcmp(type, "Localhost") != 0) {
        if (has(v, "localhostProfile"))
            bad_str(e, at, profile, "can only be set when AppArmor type is Localhost");
    } else if (!has(v, "localhostProfile")) {
        missing(e, at, "must be set when AppArmor type is Localhost");
    } else {
        if (trimmed.len != strlen(profile))
            bad_str(e, at, profile, "must not be padded with whitespace");
        else if (trimmed.len == 0)
            missing(e, at, "must be set when AppArmor type is Localhost");
        if (strlen(profile) > 4095)
            too_long(e, at, 4095);
    }
}

/* ---- Windows ---- */

enum {
    GMSA_MAX = 64 * 1024,
    DOMAIN_MAX = 256,
    USER_MAX = 104,
};

/* 1 to 15 characters, no leading dot, none of \ / : * ? " < > | */
static bool is_netbios(const char *s)
{
    size_t n = strlen(s);

    return n >= 1 && n <= 15 && s[0] != '.' && !strpbrk(s, "\\/:*?\"<>|");
}

static bool is_windows_dns(const char *s)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    for (;;) {
        size_t n = strcspn(s, ".");

        if (n == 0 || n > 63 || !strchr(letters, s[0]) || !strchr(letters, s[n - 1]))
            return false;
        for (size_t i = 0; i < n; i++)
            if (s[i] != '-' && !strchr(letters, s[i]))
                return false;
        if (s[n] == '\0')
            return true;
        s += n + 1;
    }
}

static bool has_control(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7f)
            return true;
    return false;
}

static void check_windows_user(FieldErrs *e, const Path *p, const char *name)
{
    const char *slash = strchr(name, '\\'), *user = slash ? slash + 1 : name;
    const char *domain = slash ? arena_strndup(e->arena, name, (size_t)(slash - name)) : "";

    if (strlen(domain) >= DOMAIN_MAX)
        bad_str(e, p, name, "runAsUserName's Domain length must be under %d characters",
                DOMAIN_MAX);
    if (slash && !is_netbios(domain) && !is_windows_dns(domain))
        bad_str(e, p, name, "runAsUserName's Domain doesn't match the NetBios nor the DNS format");
    if (user[0] == '\0')
        bad_str(e, p, name, "runAsUserName's User cannot be empty");
    else if (strlen(user) > USER_MAX)
        bad_str(e, p, name, "runAsUserName's User length must not be longer than %d characters",
                USER_MAX);
    if (user[0] && user[strspn(user, ". ")] == '\0')
        bad_str(e, p, name, "runAsUserName's User cannot contain only periods or spaces");
    if (strpbrk(user, "\"/\\:;|=,+*?<>@[]"))
        bad_str(e, p, name,
                "runAsUserName's User cannot contain the following characters: "
                "\"/\\:;|=,+*?<>@[]");
}

static void check_windows(FieldErrs *e, const Path *p, const Value *v)
{
    const char *user = str_of(v, "runAsUserName"), *gmsa = str_of(v, "gmsaCredentialSpec");
    const char *slash = strchr(user, '\\');
    const Path *at = AT(p, "runAsUserName");

    if (!value_is(v, VALUE_OBJECT))
        return;
    if (has(v, "gmsaCredentialSpecName"))
        check_name(e, AT(p, "gmsaCredentialSpecName"), str_of(v, "gmsaCredentialSpecName"),
                   names__dns1123_subdomain);
    if (has(v, "gmsaCredentialSpec") && gmsa[0] == '\0')
        bad_str(e, AT(p, "gmsaCredentialSpec"), "", "gmsaCredentialSpec cannot be an empty string");
    else if (strlen(gmsa) > GMSA_MAX)
        bad_str(e, AT(p, "gmsaCredentialSpec"), gmsa,
                "gmsaCredentialSpec size must be under %d KiB", GMSA_MAX / 1024);
    if (!has(v, "runAsUserName"))
        return;
    if (user[0] == '\0')
        bad_str(e, at, "", "runAsUserName cannot be an empty string");
    else if (has_control(user))
        bad_str(e, at, user, "runAsUserName cannot contain control characters");
    else if (slash && strchr(slash + 1, '\\'))
        bad_str(e, at, user, "runAsUserName cannot contain more than one backslash");
    else
        check_windows_user(e, at, user);
}

/* ---- containers ---- */

void validate__security_context(FieldErrs *e, const Path *p, const Value *sc, bool host_users)
{
    const char *mount = str_of(sc, "procMount");
    const Value *escalation = value_get(sc, "allowPrivilegeEscalation"), *cap;
    Value *shown;

    if (!value_is(sc, VALUE_OBJECT))
        return;
    check_id(e, p, sc, "runAsUser");
    check_id(e, p, sc, "runAsGroup");
    if (has(sc, "procMount")) {
        if (!one_of(mount, "Default|Unmasked"))
            unsupported(e, AT(p, "procMount"), mount, "Default|Unmasked");
        if (host_users && strcmp(mount, "Unmasked") == 0)
            bad_str(e, AT(p, "procMount"), mount, "`hostUsers` must be false to use `Unmasked`");
    }
    check_seccomp(e, AT(p, "seccompProfile"), value_get(sc, "seccompProfile"));
    if (value_is(escalation, VALUE_BOOL) && !escalation->boolean) {
        shown = validate__go_shown(e, "io.k8s.api.core.v1.SecurityContext", sc);
        if (value_is_true(value_get(sc, "privileged")))
            bad(e, p, shown,
                "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
        value_each_item(value_at(sc, "capabilities.add"), i, cap)
        {
            if (str_eq(value_to_cstr(cap), "CAP_SYS_ADMIN"))
                bad(e, p, shown,
                    "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` "
                    "CAP_SYS_ADMIN");
        }
    }
    check_windows(e, AT(p, "windowsOptions"), value_get(sc, "windowsOptions"));
    check_app_armor(e, AT(p, "appArmorProfile"), value_get(sc, "appArmorProfile"));
}

/* ---- sysctls ---- */

/* ([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])? */
static bool is_sysctl(const char *s)
{
    static const char ends[] = "abcdefghijklmnopqrstuvwxyz0123456789";

    if (strlen(s) > 253)
        return false;
    for (;;) {
        size_t n = strcspn(s, "./");

        if (n == 0 || !strchr(ends, s[0]) || !strchr(ends, s[n - 1]))
            return false;
        for (size_t i = 0; i < n; i++)
            if (!strchr(ends, s[i]) && s[i] != '-' && s[i] != '_')
                return false;
        if (s[n] == '\0')
            return true;
        s += n + 1;
    }
}

static void check_sysctls(FieldErrs *e, const Path *p, const Value *list, const Value *spec)
{
    bool host_net = value_is_true(value_get(spec, "hostNetwork"));
    bool host_ipc = value_is_true(value_get(spec, "hostIPC"));
    const Value *s;

    value_each_item(list, i, s)
    {
        const Path *at = AT(AT_ITEM(p, i), "name");
        const char *name = str_of(s, "name");
        bool twice = false;

        for (uint32_t k = 0; k < i; k++)
            twice |= strcmp(str_of(value_item(list, k), "name"), name) == 0;
        if (name[0] == '\0')
            missing(e, at, NULL);
        else if (!is_sysctl(name))
            bad_str(e, at, name,
                    "must have at most 253 characters and match regex "
                    "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$");
        else if (twice)
            duplicate(e, at, name);
        if (host_net && str_starts(name, "net."))
            bad_str(e, at, name, "may not be specified when 'hostNetwork' is true");
        if (host_ipc && (str_starts(name, "kernel.shm") || str_starts(name, "kernel.msg") ||
                         strcmp(name, "kernel.sem") == 0 || str_starts(name, "fs.mqueue.")))
            bad_str(e, at, name, "may not be specified when 'hostIPC' is true");
    }
}

/* ---- pods ---- */

void validate__pod_security(FieldErrs *e, const Path *p, const Value *spec)
{
    const Value *sc = value_get(spec, "securityContext"), *group;
    const Path *at = AT(p, "securityContext");

    if (!value_is(sc, VALUE_OBJECT))
        return;
    check_id(e, at, sc, "fsGroup");
    check_id(e, at, sc, "runAsUser");
    check_id(e, at, sc, "runAsGroup");
    value_each_item(value_get(sc, "supplementalGroups"), i, group)
    {
        int64_t id = 0;

        if (value_to_int(group, &id))
            check_range(e, AT_ITEM(AT(at, "supplementalGroups"), i), id, 0, INT32_MAX);
    }
    if (value_is_true(value_get(spec, "shareProcessNamespace")) &&
        value_is_true(value_get(spec, "hostPID")))
        bad(e, AT(at, "shareProcessNamespace"), value_get(spec, "shareProcessNamespace"),
            "ShareProcessNamespace and HostPID cannot both be enabled");
    check_sysctls(e, AT(at, "sysctls"), value_get(sc, "sysctls"), spec);
    if (has(sc, "fsGroupChangePolicy"))
        check_enum(e, AT(at, "fsGroupChangePolicy"), str_of(sc, "fsGroupChangePolicy"),
                   "Always|OnRootMismatch");
    check_seccomp(e, AT(at, "seccompProfile"), value_get(sc, "seccompProfile"));
    check_windows(e, AT(at, "windowsOptions"), value_get(sc, "windowsOptions"));
    check_app_armor(e, AT(at, "appArmorProfile"), value_get(sc, "appArmorProfile"));
    if (has(sc, "supplementalGroupsPolicy"))
        check_enum(e, AT(at, "supplementalGroupsPolicy"), str_of(sc, "supplementalGroupsPolicy"),
                   "Merge|Strict");
    if (has(sc, "seLinuxChangePolicy"))
        check_enum(e, AT(at, "seLinuxChangePolicy"), str_of(sc, "seLinuxChangePolicy"),
                   "Recursive");
}
