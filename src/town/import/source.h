/* source.h: the bytes of a file to import: plain, gzip or zstd (told by the first
 * bytes), from a path or from standard input ("-"), piece by piece and bounded. */
#ifndef TOWN_SOURCE_H
#define TOWN_SOURCE_H

#include "base/hash.h"
#include "mizo/error.h"

enum { SOURCE_RATIO = 1000 };           /* unpacked : packed, beyond the first ... */
#define SOURCE_FREE ((int64_t)64 << 20) /* ... 64 MiB */
#define SOURCE_MOST ((int64_t)64 << 30) /* and 64 GiB in all */

typedef struct source source;

/* MIZO_ENOENT, MIZO_EIO, MIZO_ENOMEM. */
MIZO_MUST_USE mizo_err source_open(const char *path, source **out);
/* The same of bytes that are at hand already and outlive it. */
MIZO_MUST_USE mizo_err source_open_bytes(const void *p, size_t n, source **out);
void source_close(source *s); /* NULL is fine */
/* Up to n unpacked bytes; *got 0: the end. MIZO_EIO, MIZO_ECANCELED; MIZO_EINPUT: source_fault says why. */
MIZO_MUST_USE mizo_err source_read(source *s, char *p, size_t n, size_t *got);
mizo_msg source_fault(const source *s); /* IMPORT_TRUNCATED, IMPORT_DAMAGED or IMPORT_BOMB */
/* Back to the beginning. MIZO_EUNSUPPORTED: a pipe cannot. */
MIZO_MUST_USE mizo_err source_rewind(source *s);

/* The rest of the file as it stands, for its hash alone. MIZO_EFULL: it does not end. */
MIZO_MUST_USE mizo_err source_drain(source *s);

int64_t source_size(const source *s);             /* bytes of the file, -1 unknown */
int64_t source_eaten(const source *s);            /* bytes of the file read so far */
void source_hash(source *s, char out[HASH_TEXT]); /* of the bytes eaten; once, after the end */

#endif
