#include "hostplane/nodeproxy.h"

#include "base/err.h"
#include "hostplane/front.h"
#include "hostplane/headers.h"
#include "hostplane/podproxy.h"
#include "hostplane/tunnel.h"
#include "hostplane/wsproxy.h"
#include "hostplane/wswatch.h"

#include <strings.h>

static bool is_interactive(const char *path)
{
    static const char *const names[] = {"/exec/", "/attach/", "/portForward/", "/run/"};

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (str_starts(path, names[i]))
            return true;
    return false;
}

static void reply_unreachable(HttpReq *q, ErrCode code, const char *what)
{
    const char *node = q->rq.reply.node;

    if (q->rq.reply.proxy && q->rq.reply.proxy->tls)
        podproxy_give_up(q, what);
    else
        reply_status(&q->rq, code, "error dialing backend: node %s: %s", node, what);
    q->is_ready = true;
}

/* Who is told to come again does; a node that is away is another matter. */
static void reply_without_tunnel(HttpReq *q, TunnelState state)
{
    reply_unreachable(q, state == TUNNEL_FULL ? ERR_TOO_MANY : ERR_UNAVAILABLE,
                      arena_printf(q->arena, "its agent %s", tunnel_problem(state)));
}

/* The agent has said something, or there is more. */
static void on_call(void *data)
{
    HttpReq *q = data;
    int status;

    if (!q->call)
        return;
    if (q->is_ready) {
        req_resume(q);
        return;
    }
    status = node_call_status(q->call);
    if (status == 0)
        return;
    if (status < 0) {
        nodeproxy_close(q);
        reply_unreachable(q, ERR_UNAVAILABLE, "the connection broke");
        req_resume(q);
        return;
    }
    if (q->proxy) {
        podproxy_on_call(q);
        return;
    }
    if (status == 200 && is_interactive(q->rq.reply.node_path)) {
        NodeCall *call = q->call;

        q->call = NULL;
        wsproxy_start(q, call);
        return;
    }
    if (status == 200 && wslog_is_wanted(q)) {
        wslog_start(q);
        return;
    }
    q->rq.reply.status = status;
    q->rq.reply.content_type = node_call_content_type(q->call);
    if (!q->rq.reply.content_type)
        q->rq.reply.content_type = "text/plain";
    req_reply_ready(q);
}

void nodeproxy_start(HttpReq *q)
{
    const Reply *rep = &q->rq.reply;
    bool is_ws = is_interactive(rep->node_path), has_body = is_ws || rep->proxy;
    TunnelState tunnel =
        tunnels_state(server_tunnels(q->front->server), rep->node, q->rq.cluster->name);
    const char *path, *how;

    /* First, as clients try an older protocol when one fails and show the last answer. */
    if (tunnel != TUNNEL_THERE) {
        reply_without_tunnel(q, tunnel);
        return;
    }
    if (is_ws && !wsproxy_can(q)) {
        reply_status(&q->rq, ERR_BAD_REQUEST, "Upgrade request required");
        q->is_ready = true;
        return;
    }
    how = !is_ws                         ? NULL
          : wsproxy_is_spdy(q)           ? "raw"
          : wsproxy_has_port_channels(q) ? "channels"
                                         : NULL;
    path = arena_printf(q->arena, "/%s%s", q->rq.cluster->name, rep->node_path);
    if (how)
        path = arena_printf(q->arena, "%s%c%s=true", path, strchr(path, '?') ? '&' : '?', how);
    q->call = node_call_open(server_tunnels(q->front->server), rep->node, has_body ? "POST" : "GET",
                             path, q->front->loop, on_call, q, &tunnel);
    if (!q->call)
        reply_without_tunnel(q, tunnel);
    else if (rep->proxy)
        podproxy_start(q);
}

int nodeproxy_read(HttpReq *q, Buf *out)
{
    return q->proxy ? podproxy_read(q, out) : node_call_read(q->call, out, 64 * 1024);
}

void nodeproxy_close(HttpReq *q)
{
    node_call_close(q->call);
    q->call = NULL;
}
