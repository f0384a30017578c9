/*
 * controllers.h - the reconcilers of all clusters: one set for host and tenants.
 *
 * A dispatcher thread turns changes into keys of one fair work queue; workers take keys and run the
 * sync function of the controller concerned. docs in controllers/README.md.
 *
 * Owns:    its threads, its queue, one client for each controller's identity.
 * Threads: any; controllers_start() and _stop() from one thread.
 * Frees:   controllers_stop() ends the threads and the subscription. A lister without unsubscribe
 *          must have stopped reporting before.
 * Fails:   controllers_start() when a client cannot be opened or a thread not be started.
 * Tests:   tests/unit/controllers/
 */
#ifndef CONTROLLERS_CONTROLLERS_H
#define CONTROLLERS_CONTROLLERS_H

#include "client/client.h"
#include "client/outcall.h"

typedef struct Err Err;
typedef struct Controllers Controllers;

typedef struct ControllersOptions {
    /* A client that acts as `user` ("system:serviceaccount:kube-system:deployment-controller");
     * closed by controllers_stop(). */
    int (*open_client)(const char *user, void *data, Client **ret, Err *err);
    void *data;
    Lister *lister;       /* borrowed */
    unsigned n_workers;   /* 0: 4 */
    const char *pod_cidr; /* address_ranges_parse(); NULL: "10.88.0.0/16" */
    const char *ca_pem;   /* published as kube-root-ca.crt in every namespace */
    /* Sign a certificate request of a cluster; the answer is PEM in the arena. NULL: nothing is
     * signed. */
    int (*sign)(const char *cluster, const char *csr_pem, int64_t lifetime_s, bool is_server,
                Arena *a, const char **ret_pem, void *data, Err *err);
    void *sign_data;
    OutCallFn out_call; /* to providers of external secrets; NULL: none can be asked */
    void *out_data;
    int64_t terminated_pods; /* so many ended pods a cluster may keep; 0: all */
    int64_t node_grace_ms;   /* without a sign of life: NotReady; 0: 40 s */
} ControllersOptions;

int controllers_start(const ControllersOptions *o, Controllers **ret, Err *err) MUST_CHECK;
void controllers_stop(Controllers *c);
DEFINE_CLEANUP(Controllers, controllers_stop);

#endif
