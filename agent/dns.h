/*
 * dns.h - answers to DNS questions, from one tenant's services and pods.
 *
 *   SVC.NS.svc.cluster.local            A: the service's address, or its endpoints' when headless;
 *                                       an ExternalName: CNAME, and what its target has
 *   HOST.SVC.NS.svc.cluster.local       A: one endpoint (its hostname, or a-b-c-d)
 *   _PORT._PROTO.SVC.NS.svc...          SRV; without port and protocol of all ports
 *   a-b-c-d.NS.pod.cluster.local        A
 *   d.c.b.a.in-addr.arpa                PTR of services and endpoints
 *   dns-version.cluster.local           TXT
 *
 * Pure: bytes and items in, bytes out.
 *
 * Owns:    nothing.
 * Threads: any.
 * Fails:   with a DNS error code in the answer; false for what deserves no answer at all.
 * Tests:   tests/unit/agent/test_dns.c, tests/fuzz/fuzz_dns.c
 */
#ifndef AGENT_DNS_H
#define AGENT_DNS_H

#include "agent/items.h"

enum { DNS_UDP_MAX = 512, DNS_EDNS_MAX = 1232, DNS_TCP_MAX = 65535, DNS_TTL_S = 5 };

typedef struct DnsQuery {
    uint16_t id, type, qclass;
    char name[256];      /* lower case, without the last dot */
    size_t question_len; /* of header and question */
    size_t udp_max;      /* what the asker takes in one datagram */
    bool is_recursion_desired;
} DnsQuery;

/* False: not a question (a response, cut short, looping names, not one question). */
bool dns_parse(Slice packet, DnsQuery *ret);
/* Is the name ours to answer (cluster.local or a reverse name)? */
bool dns_is_ours(const DnsQuery *q);
/* A reverse name of which our answer knows nothing is for others to know. */
bool dns_is_for_others(const DnsQuery *q, Slice our_answer);
/* Appends the answer, at most `max` bytes (a longer one is marked as cut). cluster NULL: refused.
 * ret_external, when not NULL and "" before, is the name outside of the cluster that an alias leads
 * to: what somebody else answers to dns_ask() about it can be added. */
void dns_answer(Slice packet, const DnsQuery *q, Items *items, const char *cluster, size_t max,
                Buf *out, char ret_external[256]);
void dns_ask(const char *name, unsigned type, uint16_t id, Buf *out);
/* Is it the answer to this question? */
bool dns_is_answer(Slice answer, Slice packet, const DnsQuery *q);
/* Is it only the beginning of one? */
bool dns_is_cut(Slice answer);
/* How long it may be kept; 0: not at all. */
int64_t dns_keep_s(Slice answer);
/* So many seconds later: takes them off the times of its records. The least of these before; -1
 * when the answer is malformed, INT64_MAX when there are none. */
int64_t dns_age(char *answer, size_t n, uint32_t seconds);
/* Addresses and aliases of the answer `from`, added to ours while it stays within `max` bytes; all
 * of them or none. */
void dns_add_answers(Slice from, size_t max, Buf *out);

#endif
