/* pack.h: gzip for answers that are large and made anew each time. Pure. */
#ifndef SERVER_PACK_H
#define SERVER_PACK_H

#include "server/http.h"

enum { PACK_LEAST = 2048 };

/* Packs the body if the peer takes gzip and it is worth it. Where it cannot, the answer goes out as it is. */
void pack_body(const http_request *r, http_response *out);

#endif
