#include "base/err.h"
#include "base/regex.h"
#include "cel/cel_int.h"

/* Steps of a match from which on it is charged by them; the usual cost goes by the length of the
 * pattern, which says little of a{1000}. */
enum { FREE_STEPS = 1000000, STEPS_PER_COST = 2000 };

static void on_arena_free(void *re)
{
    regex_free(re);
}

Regex *cel__regex_compile(Arena *a, Slice pattern)
{
    Regex *re;

    if (regex_compile(pattern.ptr ? pattern.ptr : "", pattern.len, &re, NULL) < 0)
        return NULL;
    arena_on_free(a, on_arena_free, re);
    return re;
}

static void charge_steps(CelRun *run, const Regex *re, size_t len)
{
    uint64_t steps = cel_cost_mul(regex_size(re), len + 1);

    if (steps > FREE_STEPS)
        cel__charge(run, steps / STEPS_PER_COST);
}

/* The pattern of the running call: compiled with the program when it is a literal, else here; the
 * last one is kept. */
const Regex *cel__regex_of(CelRun *run, Slice pattern, Slice text, CelVal *wrong)
{
    const Regex *re = run->call->call.constant;
    Err err;

    if (!re && run->regex && slice_eq(run->regex_text, pattern))
        re = run->regex;
    if (!re) {
        Regex *made;

        if (regex_compile(pattern.ptr ? pattern.ptr : "", pattern.len, &made, &err) < 0) {
            *wrong = cel__err(run, "%s", err.msg);
            return NULL;
        }
        arena_on_free(run->a, on_arena_free, made);
        if (regex_bytes(made) > run->room)
            run->is_over_limit = true;
        run->room -= MIN(run->room, regex_bytes(made));
        run->regex = made;
        re = made;
        run->regex_text = pattern;
    }
    charge_steps(run, re, text.len);
    if (run->is_over_limit) {
        *wrong = cel__err(run, "operation cancelled: actual cost limit exceeded");
        return NULL;
    }
    return re;
}

static CelVal find(CelRun *run, const CelVal *args, int n UNUSED)
{
    CelVal wrong;
    const Regex *re = cel__regex_of(run, args[1].s, args[0].s, &wrong);
    size_t start, end;

    if (!re)
        return wrong;
    if (!regex_find(re, args[0].s.ptr ? args[0].s.ptr : "", args[0].s.len, 0, &start, &end))
        return cel__of_str(SLICE(""));
    return cel__of_str((Slice){args[0].s.ptr + start, end - start});
}

static CelVal find_all(CelRun *run, const CelVal *args, int n)
{
    CelVal wrong;
    Slice s = args[0].s;
    const Regex *re = cel__regex_of(run, args[1].s, s, &wrong);
    int64_t limit = n > 2 ? args[2].i : -1;
    uint32_t found = 0, cap = 0;
    CelVal *items = NULL;
    size_t at = 0, start, end, last = SIZE_MAX;

    if (!re)
        return wrong;
    while (at <= s.len && (limit < 0 || found < limit) &&
           regex_find(re, s.ptr ? s.ptr : "", s.len, at, &start, &end)) {
        size_t step = 1;

        if (start == end && start < s.len)
            (void)cel__rune(s, start, &step);
        /* An empty match right behind a match does not count, as in Go. */
        if (start != end || start != last) {
            if (found == cap) {
                CelVal *grown = cel__alloc(run, (cap ? cap * 2 : 8) * sizeof(*grown));

                if (!grown)
                    return cel__err(run, "too many matches");
                if (found > 0)
                    memcpy(grown, items, found * sizeof(*grown));
                items = grown;
                cap = cap ? cap * 2 : 8;
            }
            items[found++] = cel__of_str((Slice){s.ptr ? s.ptr + start : "", end - start});
        }
        last = end;
        at = start == end ? end + step : end;
        charge_steps(run, re, 0);
    }
    return cel__list(run, items, found);
}

static CelFn fns[] = {
    METHOD("find", "string_find_string", "string,string", "string", find),
    METHOD("findAll", "string_find_all_string", "string,string", "list(string)", find_all),
    METHOD("findAll", "string_find_all_string_int", "string,string,int", "list(string)", find_all),
};

const CelLibTable cel__lib_regex = {CEL_LIB_REGEX, fns, ARRAY_LEN(fns)};
