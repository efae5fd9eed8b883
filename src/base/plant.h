/* plant.h: bugs that are planted on purpose.
 *
 * A test that cannot fail is worth nothing. In a build with -Dtest_build=true
 * the variable MIZO_PLANT names one bug (or several, with commas), and the place
 * that knows how to make it asks planted("its-name"). The suites must then fail:
 * tests/bad-days/planted.py demands it. In any other build the question is the
 * constant false and the compiler drops the bug.
 */
#ifndef BASE_PLANT_H
#define BASE_PLANT_H

#include <stdbool.h>

#ifdef MIZO_TEST_BUILD
#include <stdlib.h>
#include <string.h>

static inline bool planted(const char *name)
{
    const char *s = getenv("MIZO_PLANT");
    size_t n = strlen(name);
    while (s && *s) {
        if (strncmp(s, name, n) == 0 && (s[n] == '\0' || s[n] == ','))
            return true;
        s = strchr(s, ',');
        s = s ? s + 1 : s;
    }
    return false;
}

/* A number that a test sets to make waiting short: MIZO_TEST_<name>. */
static inline long test_number(const char *variable, long otherwise)
{
    const char *s = getenv(variable);
    return s && *s ? strtol(s, NULL, 10) : otherwise;
}
#else
#define planted(name)                    false
#define test_number(variable, otherwise) (otherwise)
#endif

#endif
