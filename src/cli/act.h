/* act.h: verbs with acts, such as `mizo office late`. A verb keeps a table of rows of its own, whose first member is a
 * cli_act; here the row is found, and what may come is said from the table. */
#ifndef CLI_ACT_H
#define CLI_ACT_H

#include "cli/cli.h"

typedef struct cli_act {
    const char *word;
    const char *after;  /* what follows it: "ID", "--month M"; NULL: nothing */
    size_t least, most; /* words that follow, options not counted */
} cli_act;

typedef struct cli_acts {
    const char *verb;
    const void *row;
    size_t n, size;
    const char *alone; /* the act that is meant where none is given; NULL: one must be */
} cli_acts;

/* Of a table whose rows begin with a cli_act. */
#define CLI_ACTS(verb, rows, alone)                                                                          \
    {                                                                                                        \
        (verb), (rows), sizeof(rows) / sizeof *(rows), sizeof *(rows), (alone)                               \
    }

/* Is it one of these acts? */
bool cli_is_act(const cli_acts *a, const char *word);
/* The row of the act word[0], or where n is 0 of `alone`, if as many words follow as it takes. NULL: none; what may come
 * has been said. */
const void *cli_act_of(const cli *c, const cli_acts *a, const char *const *word, size_t n);
/* Says what may come after the verb; CLI_INPUT. */
int cli_act_usage(const cli *c, const cli_acts *a);
/* The same of one act, whose words are not as it needs them. */
int cli_act_form(const cli *c, const cli_acts *a, const cli_act *act);

#endif
