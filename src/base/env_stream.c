/* env_stream.c: reading piece by piece, on POSIX calls. */
#include "base/env_stream.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct env_stream {
    int fd;
    bool ours; /* closed with the stream */
};

static mizo_err open_error(int e)
{
    if (e == ENOMEM)
        return MIZO_ENOMEM;
    return e == ENOENT || e == ENOTDIR ? MIZO_ENOENT : MIZO_EIO;
}

mizo_err env_stream_open(const char *path, env_stream **out, int64_t *size)
{
    *out = NULL;
    env_stream *s = calloc(1, sizeof *s);
    if (!s)
        return MIZO_ENOMEM;
    s->ours = strcmp(path, "-") != 0;
    s->fd = s->ours ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    struct stat st;
    int e = 0;
    if (s->fd < 0 || fstat(s->fd, &st))
        e = errno;
    else if (S_ISDIR(st.st_mode))
        e = EISDIR;
    if (e) {
        env_stream_close(s);
        return open_error(e);
    }
    *size = S_ISREG(st.st_mode) ? (int64_t)st.st_size : -1;
    *out = s;
    return MIZO_OK;
}

void env_stream_close(env_stream *s)
{
    if (s && s->ours && s->fd >= 0)
        close(s->fd);
    free(s);
}

mizo_err env_stream_read(env_stream *s, void *p, size_t n, size_t *got)
{
    *got = 0;
    for (;;) {
        ssize_t k = read(s->fd, p, n);
        if (k >= 0) {
            *got = (size_t)k;
            return MIZO_OK;
        }
        if (errno != EINTR)
            return MIZO_EIO;
        if (env_interrupted())
            return MIZO_ECANCELED;
    }
}

mizo_err env_stream_rewind(env_stream *s)
{
    return lseek(s->fd, 0, SEEK_SET) == 0 ? MIZO_OK : MIZO_EUNSUPPORTED;
}

bool env_terminal(void)
{
    return isatty(STDERR_FILENO) == 1;
}

mizo_err env_stream_names(const char *dir, const char *prefix, mizo_err (*fn)(void *arg, const char *name),
                          void *arg)
{
    struct dirent **name;
    int n = scandir(dir, &name, NULL, alphasort);
    if (n < 0)
        return errno == ENOMEM ? MIZO_ENOMEM : errno == ENOENT || errno == ENOTDIR ? MIZO_ENOENT : MIZO_EIO;
    mizo_err e = MIZO_OK;
    for (int i = 0; i < n; i++) {
        if (!e && name[i]->d_name[0] != '.' && strncmp(name[i]->d_name, prefix, strlen(prefix)) == 0)
            e = fn(arg, name[i]->d_name);
        free(name[i]);
    }
    free(name);
    return e;
}
