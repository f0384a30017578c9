#include "client/http.h"

#include "base/clock.h"
#include "base/mem.h"
#include "client/http_int.h"
#include "client/status.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct HttpCancel {
    int fd; /* an eventfd that stays readable once it was cancelled */
    _Atomic bool is_cancelled;
};

HttpCancel *http_cancel_new(void)
{
    HttpCancel *x = xcalloc(1, sizeof(*x));

    x->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    BUG_ON(x->fd < 0);
    return x;
}

void http_cancel_free(HttpCancel *x)
{
    if (!x)
        return;
    close(x->fd);
    free(x);
}

void http_cancel(HttpCancel *x)
{
    uint64_t one = 1;

    x->is_cancelled = true;
    while (write(x->fd, &one, sizeof(one)) < 0 && errno == EINTR)
        ;
}

bool http_is_cancelled(const HttpCancel *x)
{
    return x && x->is_cancelled;
}

int http_cancel_fd(const HttpCancel *x)
{
    return x->fd;
}

bool http_cancel_sleep(const HttpCancel *x, int64_t ms)
{
    struct pollfd p = {.fd = x ? x->fd : -1, .events = POLLIN};

    if (http_is_cancelled(x))
        return true;
    (void)poll(&p, 1, (int)ms); /* an interrupted sleep is merely shorter */
    return http_is_cancelled(x);
}

/* ---- streams ---- */

typedef struct Run {
    const HttpSink *sink;
    CURL *curl;
    Buf line;    /* the beginning of a line whose end has not come */
    Buf failure; /* body of a failure status */
    long status; /* 0 before the first byte of the body */
    int64_t last_us;
    bool is_stopped; /* by the sink */
    bool is_too_long;
} Run;

static int feed_lines(Run *run, Slice chunk)
{
    const HttpSink *sink = run->sink;
    int r = 0;

    while (chunk.len > 0 && r == 0) {
        const char *end = memchr(chunk.ptr, '\n', chunk.len);
        size_t n = end ? (size_t)(end - chunk.ptr) : chunk.len;

        if (!end || run->line.len > 0) {
            if (run->line.len + n > HTTP_LINE_MAX) {
                run->is_too_long = true;
                return -1;
            }
            buf_add(&run->line, chunk.ptr, n);
        }
        if (!end)
            return 0;
        r = sink->on_line(run->line.len > 0 ? buf_slice(&run->line) : (Slice){chunk.ptr, n},
                          sink->data);
        buf_reset(&run->line);
        chunk = (Slice){end + 1, chunk.len - n - 1};
    }
    return r;
}

static int begin_answer(Run *run)
{
    char *content_type = NULL;

    curl_easy_getinfo(run->curl, CURLINFO_RESPONSE_CODE, &run->status);
    curl_easy_getinfo(run->curl, CURLINFO_CONTENT_TYPE, &content_type);
    if (run->status >= 300 || !run->sink->on_status)
        return 0;
    return run->sink->on_status((int)run->status, content_type ? content_type : "",
                                run->sink->data);
}

static size_t on_data(char *p, size_t size, size_t n, void *data)
{
    Run *run = data;
    Slice chunk = {p, size * n};
    int r = 0;

    run->last_us = clock_mono_us();
    if (run->status == 0)
        r = begin_answer(run);
    if (run->status >= 300) {
        if (run->failure.len < (1 << 20))
            buf_add(&run->failure, p, chunk.len);
        return chunk.len;
    }
    if (r == 0 && run->sink->on_chunk)
        r = run->sink->on_chunk(chunk, run->sink->data);
    if (r == 0 && run->sink->on_line)
        r = feed_lines(run, chunk);
    if (r != 0) {
        run->is_stopped = true;
        return 0; /* makes curl end the transfer */
    }
    return chunk.len;
}

static size_t on_head(char *p UNUSED, size_t size, size_t n, void *data)
{
    Run *run = data;
    long status = 0;

    /* The empty line that ends the head of a final answer: report it before any body comes. */
    run->last_us = clock_mono_us();
    curl_easy_getinfo(run->curl, CURLINFO_RESPONSE_CODE, &status);
    if (size * n <= 2 && status >= 200 && run->status == 0 && begin_answer(run) != 0) {
        run->is_stopped = true;
        return 0;
    }
    return size * n;
}

/* Runs the transfer until it ends, is cancelled or idles too long; CURLE_OK, or why not. */
static CURLcode transfer(CURLM *multi, Run *run)
{
    const HttpSink *sink = run->sink;
    struct curl_waitfd extra = {.fd = sink->cancel ? sink->cancel->fd : -1,
                                .events = CURL_WAIT_POLLIN};
    CURLMsg *msg;
    int running = 1, left;

    while (running > 0) {
        if (http_is_cancelled(sink->cancel)) {
            run->is_stopped = true;
            return CURLE_ABORTED_BY_CALLBACK;
        }
        if (curl_multi_perform(multi, &running) != CURLM_OK)
            return CURLE_FAILED_INIT;
        if (running == 0)
            break;
        if (sink->idle_timeout_ms > 0 &&
            clock_mono_us() - run->last_us > sink->idle_timeout_ms * 1000)
            return CURLE_OPERATION_TIMEDOUT;
        if (curl_multi_poll(multi, &extra, sink->cancel ? 1 : 0, 1000, NULL) != CURLM_OK)
            return CURLE_FAILED_INIT;
    }
    while ((msg = curl_multi_info_read(multi, &left)))
        if (msg->msg == CURLMSG_DONE)
            return msg->data.result;
    return CURLE_OK;
}

int http_stream(Client *c, const ClientRequest *req, const HttpSink *sink, Err *err)
{
    Run run = {.sink = sink, .last_us = clock_mono_us()};
    CURLM *multi = curl_multi_init();
    HttpCall call;
    CURLcode code;
    int r = 0;

    BUG_ON(!client_is_http(c) || !multi);
    http__begin(&call, (HttpClient *)c, req);
    run.curl = call.curl;
    curl_easy_setopt(call.curl, CURLOPT_WRITEFUNCTION, on_data);
    curl_easy_setopt(call.curl, CURLOPT_WRITEDATA, &run);
    curl_easy_setopt(call.curl, CURLOPT_HEADERFUNCTION, on_head);
    curl_easy_setopt(call.curl, CURLOPT_HEADERDATA, &run);
    curl_multi_add_handle(multi, call.curl);
    code = transfer(multi, &run);
    curl_multi_remove_handle(multi, call.curl);

    if (run.is_too_long)
        r = err_set(err, ERR_TOO_LARGE, "a line of the stream is longer than %d bytes",
                    HTTP_LINE_MAX);
    else if (!run.is_stopped && code != CURLE_OK)
        r = http__error(&call, code, err);
    else if (run.status >= 300) {
        CLEANUP(arena_free) Arena *a = arena_new();

        r = client_status_error(a, (int)run.status, buf_slice(&run.failure), err);
    } else if (!run.is_stopped && run.line.len > 0 && sink->on_line)
        (void)sink->on_line(buf_slice(&run.line), sink->data); /* it was the last anyway */
    http__end(&call, false);
    curl_multi_cleanup(multi);
    buf_done(&run.line);
    buf_done(&run.failure);
    if (run.status == 401 && http__renew((HttpClient *)c))
        return http_stream(c, req, sink, err);
    return r;
}
