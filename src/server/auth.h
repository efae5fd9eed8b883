/* auth.h: what a request says about who sends it. Pure; bytes from outside.
 *
 * A browser shows the session's cookie, and with every write the CSRF token and where the page came from; a
 * program shows "Authorization: Bearer mizo_...". Both at once are refused. A forwarded address or scheme is
 * believed only when the connection comes from a proxy that --proxy names.
 */
#ifndef SERVER_AUTH_H
#define SERVER_AUTH_H

#include "server/http.h"
#include "town/people/ticket.h"

enum { AUTH_PROXIES = 8 };

typedef enum auth_kind { AUTH_NONE, AUTH_SESSION, AUTH_TOKEN, AUTH_BROKEN } auth_kind;

/* Which proof the request carries; text receives it. AUTH_BROKEN: malformed, given twice, or two kinds. */
auth_kind auth_read(const http_proof *p, char text[TICKET_ROOM]);

/* Where a request comes from. */
typedef struct auth_place {
    char address[64]; /* of the peer, or what its proxy says */
    bool secure;      /* over TLS, as a proxy in the list says */
    bool local;       /* from this machine to a loopback name, through no proxy */
} auth_place;

void auth_where(const http_proof *p, const char *host, const char *const *proxies, size_t nproxies,
                auth_place *out);

/* True if a page of our own sent it: Sec-Fetch-Site is same-origin, Origin is scheme and Host of this request;
 * one of them must be there, neither may say otherwise. */
bool auth_same_origin(const http_proof *p, const char *host, bool secure);
/* True for "application/json" with nothing behind it but "; charset=utf-8". */
bool auth_json(const char *type);
/* The Set-Cookie that gives a session, or with text NULL takes it away. */
void auth_cookie(const char *text, bool secure, char *out, size_t cap);
/* A version from If-Match: "3" with its quotes. -1: it is none. */
int64_t auth_version(const char *if_match);
/* True for 1 to 64 of letters, digits, - and _. */
bool auth_key_ok(const char *key);

#endif
