/* auth.c: see auth.h. */
#include "server/auth.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "server/server.h"

static const char token_mark[] = "mizo_";
enum { PLAIN_TEXT = 43 };

static bool url_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static size_t letters(const char *s, size_t n)
{
    size_t i = 0;
    while (i < n && url_letter(s[i]))
        i++;
    return i;
}

static bool take(const char *s, size_t n, char text[TICKET_ROOM])
{
    if (n >= TICKET_ROOM || letters(s, n) != n)
        return false;
    memcpy(text, s, n);
    text[n] = '\0';
    return true;
}

/* ---- the cookie: RFC 6265, section 5.4: pairs with "; " between ---- */

static bool is_ours(const char *s, size_t n)
{
    static const char *const names[] = { "mizo", "__Host-mizo" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (n == strlen(names[i]) && memcmp(s, names[i], n) == 0)
            return true;
    return false;
}

static auth_kind read_cookie(const char *p, char text[TICKET_ROOM])
{
    auth_kind kind = AUTH_NONE;
    while (*p) {
        p += strspn(p, "; \t");
        size_t n = strcspn(p, ";"), name = strcspn(p, "=");
        if (name < n && is_ours(p, name)) {
            const char *value = p + name + 1;
            size_t nvalue = n - name - 1;
            while (nvalue && (value[nvalue - 1] == ' ' || value[nvalue - 1] == '\t'))
                nvalue--;
            if (kind != AUTH_NONE || nvalue != PLAIN_TEXT || !take(value, nvalue, text))
                return AUTH_BROKEN;
            kind = AUTH_SESSION;
        }
        p += n;
    }
    return kind;
}

static auth_kind read_bearer(const char *p, char text[TICKET_ROOM])
{
    if (strncasecmp(p, "Bearer ", 7))
        return AUTH_BROKEN;
    p += 7 + strspn(p + 7, " ");
    size_t n = strlen(p), mark = sizeof token_mark - 1;
    if (n != mark + PLAIN_TEXT || strncmp(p, token_mark, mark))
        return AUTH_BROKEN;
    return take(p, n, text) ? AUTH_TOKEN : AUTH_BROKEN;
}

auth_kind auth_read(const http_proof *p, char text[TICKET_ROOM])
{
    text[0] = '\0';
    auth_kind cookie = read_cookie(p->cookie, text);
    if (!*p->authorization || cookie == AUTH_BROKEN)
        return cookie;
    return cookie == AUTH_NONE ? read_bearer(p->authorization, text) : AUTH_BROKEN;
}

/* ---- where from ---- */

static bool in_list(const char *s, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(s, list[i]) == 0)
            return true;
    return false;
}

/* IPv4 within IPv6, as a listener on all addresses sees it, is IPv4. */
static const char *plain_address(const char *peer)
{
    return strncasecmp(peer, "::ffff:", 7) == 0 && strchr(peer, '.') ? peer + 7 : peer;
}

/* The last address of the list: the one that the proxy itself saw. */
static void last_forwarded(const char *list, char out[64])
{
    const char *comma = strrchr(list, ',');
    const char *s = comma ? comma + 1 : list;
    s += strspn(s, " \t");
    size_t n = strcspn(s, " \t");
    out[0] = '\0';
    if (n == 0 || n >= 64 || strspn(s, "0123456789abcdefABCDEF.:") < n)
        return;
    memcpy(out, s, n);
    out[n] = '\0';
}

static bool loopback_name(const char *host)
{
    return server_host_ok(host, "", NULL, 0);
}

void auth_where(const http_proof *p, const char *host, const char *const *proxies, size_t nproxies,
                auth_place *out)
{
    *out = (auth_place){ 0 };
    const char *peer = plain_address(p->peer);
    bool proxied = in_list(peer, proxies, nproxies);
    snprintf(out->address, sizeof out->address, "%s", peer);
    if (proxied && *p->forwarded) {
        char from[64];
        last_forwarded(p->forwarded, from);
        snprintf(out->address, sizeof out->address, "%s", *from ? from : "?");
    }
    out->secure = proxied && strcasecmp(p->scheme, "https") == 0;
    out->local = !proxied && !*p->forwarded && server_loopback(peer) && loopback_name(host);
}

bool auth_same_origin(const http_proof *p, const char *host, bool secure)
{
    char own[HTTP_HOST + 8];
    if (!*p->origin && !*p->site)
        return false;
    if (*p->site && strcmp(p->site, "same-origin"))
        return false;
    snprintf(own, sizeof own, "%s://%s", secure ? "https" : "http", host);
    return !*p->origin || strcasecmp(p->origin, own) == 0;
}

bool auth_json(const char *type)
{
    static const char json_type[] = "application/json";
    if (strncasecmp(type, json_type, sizeof json_type - 1))
        return false;
    const char *rest = type + sizeof json_type - 1;
    rest += strspn(rest, " ");
    if (!*rest)
        return true;
    if (*rest != ';')
        return false;
    rest += 1 + strspn(rest + 1, " ");
    return strcasecmp(rest, "charset=utf-8") == 0;
}

void auth_cookie(const char *text, bool secure, char *out, size_t cap)
{
    snprintf(out, cap, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", secure ? "__Host-mizo" : "mizo",
             text ? text : "", secure ? "; Secure" : "", text ? "" : "; Max-Age=0");
}

int64_t auth_version(const char *s)
{
    size_t n = strlen(s);
    int64_t v = 0;
    if (n < 3 || n > 14 || s[0] != '"' || s[n - 1] != '"')
        return -1;
    for (size_t i = 1; i + 1 < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return -1;
        v = 10 * v + (s[i] - '0');
    }
    return v;
}

bool auth_key_ok(const char *key)
{
    size_t n = strlen(key);
    return n > 0 && n <= 64 && letters(key, n) == n;
}
