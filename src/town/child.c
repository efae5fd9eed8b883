/* child.c: starts this program again and takes what it prints. */
#include "town/child.h"

#include <errno.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MOST = 32 };
extern char **environ;

static mizo_err start(const char *const *words, int to, int other, pid_t *pid)
{
    char *argv[WORDS_MOST + 2] = { "mizo" };
    for (int i = 0; words[i]; i++) {
        if (i == WORDS_MOST)
            return MIZO_EINPUT;
        argv[i + 1] = (char *)words[i]; /* posix_spawn changes none of them */
    }
    posix_spawn_file_actions_t files;
    if (posix_spawn_file_actions_init(&files))
        return MIZO_ENOMEM;
    int bad = posix_spawn_file_actions_addclose(&files, other);
    bad = bad ? bad : posix_spawn_file_actions_adddup2(&files, to, STDOUT_FILENO);
    bad = bad ? bad : posix_spawn_file_actions_addclose(&files, to);
    bad = bad ? bad : posix_spawn(pid, "/proc/self/exe", &files, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&files);
    return bad ? MIZO_EIO : MIZO_OK;
}

static mizo_err take_all(int from, buf *out)
{
    char piece[4096];
    for (;;) {
        ssize_t n = read(from, piece, sizeof piece);
        if (n > 0)
            buf_add(out, piece, (size_t)n);
        else if (n == 0)
            return out->err;
        else if (errno != EINTR)
            return MIZO_EIO;
    }
}

static mizo_err wait_for(pid_t pid, int *status)
{
    int how;
    while (waitpid(pid, &how, 0) < 0)
        if (errno != EINTR)
            return MIZO_EIO;
    *status = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
    return MIZO_OK;
}

mizo_err child_run(const char *const *words, buf *out, int *status)
{
    int ends[2];
    pid_t pid;
    if (pipe(ends))
        return MIZO_EIO;
    mizo_err e = start(words, ends[1], ends[0], &pid);
    close(ends[1]);
    if (!e) {
        e = take_all(ends[0], out);
        mizo_err waited = wait_for(pid, status);
        e = e ? e : waited;
    }
    close(ends[0]);
    return e;
}
