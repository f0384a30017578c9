/*
 * dns_cache.h - what others have answered to the pods of each tenant.
 *
 * A tenant has its own: whether another one has asked for a name is not for it to find out. An
 * answer is kept for as long as its records say, half a minute at most, and given out with the time
 * that is left. One that was cut, or that is no answer to the question, is not kept.
 *
 * Owns:    the answers, which are bounded in all and for each tenant.
 * Threads: any.
 * Frees:   dns_cache_free().
 * Fails:   never: what it does not have, it does not have.
 * Tests:   tests/unit/agent/test_dns.c
 */
#ifndef AGENT_DNS_CACHE_H
#define AGENT_DNS_CACHE_H

#include "agent/dns.h"

enum { DNS_CACHE_S = 30 }; /* as CoreDNS is set up everywhere */

typedef struct DnsCache DnsCache;

DnsCache *dns_cache_new(void);
void dns_cache_free(DnsCache *c);
DEFINE_CLEANUP(DnsCache, dns_cache_free);

/* Appends the answer to this question, at most `max` bytes; false: it is not here. */
bool dns_cache_get(DnsCache *c, const char *cluster, Slice packet, const DnsQuery *q, size_t max,
                   int64_t now_us, Buf *out);
void dns_cache_put(DnsCache *c, const char *cluster, Slice packet, const DnsQuery *q, Slice answer,
                   int64_t now_us);

#endif
