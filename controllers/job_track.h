/*
 * job_track.h - counting each end of a Job's pods exactly once. Pure: changes a status tree.
 *
 * A pod carries the finalizer JOB_TRACKING until its end is counted, so that a pod that somebody
 * deletes counts all the same. The uid goes to status.uncountedTerminatedPods while the finalizer
 * is still on (job_track_note(), then the status is written), then the finalizer goes, then the uid
 * moves into the counter (job_track_settle()). An index that succeeded needs no uid: it is in
 * completedIndexes once.
 *
 * Follows upstream job_controller.go, trackJobStatusAndRemoveFinalizers.
 *
 * Tests:   tests/unit/controllers/test_job_track.c
 */
#ifndef CONTROLLERS_JOB_TRACK_H
#define CONTROLLERS_JOB_TRACK_H

#include "controllers/job_sync.h"

typedef struct JobTrack {
    uint32_t *release; /* numbers of pods whose finalizer goes */
    uint32_t n_release;
    bool is_full; /* more are to be noted in the next sync */
} JobTrack;

/* Note the ends that are new. When the Job has failed, every pod has; when it succeeds, what runs
 * is let go without being counted. */
JobTrack job_track_note(const JobView *w, Value *status, const JobEnd *end);
/* Uids whose pods are not tracked any more move into the counters; true when any did. */
bool job_track_settle(const JobView *w, Value *status);
/* A Job's condition: one that changes in anything is made anew, with the times of now. */
void job_track_condition(Arena *a, Value *holder, const Condition *c, int64_t now_us);
/* The interim condition of an end, when the status does not have it yet. */
void job_track_interim(const JobView *w, Value *holder, const JobEnd *end);
/* The last condition, when nothing is left to wait for; true when it was set. */
bool job_track_finish(const JobView *w, Value *holder, const JobEnd *end, const JobTrack *t);

#endif
