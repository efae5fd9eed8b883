/* env_stream.c: reading and writing piece by piece, on POSIX calls. */
#include "base/env_stream.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

struct env_stream {
    int fd;
    bool ours; /* closed with the stream */
};

mizo_err env_errno(int code)
{
    switch (code) {
    case ENOENT:
    case ENOTDIR:
        return MIZO_ENOENT;
    case ENOMEM:
        return MIZO_ENOMEM;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return MIZO_EFULL;
    default:
        return MIZO_EIO;
    }
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
        return env_errno(e);
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

/* ---- writing ---- */

struct env_sink {
    int fd;
    bool direct; /* no regular file: nothing to put in place */
    char *path, *beside;
};

/* A name of our own beside the path: the process, and a number that is free. */
static int open_beside(env_sink *s)
{
    size_t cap = strlen(s->path) + 48;
    s->beside = malloc(cap);
    if (!s->beside)
        return ENOMEM;
    for (unsigned k = 0; k < 1000; k++) {
        snprintf(s->beside, cap, "%s.%ld-%u.tmp", s->path, (long)getpid(), k);
        s->fd = open(s->beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        if (s->fd >= 0)
            return 0;
        if (errno != EEXIST)
            break;
    }
    return errno;
}

static int open_sink(env_sink *s)
{
    struct stat st;
    bool there = stat(s->path, &st) == 0;
    if (strcmp(s->path, "-") == 0) {
        s->direct = true;
        s->fd = dup(STDOUT_FILENO);
    } else if (there && S_ISDIR(st.st_mode)) {
        return EISDIR;
    } else if (there && !S_ISREG(st.st_mode)) {
        s->direct = true;
        s->fd = open(s->path, O_WRONLY | O_CLOEXEC);
    } else {
        return open_beside(s);
    }
    return s->fd < 0 ? errno : 0;
}

static void sink_free(env_sink *s)
{
    free(s->beside);
    free(s->path);
    free(s);
}

mizo_err env_sink_open(const char *path, env_sink **out)
{
    *out = NULL;
    env_sink *s = calloc(1, sizeof *s);
    if (!s)
        return MIZO_ENOMEM;
    s->fd = -1;
    s->path = strdup(path);
    int code = s->path ? open_sink(s) : ENOMEM;
    if (code)
        sink_free(s);
    else
        *out = s;
    return code ? env_errno(code) : MIZO_OK;
}

mizo_err env_sink_add(env_sink *s, const void *p, size_t n)
{
    const char *at = p;
    while (n) {
        ssize_t k = write(s->fd, at, n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return env_errno(errno);
        at += k;
        n -= (size_t)k;
    }
    return MIZO_OK;
}

/* The directory must be synced too, or the name may be gone after a power cut. */
static mizo_err sync_dir_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *dir = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
    if (!dir)
        return MIZO_ENOMEM;
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(dir);
    if (fd < 0)
        return env_errno(errno);
    mizo_err err = fsync(fd) ? env_errno(errno) : MIZO_OK;
    close(fd);
    return err;
}

mizo_err env_sink_end(env_sink *s, bool keep)
{
    mizo_err err = MIZO_OK;
    if (keep && !s->direct && fsync(s->fd))
        err = env_errno(errno);
    if (close(s->fd) && !err)
        err = env_errno(errno);
    if (!s->direct && keep && !err && rename(s->beside, s->path))
        err = env_errno(errno);
    if (!s->direct && (!keep || err))
        unlink(s->beside);
    else if (!s->direct)
        err = sync_dir_of(s->path);
    sink_free(s);
    return err;
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
        return env_errno(errno);
    mizo_err e = MIZO_OK;
    for (int i = 0; i < n; i++) {
        if (!e && name[i]->d_name[0] != '.' && strncmp(name[i]->d_name, prefix, strlen(prefix)) == 0)
            e = fn(arg, name[i]->d_name);
        free(name[i]);
    }
    free(name);
    return e;
}

/* ---- people at a terminal ---- */

static mizo_err read_line(int fd, char *out, size_t cap)
{
    size_t n = 0;
    for (;;) {
        char c;
        ssize_t k = read(fd, &c, 1);
        if (k < 0 && errno == EINTR && !env_interrupted())
            continue;
        if (k <= 0 || c == '\n')
            break;
        if (n + 1 == cap)
            return MIZO_EFULL;
        out[n++] = c;
    }
    out[n] = '\0';
    return n ? MIZO_OK : MIZO_ECANCELED;
}

mizo_err env_ask_secret(const char *prompt, char *out, size_t cap)
{
    struct termios was, quiet;
    out[0] = '\0';
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || tcgetattr(fd, &was)) {
        if (fd >= 0)
            close(fd);
        return MIZO_EUNSUPPORTED;
    }
    quiet = was;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    mizo_err e = tcsetattr(fd, TCSAFLUSH, &quiet) ? MIZO_EUNSUPPORTED : MIZO_OK;
    if (!e && write(fd, prompt, strlen(prompt)) < 0)
        e = MIZO_EIO;
    if (!e)
        e = read_line(fd, out, cap);
    (void)tcsetattr(fd, TCSAFLUSH, &was);
    (void)!write(fd, "\n", 1);
    close(fd);
    return e;
}

void env_login_name(char *out, size_t cap)
{
    struct passwd *found = NULL, row;
    char room[4096];
    if (getpwuid_r(geteuid(), &row, room, sizeof room, &found) == 0 && found && *row.pw_name)
        snprintf(out, cap, "%s", row.pw_name);
    else
        snprintf(out, cap, "uid-%lu", (unsigned long)geteuid());
}

mizo_err env_file_private(const char *path)
{
    struct stat st;
    if (stat(path, &st))
        return env_errno(errno);
    return st.st_mode & (S_IRWXG | S_IRWXO) ? MIZO_ECONFLICT : MIZO_OK;
}
