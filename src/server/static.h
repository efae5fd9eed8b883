/* static.h: the pages: built in, or from a directory while they are being worked on. */
#ifndef SERVER_STATIC_H
#define SERVER_STATIC_H

#include "server/http.h"
#include "server/server.h"

/* Answers path from the table. False: it is not there. */
bool static_asset(const asset *a, size_t n, const http_request *r, http_response *out);
/* The same from a directory: path must be plain names below it. In a job (reads a file). */
bool static_file(env *e, const char *dir, const http_request *r, http_response *out);

#endif
