/* query.h: the words of a request: its path and its parameters. Pure; bytes from outside.
 *
 * The link hands the path and each name=value with percent signs already
 * undone. Anything that is not UTF-8, holds a control letter, is given twice or
 * is longer than its bound is refused, never mended.
 */
#ifndef SERVER_QUERY_H
#define SERVER_QUERY_H

#include "mizo/slot.h"

enum { QUERY_PARAMS = 8, QUERY_NAME = 17, QUERY_VALUE = 257 };

typedef struct query {
    int n;
    struct {
        char name[QUERY_NAME], value[QUERY_VALUE];
    } p[QUERY_PARAMS];
} query;

/* Adds one "name=value" (or "name"). MIZO_EINPUT: malformed, twice, or not UTF-8; MIZO_EFULL: too long
 * or too many. q is as before then. */
MIZO_MUST_USE mizo_err query_add(query *q, const char *s, size_t n);
/* The value of a name, NULL if it was not given. */
const char *query_get(const query *q, const char *name);
/* The first name that is not in names[0..n), NULL if all are. */
const char *query_stranger(const query *q, const char *const *names, size_t n);
/* A whole number in [least, most]; *out is left alone when it was not given. MIZO_ERANGE, MIZO_EINPUT. */
MIZO_MUST_USE mizo_err query_int(const query *q, const char *name, int64_t least, int64_t most, int64_t *out);
/* A day as mizo_date_parse reads it. MIZO_EINPUT: none, or not given. */
MIZO_MUST_USE mizo_err query_day(const query *q, const char *name, mizo_day *out);

/* What stands in a path where its pattern has {id} and {kind}. */
typedef struct api_ids {
    char id[41], kind[41];
} api_ids;

/* True if path has the shape of pattern, where {id} and {kind} stand for [a-z0-9-]{1,40}; ids receives them. */
bool path_match(const char *pattern, const char *path, api_ids *ids);
/* True if text is fit to be looked at: valid UTF-8 without control letters. */
bool text_plain(const char *s, size_t n);

#endif
