/*
 * pods_int.h - what pods.c (registry, waking), pod_run.c (one round), pod_stop.c (the end) and
 * pod_late.c (those that do not end)
 * share. Private to agent/.
 */
#ifndef AGENT_PODS_INT_H
#define AGENT_PODS_INT_H

#include "agent/admit.h"
#include "agent/api.h"
#include "agent/container.h"
#include "agent/pod_sync.h"
#include "agent/pods.h"
#include "agent/probes.h"
#include "agent/resize.h"
#include "base/map.h"
#include "client/http.h"

#include <pthread.h>

enum {
    POD_RESYNC_S = 50, /* tokens and volumes are looked at so often */
    POD_RETRY_S = 3,   /* after a failure that is not a container's own */
    MIN_GRACE_S = 1,
    MIN_STOP_S = 2, /* from the signal to the kill, whatever is left of the grace period: kubelet's
                       minimumGracePeriodInSeconds (kuberuntime_container.go, killContainer()) */
    POD_OVER_GRACE_S = 2, /* of what runs although the server has the pod as ended, or not at all */
    POD_SUSPEND_GRACE_S = 30, /* at most, when its tenant is suspended */
};

/* Why a pod's thread wakes. */
enum {
    NEWS_ITEM = 1 << 0,    /* the server has another object, or what it refers to */
    NEWS_END = 1 << 1,     /* an event told all that there is to know of a container's end */
    NEWS_PROBE = 1 << 2,   /* a verdict */
    NEWS_RUNTIME = 1 << 3, /* the runtime has something else than before, or may have */
    NEWS_KNOWN_RUNTIME = NEWS_ITEM | NEWS_END | NEWS_PROBE, /* these need no look at it */
};

/* What is remembered of a container. The verdicts are written by prober threads. */
typedef struct PodContainer {
    char *name;
    char probed_id[80];
    bool is_started, is_ready, must_restart;
    char why_restart[64];
    const char *restart_by; /* "livenessProbe", "startupProbe", "": a literal */
    char wait_reason[48], wait_message[700];
    int failures; /* in a row, before the container exists */
    int64_t retry_us, failed_us;
} PodContainer;

typedef struct Pod {
    Pods *pods;     /* borrowed */
    Agent *agent;   /* borrowed */
    AgentApi *api;  /* borrowed */
    Probes *probes; /* borrowed */
    char *uid;
    pthread_t thread;
    _Atomic bool has_ended;   /* the thread is about to return */
    _Atomic bool is_quiet;    /* nothing of it runs, and the server knows */
    _Atomic bool is_admitted; /* its requests count; set under pods->lock or by its own thread */

    pthread_mutex_t lock; /* guards what follows up to the next blank line; a leaf */
    pthread_cond_t wake;
    Item *item;             /* newest from the feed, or made from labels */
    unsigned news;          /* NEWS_ bits; the thread wakes when there are any */
    bool is_gone;           /* not in the feed any more */
    bool is_stopping;       /* the agent ends */
    bool is_looking;        /* in a round, which looks again until nothing is to be done */
    int64_t told_revision;  /* of the object as our last write left it */
    const char *end_reason; /* "Evicted", "Terminated": the node gives it up; NULL: it does not */
    char *end_message;
    int64_t end_grace_s;         /* at most so long */
    char sandbox_id[CRI_ID_MAX]; /* the newest */
    CriEvent final;              /* the newest end that an event told of completely, */
    int64_t final_us;            /* when; 0: the thread has seen to it */
    char no_memory[CRI_ID_MAX];  /* a container of which an event told that it wanted memory */
    int64_t due_us;              /* wall clock: nothing of it may run after that; 0: it goes on */
    PodContainer *containers;
    size_t n_containers;

    /* its own thread only */
    Item *known;     /* as a write of ours was answered; newer than `item` until that catches up */
    int64_t hold_us; /* no new tries before then */
    Arena *seen_arena; /* of `seen` */
    RtPod seen;        /* what the runtime had, and events have told since */
    bool is_seen;      /* it is still so */
    Arena *ahead;      /* of the volumes that were set up beside the sandbox, or NULL */
    Value *ahead_paths;
    int64_t ahead_us; /* when */
} Pod;

struct Pods {
    Agent *agent;
    AgentApi *api; /* borrowed */
    Probes *probes;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t wake;  /* of the poller */
    Map by_uid;           /* Pod */
    Map seen;             /* uid -> fingerprint from the last poll */
    bool is_synced, is_stopping, is_poked, is_swept;
    int n_clearing;          /* pods whose remains are cleared away */
    pthread_cond_t has_room; /* for one more of them */
    /* the poller's own */
    int64_t volumes_swept_us;
    Map missing_volumes;        /* volumes_sweep_local() */
    pthread_t poller, listener; /* the listener wakes the poller when the runtime says something */
    pthread_t late;             /* ends pods whose time is up, see pod_late.c */
    HttpCancel *cancel;         /* ends the listener and the late one */
    _Atomic int64_t hurry_until_us;
};

/* One look at the pod, woken by `news` (0: by its own timer). Returns when to look again (wall
 * clock, us); *ret_over: nothing of it is left here. */
int64_t pod__round(Pod *p, unsigned news, bool *ret_over);
/* Wait for the end of everything that runs, hooks included, then stop the sandboxes. Whenever
 * something happens to the pod before that, meanwhile(data, news) is called. */
typedef void (*PodMeanwhileFn)(void *data, unsigned news);
int pod__stop(Pod *p, Arena *a, const Item *item, const RtPod *rt, int64_t grace_s,
              PodMeanwhileFn meanwhile, void *data, Err *err) MUST_CHECK;
int pod__kill(Pod *p, Arena *a, const Item *item, const RtPod *rt, const Action *act,
              Err *err) MUST_CHECK;
/* In-place resize: decides, tells the runtime, fills in what the status says of it. Seconds until
 * the next try; 0: nothing is open. */
int64_t pod__resize(Pod *p, Arena *a, const Item *item, const RtPod *rt, PodInput *in,
                    Resources *ret);
void pod__make_cgroup(Pod *p, Arena *a, const Item *item);
/* A container was started with what is allocated. */
void pod__resources_started(Pod *p, Arena *a, const char *container, Resources *r);
/* Sandboxes, files and cgroups of a pod that has ended. */
int pod__remove(Pod *p, Arena *a, const Item *item, const RtPod *rt, Err *err) MUST_CHECK;
void pod__wake(Pod *p, unsigned news);
unsigned pod__take_news(Pod *p); /* what has come since this, or its round, was last asked */
/* What the runtime has of the pod, in the arena; the thread's own memory of it when `news` leave
 * that as it was. with_info: as runtime_pod() has it. */
int pod__see(Pod *p, Arena *a, unsigned news, bool with_info, RtPod *ret, Err *err) MUST_CHECK;
/* Something is done to it: the next look has to be a real one. */
void pod__unsee(Pod *p);
/* When a container's end, of which the runtime alone knows the reason, is to be looked at again;
 * 0: there is none. */
int64_t pod__end_wanted_us(Pod *p, const RtPod *rt);
/* Is there room for it? Then it counts from here on. */
AdmitVerdict pods__admit(Pod *p, Arena *a, const Item *item, ContainerRefusal *ret);
/* To clear away what is left of a pod that has ended takes more than to tell of it, and nobody
 * waits for it: a few at a time, so that others can tell first. True: it has a place, which it
 * gives back; false: none became free in time, and it goes on all the same. */
bool pods__clear_begin(Pods *p);
void pods__clear_end(Pods *p);
/* The thread that kills what is late. */
void *pods__late_main(void *pods);
/* The server has it as ended, or not at all: nothing more is started. */
bool pod__is_over(Pod *p);
/* When nothing of the pod may run any more (wall clock); 0: it goes on. Pure. */
int64_t pod_due_us(const Value *pod, bool is_gone, int64_t now_us);
/* The pod was poked in the runtime: poll soon. */
void pods__poke(Pods *p);
PodContainer *pod__container(Pod *p, const char *name); /* under p->lock; NULL when unknown */
int64_t pod__grace(const Value *pod);
int64_t pod__revision(const Item *i); /* 0: it has none */

#endif
