/*
 * pull_auth.h - which credentials of a pull secret are for an image. Pure.
 *
 * Secrets are of the two forms that Docker's client has had: {"auths": {"REGISTRY": {...}}} and
 * {"REGISTRY": {...}}. REGISTRY is a host, with a port, with "*" for a part of the name, with the
 * beginning of the image's path; a scheme and a version ("/v1/") are passed over.
 *
 * Tests:   tests/unit/agent/test_pull_auth.c
 */
#ifndef AGENT_PULL_AUTH_H
#define AGENT_PULL_AUTH_H

#include "base/value.h"

/* "busybox" -> "docker.io/library/busybox", without tag and digest. */
const char *pull_repository(Arena *a, const char *image);
bool pull_registry_matches(Arena *a, const char *registry, const char *repository);
/* Appends what fits, the most specific first: the runtime's AuthConfig. `config` is a secret's data
 * as JSON. */
void pull_auths(Arena *a, const Value *config, const char *image, Value *list);
/* A short text that tells credentials apart. */
const char *pull_auth_hash(Arena *a, const Value *auth);

#endif
