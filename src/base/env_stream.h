/* env_stream.h: a file of the real world read or written piece by piece; "-" is standard input or output.
 * Part of the seam: nothing else opens what people name on the command line. */
#ifndef BASE_ENV_STREAM_H
#define BASE_ENV_STREAM_H

#include "base/env.h"

typedef struct env_stream env_stream;

/* MIZO_ENOENT, MIZO_EIO, MIZO_ENOMEM. *size: bytes of a regular file, -1 where that is not known. */
MIZO_MUST_USE mizo_err env_stream_open(const char *path, env_stream **out, int64_t *size);
void env_stream_close(env_stream *s); /* NULL is fine */
/* Up to n bytes; *got 0: the end. MIZO_EIO; MIZO_ECANCELED: env_interrupted() while it waited. */
MIZO_MUST_USE mizo_err env_stream_read(env_stream *s, void *p, size_t n, size_t *got);
/* Back to the beginning. MIZO_EUNSUPPORTED: a pipe cannot. */
MIZO_MUST_USE mizo_err env_stream_rewind(env_stream *s);

/* A file written piece by piece: beside its place, synced and put there at the end, so that what stood there stands until
 * the new one is whole. What is no regular file (a pipe, a device) is written to directly. MIZO_ENOENT, MIZO_EIO,
 * MIZO_EFULL (no room), MIZO_ENOMEM. */
typedef struct env_sink env_sink;
MIZO_MUST_USE mizo_err env_sink_open(const char *path, env_sink **out);
MIZO_MUST_USE mizo_err env_sink_add(env_sink *s, const void *p, size_t n);
/* Frees the sink. keep false: nothing of it stays. */
MIZO_MUST_USE mizo_err env_sink_end(env_sink *s, bool keep);

/* What errno says of a file call. */
mizo_err env_errno(int code);

/* Each file name of a directory that begins with `prefix`, sorted; fn returns an error to stop. MIZO_ENOENT: no
 * such directory. */
MIZO_MUST_USE mizo_err env_stream_names(const char *dir, const char *prefix,
                                        mizo_err (*fn)(void *arg, const char *name), void *arg);

/* True if standard error is a terminal: then a progress line may be drawn there. */
bool env_terminal(void);

/* Asks on the terminal, without showing what is typed, and reads one line of at most cap - 1 bytes.
 * MIZO_EUNSUPPORTED: there is no terminal; MIZO_EFULL: longer; MIZO_ECANCELED: nothing, or interrupted. */
MIZO_MUST_USE mizo_err env_ask_secret(const char *prompt, char *out, size_t cap);
/* The operating system's name for who runs this; "uid-N" where it has none. */
void env_login_name(char *out, size_t cap);
/* MIZO_ECONFLICT: others than its owner may read the file. MIZO_ENOENT, MIZO_EIO. */
MIZO_MUST_USE mizo_err env_file_private(const char *path);

#endif
