/*
 * join.h - how a node gets its certificate with a join token, and keeps it.
 *
 *   "HP1.<sha256 of the platform CA, hex>.<token id>.<secret>"
 *
 * The CA certificate is fetched without verification and compared with the hash in the token; only
 * then is the token's secret sent, over a connection that the CA vouches for.
 *
 * Owns:    DIR/pki: node.crt, node.key (0600), ca.crt.
 * Threads: one.
 * Fails:   ERR_UNAUTHORIZED when the CA is not the one of the token, ERR_INVALID for a malformed
 *          token, else as client.h.
 * Tests:   tests/unit/agent/test_join.c
 */
#ifndef AGENT_JOIN_H
#define AGENT_JOIN_H

#include "client/http.h"

typedef struct JoinToken {
    char ca_hash[65], id[32], secret[64];
} JoinToken;

int join_token_parse(Slice line, JoinToken *ret, Err *err) MUST_CHECK;
/* Strings of *ret in the arena: from DIR/pki when a valid certificate of this node is there, else
 * by joining with the token in `token_file`. */
int join_credentials(Arena *a, const char *server, const char *token_file, const char *node,
                     const char *data_dir, HttpOptions *ret, Err *err) MUST_CHECK;

/* Is it time for another certificate? In the last third of its life. */
bool join_is_due(int64_t since_s, int64_t until_s, int64_t now_s);
/* When the kept certificate is due: another one, asked for with the one that `client` has, kept and
 * handed to the client. 1: renewed (*ret_cert, *ret_key in the arena), 0: not due or none is kept.
 */
int join_renew(Arena *a, Client *client, const char *node, const char *data_dir,
               const char **ret_cert, const char **ret_key, Err *err) MUST_CHECK;

#endif
