/* env.c: what every world shares. */
#include "base/env.h"

#include <stdarg.h>
#include <stdio.h>

void env_logf(env *e, env_level level, const char *area, const char *fmt, ...)
{
    char line[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    /* One event is one line, whatever text from outside it carries. */
    for (char *p = line; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            *p = ' ';
    e->ops->log(e, level, area, line);
}
