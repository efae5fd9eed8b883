/* kept.h: answers that everybody gets alike, kept for a minute and handed out again. Loop thread only. */
#ifndef SERVER_KEPT_H
#define SERVER_KEPT_H

#include "server/http.h"

enum { KEPT_MOST = 8, KEPT_MS = 60000, KEPT_KEY = 128 };

typedef struct kept_answer {
    char key[KEPT_KEY];
    uint64_t until_ns;
    const char *type, *cache;
    char etag[32];
    bool gzip;
    buf body;
} kept_answer;

typedef struct kept {
    kept_answer a[KEPT_MOST];
} kept;

void kept_fini(kept *k);
/* Fills out where the same was answered within the minute; 304 where the peer has it. */
bool kept_find(const kept *k, const http_request *r, uint64_t now_ns, http_response *out);
/* Keeps a copy of a 200. */
void kept_put(kept *k, const http_request *r, uint64_t now_ns, const http_response *out);
/* An answer with an ETag that the peer has already: 304 without a body. */
void kept_not_modified(const http_request *r, http_response *out);

#endif
