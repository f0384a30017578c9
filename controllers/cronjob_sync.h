/*
 * cronjob_sync.h - when a CronJob is due, and which of its Jobs it counts as active. Pure, but for
 * the zone files.
 *
 * Follows upstream pkg/controller/cronjob: utils.go (mostRecentScheduleTime),
 * cronjob_controllerv2.go.
 *
 * Tests:   tests/unit/controllers/test_cronjob_sync.c
 */
#ifndef CONTROLLERS_CRONJOB_SYNC_H
#define CONTROLLERS_CRONJOB_SYNC_H

#include "api/cron.h"
#include "controllers/ctl.h"

typedef struct CronDue {
    int64_t at_s;   /* the latest time that is not served yet; 0: none */
    int64_t next_s; /* the one after now; 0: never again */
    bool is_late;   /* startingDeadlineSeconds is over for it */
    bool has_many_missed;
    bool is_never;    /* there is no such day */
    int64_t n_missed; /* about */
} CronDue;

/* The first time of the schedule after t_s, both in UTC; the schedule is read in `zone`. -1: never.
 */
int64_t cronjob_next_s(const Cron *cron, const char *zone, int64_t t_s);
CronDue cronjob_due(const Cron *cron, const char *zone, const Value *cj, int64_t now_s);

/* What became of the Jobs: the new list of active ones, and what is to be told. */
typedef struct CronNote {
    const char *type, *reason, *message;
} CronNote;
typedef struct CronJobs {
    Value *active;      /* references */
    int64_t success_us; /* lastSuccessfulTime, 0: none */
    CronNote *notes;
    uint32_t n_notes;
} CronJobs;
CronJobs cronjob_review(Arena *a, const Value *cj, const Values *jobs);

Value *cronjob_reference(Arena *a, const Value *job);
bool cronjob_has_active(const Value *active, const char *uid, const char *name); /* either */
Value *cronjob_job(Arena *a, const Value *cj, int64_t at_s);

#endif
