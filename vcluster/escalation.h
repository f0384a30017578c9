/*
 * escalation.h - nobody grants what they do not hold: roles and bindings are checked against the
 * writer's own rules, unless they may "escalate" or "bind".
 *
 * Threads: any. Fails: replies 403, or 404 for a binding to a role that is not there.
 */
#ifndef VCLUSTER_ESCALATION_H
#define VCLUSTER_ESCALATION_H

#include "vcluster/vcluster_int.h"

int escalation_validate(Request *req, Op *op);

#endif
