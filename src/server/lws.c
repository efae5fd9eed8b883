/* lws.c: the link that carries requests, over libwebsockets on env's libuv loop.
 *
 * libwebsockets 4.1.6 has flaws that are not mended in Debian 12, so little of it is used: HTTP/1.1
 * only, no upgrade is ever let through (LWS_SERVER_OPTION_VHOST_UPG_STRICT_HOST_CHECK with a host
 * that no peer can name), none of its JSON, CBOR, MQTT or name parts.
 */
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/lws_inner.h"

enum { PATIENCE = 20, PART = 4096 };

const http_limits http_limits_default = {
    .connections = 256,
    .streams = 64,
    .head_bytes = 8192,
    .head_s = 10,
    .write_s = 20,
    .idle_s = 30,
};

/* ---- responses ---- */

void http_response_init(http_response *r)
{
    *r = (http_response){ .status = 200 };
    buf_init(&r->body, 16u << 20);
}

void http_response_fini(http_response *r)
{
    buf_fini(&r->body);
    *r = (http_response){ 0 };
}

/* ---- events ---- */

void event_unref(event *e)
{
    if (e && --e->refs == 0)
        free(e);
}

static event *event_new(const char *text, size_t n)
{
    event *e = malloc(sizeof *e + LWS_PRE + n);
    if (!e)
        return NULL;
    e->refs = 1;
    e->n = n;
    memcpy(e->text + LWS_PRE, text, n);
    return e;
}

/* ---- exchanges ---- */

static void leave_streams(http_exchange *x)
{
    if (!x->streaming)
        return;
    if (x->before)
        x->before->after = x->after;
    else
        x->link->streams = x->after;
    if (x->after)
        x->after->before = x->before;
    x->streaming = false;
    x->link->counts.streams--;
}

/* It may hold a password. */
static void forget_body(http_exchange *x)
{
    if (x->body)
        explicit_bzero(x->body, x->body_size);
    free(x->body);
    if (x->waiting)
        explicit_bzero(x->waiting, sizeof *x->waiting);
    free(x->waiting);
    x->body = NULL;
    x->waiting = NULL;
}

static void exchange_free(http_exchange *x)
{
    forget_body(x);
    leave_streams(x);
    x->link->open--;
    event_unref(x->next_event);
    http_response_fini(&x->r);
    free(x);
}

void lws_detach(session *s)
{
    http_exchange *x = s ? s->x : NULL;
    if (!x)
        return;
    s->x = NULL;
    x->wsi = NULL;
    if (x->answered || x->streaming || x->waiting)
        exchange_free(x); /* otherwise http_answer frees it */
}

static void count_answer(http_link *l, int status)
{
    if (status >= 100 && status < 600)
        l->counts.by_class[status / 100]++;
}

void http_answer(http_exchange *x, http_response *r)
{
    count_answer(x->link, r->status);
    if (!x->wsi) {
        http_response_fini(r);
        exchange_free(x);
        return;
    }
    http_response_fini(&x->r);
    x->r = *r;
    *r = (http_response){ 0 };
    x->answered = true;
    lws_set_timeout(x->wsi, PENDING_TIMEOUT_HTTP_CONTENT, x->link->limits.write_s);
    lws_callback_on_writable(x->wsi);
}

bool http_stream(http_exchange *x)
{
    http_link *l = x->link;
    if (!x->wsi || l->counts.streams >= l->limits.streams)
        return false;
    x->streaming = true;
    x->before = NULL;
    x->after = l->streams;
    if (l->streams)
        l->streams->before = x;
    l->streams = x;
    l->counts.streams++;
    count_answer(l, 200);
    if (l->last) {
        l->last->refs++;
        x->next_event = l->last;
    }
    lws_set_timeout(x->wsi, PENDING_TIMEOUT_HTTP_CONTENT, l->limits.write_s);
    lws_callback_on_writable(x->wsi);
    return true;
}

void http_broadcast(http_link *l, const char *text, size_t n)
{
    event *e = event_new(text, n);
    if (!e)
        return; /* a stream may miss an event; the next one carries the whole town again */
    event_unref(l->last);
    l->last = e;
    for (http_exchange *x = l->streams; x; x = x->after) {
        if (!x->next_event) /* waiting already: the timeout that runs is the peer's */
            lws_set_timeout(x->wsi, PENDING_TIMEOUT_HTTP_CONTENT, l->limits.write_s);
        event_unref(x->next_event);
        e->refs++;
        x->next_event = e;
        lws_callback_on_writable(x->wsi);
    }
}

const http_counts *http_counted(const http_link *l)
{
    return &l->counts;
}

/* ---- a request and its body ---- */

/* True: the body is waited for, and the request handed on when it is there. */
static bool wait_for_body(http_exchange *x, http_request *r)
{
    bool has = r->method == HTTP_POST || r->method == HTTP_PUT;
    int64_t n = lws_body_length(x->wsi), most = has ? x->link->most(x->link->arg, r) : -1;
    if (!has || n == 0 || most < 0) {
        x->unread = n > 0 || (has && n < 0) || r->method == HTTP_OTHER;
        return false;
    }
    r->refused = n < 0 ? 411 : n > most ? 413 : 0;
    x->unread = r->refused != 0;
    if (r->refused)
        return false;
    x->body_size = (size_t)n + 1;
    x->body = calloc(1, x->body_size);
    x->waiting = malloc(sizeof *x->waiting);
    if (!x->body || !x->waiting) {
        r->refused = 413;
        x->unread = true;
        forget_body(x);
        return false;
    }
    *x->waiting = *r;
    return true;
}

static int take_body(http_exchange *x, const char *p, size_t n)
{
    if (!x || !x->waiting)
        return 0; /* not read: the answer is on its way, and the connection ends with it */
    if (n >= x->body_size - x->nbody)
        return -1;
    memcpy(x->body + x->nbody, p, n);
    x->nbody += n;
    return 0;
}

static int body_is_there(http_exchange *x)
{
    if (!x || !x->waiting)
        return 0;
    http_request r = *x->waiting;
    explicit_bzero(x->waiting, sizeof *x->waiting);
    free(x->waiting);
    x->waiting = NULL;
    r.body = x->body;
    r.nbody = x->nbody;
    lws_set_timeout(x->wsi, PENDING_TIMEOUT_HTTP_CONTENT, x->link->limits.write_s);
    x->link->fn(x->link->arg, &r, x);
    return 0;
}

static int take_request(http_link *l, struct lws *wsi, session *s, const char *path, size_t n)
{
    lws_detach(s);
    http_request r = { 0 };
    lws_read_request(wsi, path, n, &r);
    http_exchange *x = calloc(1, sizeof *x);
    if (!x)
        return -1;
    x->link = l;
    x->wsi = wsi;
    x->method = r.method;
    s->x = x;
    l->open++;
    l->counts.requests++;
    lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, l->limits.write_s);
    if (!wait_for_body(x, &r))
        l->fn(l->arg, &r, x);
    explicit_bzero(&r.proof, sizeof r.proof);
    return 0;
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
    http_link *l = lws_context_user(lws_get_context(wsi));
    switch (reason) {
    case LWS_CALLBACK_FILTER_NETWORK_CONNECTION:
        if (l->counts.connections < l->limits.connections)
            return 0;
        l->counts.refused++;
        return 1;
    case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
        l->counts.connections++;
        return 0;
    case LWS_CALLBACK_WSI_DESTROY:
        if (l->counts.connections > 0)
            l->counts.connections--;
        return 0;
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return 1;
    case LWS_CALLBACK_HTTP:
        return take_request(l, wsi, user, in, len);
    case LWS_CALLBACK_HTTP_BODY:
        return take_body(user ? ((session *)user)->x : NULL, in, len);
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        return body_is_there(user ? ((session *)user)->x : NULL);
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return lws_write_more(user);
    case LWS_CALLBACK_CLOSED_HTTP:
    case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
        lws_detach(user);
        return 0;
    default:
        return 0;
    }
}

/* ---- the listener ---- */

static env *log_env; /* libwebsockets logs through one function for the whole process */

static void log_line(int level, const char *line)
{
    if (!log_env)
        return;
    char text[512];
    size_t n = strcspn(line, "\n");
    snprintf(text, sizeof text, "%.*s", (int)(n < sizeof text ? n : sizeof text - 1), line);
    log_env->ops->log(log_env, level & LLL_ERR ? ENV_WARN : ENV_DEBUG, "lws", text);
}

static bool any_address(const char *a)
{
    return !*a || strcmp(a, "0.0.0.0") == 0 || strcmp(a, "::") == 0;
}

/* Asks the kernel before libwebsockets does: the answer is clearer, and nothing is left to take down. */
static mizo_err can_listen(const char *address, int port)
{
    char service[16];
    snprintf(service, sizeof service, "%d", port);
    struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
                              .ai_socktype = SOCK_STREAM },
                    *found = NULL;
    if (getaddrinfo(*address ? address : "0.0.0.0", service, &hints, &found) || !found)
        return MIZO_EINPUT;
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int yes = 1;
    mizo_err e = MIZO_OK;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes))
        e = MIZO_EIO;
    else if (bind(fd, found->ai_addr, found->ai_addrlen) || listen(fd, 1))
        e = errno == EADDRINUSE ? MIZO_EBUSY : MIZO_EIO;
    if (fd >= 0)
        close(fd);
    freeaddrinfo(found);
    return e;
}

static void fill_info(http_link *l, const char *address, int port, struct lws_context_creation_info *info)
{
    *info = (struct lws_context_creation_info){ 0 };
    l->protocols[0] = (struct lws_protocols){ .name = "http",
                                              .callback = callback,
                                              .per_session_data_size = sizeof(session) };
    l->loops[0] = l->env->ops->loop(l->env);
    info->protocols = l->protocols;
    info->foreign_loops = l->loops;
    info->pcontext = &l->context;
    info->user = l;
    info->port = port;
    info->iface = any_address(address) ? NULL : address;
    info->options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                    LWS_SERVER_OPTION_VHOST_UPG_STRICT_HOST_CHECK |
                    LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
    if (!strchr(address, ':'))
        info->options |= LWS_SERVER_OPTION_DISABLE_IPV6;
    info->vhost_name = "no upgrade";
    info->server_string = "mizo";
    info->timeout_secs = (unsigned)l->limits.head_s;
    info->timeout_secs_ah_idle = (unsigned)l->limits.head_s;
    info->keepalive_timeout = l->limits.idle_s;
    info->max_http_header_data = (unsigned short)l->limits.head_bytes;
    info->max_http_header_pool = (unsigned short)l->limits.connections;
    info->fd_limit_per_thread = (unsigned)l->limits.connections + 16;
    info->pt_serv_buf_size = 4096;
}

static int find_part(struct dl_phdr_info *info, size_t size, void *arg)
{
    (void)size;
    char *name = arg;
    if (info->dlpi_name && strstr(info->dlpi_name, "libwebsockets-evlib") && strlen(info->dlpi_name) < PART)
        memcpy(name, info->dlpi_name, strlen(info->dlpi_name) + 1);
    return 0;
}

/* libwebsockets unloads its libuv part at the end of the context, while functions of it are still to be
 * called or to return: it is kept for good. */
static void keep_part(void)
{
    char name[PART] = "";
    dl_iterate_phdr(find_part, name);
    void *part = *name ? dlopen(name, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE) : NULL;
    if (part)
        dlclose(part);
}

mizo_err http_listen(env *e, const char *address, int *port, const http_limits *limits, http_handler fn,
                     http_body_most most, void *arg, http_link **out)
{
    *out = NULL;
    MIZO_TRY(can_listen(address, *port));
    http_link *l = calloc(1, sizeof *l);
    if (!l)
        return MIZO_ENOMEM;
    *l = (http_link){
        .env = e, .limits = limits ? *limits : http_limits_default, .fn = fn, .most = most, .arg = arg
    };
    log_env = e;
    lws_set_log_level(LLL_ERR | LLL_WARN, log_line);
    struct lws_context_creation_info info;
    fill_info(l, address, *port, &info);
    l->context = lws_create_context(&info);
    if (!l->context) {
        free(l);
        return MIZO_EIO;
    }
    keep_part();
    l->vhost = lws_create_vhost(l->context, &info);
    int got = l->vhost ? lws_get_vhost_listen_port(l->vhost) : 0;
    if (got <= 0) {
        http_close(l, NULL, NULL);
        return MIZO_EBUSY;
    }
    *port = got;
    *out = l;
    return MIZO_OK;
}

/* libwebsockets ends piece by piece as its handles close on the loop; pcontext turns NULL at the end. It
 * goes on by itself when the last of them has closed: asked again before that, it would free what the
 * loop still holds. Only if it stands still is it asked. */
static void look_if_closed(void *arg)
{
    http_link *l = arg;
    if (l->context && ++l->waited % PATIENCE == 0)
        lws_context_destroy(l->context);
    if (l->context || l->open)
        return;
    l->env->ops->timer_stop(l->env, l->closing);
    void (*done)(void *) = l->done;
    void *done_arg = l->done_arg;
    event_unref(l->last);
    free(l);
    if (done)
        done(done_arg);
}

void http_close(http_link *l, void (*done)(void *), void *arg)
{
    if (!l)
        return;
    l->done = done;
    l->done_arg = arg;
    lws_context_destroy(l->context);
    if (l->env->ops->timer(l->env, 1, 5, look_if_closed, l, &l->closing) && done)
        done(arg);
}
