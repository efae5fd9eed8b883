/* lock.c: an open-file-description lock, taken with patience. */
#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/plant.h"

mizo_err lock_open(const char *store_path, int *fd)
{
    *fd = -1;
    size_t n = strlen(store_path);
    char *path = malloc(n + 6);
    if (!path)
        return MIZO_ENOMEM;
    memcpy(path, store_path, n);
    memcpy(path + n, "-lock", 6);
    do
        *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    while (*fd < 0 && errno == EINTR);
    int why = errno;
    free(path);
    errno = why;
    return *fd < 0 ? MIZO_ESTORE : MIZO_OK;
}

void lock_close(int fd)
{
    if (fd >= 0)
        close(fd);
}

static int set(int fd, short type)
{
    struct flock l = { .l_type = type, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0 };
    return fcntl(fd, F_OFD_SETLK, &l);
}

mizo_err lock_take(int fd, int ms)
{
    if (planted("no-lock"))
        return MIZO_OK;
    /* No clock is read here: what was slept is what was waited. */
    for (int waited = 0, nap = 1;; waited += nap, nap = nap < 50 ? nap * 2 : 50) {
        if (set(fd, F_WRLCK) == 0)
            return MIZO_OK;
        if (errno == EINTR)
            continue;
        if (errno != EAGAIN && errno != EACCES)
            return MIZO_ESTORE;
        if (waited >= ms)
            return MIZO_EBUSY;
        sqlite3_sleep(nap);
    }
}

void lock_give(int fd)
{
    if (fd >= 0)
        (void)set(fd, F_UNLCK); /* closing the descriptor gives it back in any case */
}
