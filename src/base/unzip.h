/* unzip.h: zip archives of others, bounded.
 *
 * A constant table with one member over libzip, in the module mizo-files. An archive is refused as a whole when it
 * has too many members, unpacks to more than its bounds, has a member that is encrypted, named twice, or has a
 * name that leaves the directory it would be put in.
 */
#ifndef BASE_UNZIP_H
#define BASE_UNZIP_H

#include "base/buf.h"

enum { ZIP_MEMBERS = 4096, ZIP_RATIO = 500, ZIP_NAME = 256 };
#define ZIP_RATIO_FREE ((int64_t)4 << 20) /* the ratio holds beyond so many bytes of a member */

typedef struct zip_limits {
    int members;      /* 0: ZIP_MEMBERS */
    int64_t unpacked; /* bytes of all members that are read; 0: 1 GiB */
} zip_limits;

typedef struct zip_fault {
    char member[ZIP_NAME]; /* "" where it is the archive itself */
    char why[200];         /* in English */
} zip_fault;

/* A member that is wanted. Its bytes are borrowed until the function returns. An error stops the reading. */
typedef struct zip_sink {
    void *arg;
    bool (*want)(void *arg, const char *name); /* NULL: all */
    mizo_err (*take)(void *arg, const char *name, const char *bytes, size_t n);
} zip_sink;

typedef struct zip_reader {
    const char *name;
    /* Members in the archive's order; directories are passed by. Names are checked before the first is read.
     * MIZO_EINPUT: *fault says why; MIZO_ENOMEM; or what a function of the sink returned. */
    mizo_err (*read)(const void *bytes, size_t n, const zip_limits *limits, const zip_sink *sink,
                     zip_fault *fault);
} zip_reader;

bool zip_looks(const void *bytes, size_t n);
/* Is this name fit to be a file below a directory? Relative, no "..", no backslash, no drive, no control letters. */
bool zip_name_safe(const char *name);

#endif
