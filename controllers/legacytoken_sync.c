#include "controllers/legacytoken_sync.h"

#include "base/clock.h"

bool legacytoken_is_one(const Value *secret)
{
    return str_eq(value_get_str(secret, "type"), "kubernetes.io/service-account-token");
}

static bool since_us(const Value *tracking, int64_t *ret)
{
    const char *text = value_at_str(tracking, "data.since");

    return text && clock_from_date(text, ret);
}

bool legacytoken_tracking_is_bad(const Value *tracking)
{
    int64_t us;

    return !since_us(tracking, &us);
}

bool legacytoken_is_noted(const Value *secret, int64_t now_us)
{
    const char *said = meta_label(secret, LEGACY_LAST_USED);
    char today[CLOCK_DATE_MAX], tomorrow[CLOCK_DATE_MAX];

    return str_eq(said, clock_to_date(now_us, today)) ||
           str_eq(said, clock_to_date(now_us + CLOCK_DAY_US, tomorrow));
}

/* Is this account what the Secret means, and does it name the Secret? */
static bool is_of(const Value *secret, const Value *account)
{
    const char *uid = meta_annotation(secret, "kubernetes.io/service-account.uid");
    const Value *ref;

    if (!account || (uid && uid[0] && !str_eq(uid, meta_uid(account))))
        return false;
    value_each_item(value_get(account, "secrets"), i, ref)
    {
        if (str_eq(value_get_str(ref, "name"), meta_name(secret)))
            return true;
    }
    return false;
}

LegacyVerb legacytoken_decide(const LegacyFacts *f)
{
    const char *used = meta_label(f->secret, LEGACY_LAST_USED),
               *invalid = meta_label(f->secret, LEGACY_INVALID_SINCE);
    int64_t begin_us = f->now_us - f->period_s * 1000000, us;
    char begin[CLOCK_DATE_MAX];

    clock_to_date(begin_us, begin);
    /* Noting began within a day: the whole of that does not count. */
    if (!since_us(f->tracking, &us) || us + CLOCK_DAY_US > begin_us)
        return LEGACY_KEEP;
    if (!legacytoken_is_one(f->secret) || meta_is_deleted(f->secret) ||
        meta_created_us(f->secret) >= begin_us)
        return LEGACY_KEEP;
    if (used && (!clock_from_date(used, &us) || strcmp(used, begin) >= 0))
        return LEGACY_KEEP;
    if (!is_of(f->secret, f->account))
        return LEGACY_KEEP;
    if (!invalid || !clock_from_date(invalid, &us))
        return LEGACY_MARK;
    return strcmp(invalid, begin) >= 0 ? LEGACY_KEEP : LEGACY_DELETE;
}
