/* act.c: see act.h. */
#include "cli/act.h"

#include <string.h>

static const cli_act *row_of(const cli_acts *a, size_t i)
{
    return (const void *)((const char *)a->row + i * a->size);
}

static const cli_act *named(const cli_acts *a, const char *word)
{
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(word, row_of(a, i)->word) == 0)
            return row_of(a, i);
    return NULL;
}

bool cli_is_act(const cli_acts *a, const char *word)
{
    return named(a, word) != NULL;
}

const void *cli_act_of(const cli *c, const cli_acts *a, const char *const *word, size_t n)
{
    const char *first = n ? word[0] : a->alone;
    const cli_act *act = first ? named(a, first) : NULL;
    size_t after = n ? n - 1 : 0;
    if (act && after >= act->least && after <= act->most)
        return act;
    if (act)
        (void)cli_act_form(c, a, act);
    else
        (void)cli_act_usage(c, a);
    return NULL;
}

int cli_act_form(const cli *c, const cli_acts *a, const cli_act *act)
{
    fprintf(stderr,
            cli_japanese(c) ? "mizo %s %s: 書き方は mizo %s %s%s%s\n" : "mizo %s %s: write mizo %s %s%s%s\n",
            a->verb, act->word, a->verb, act->word, act->after ? " " : "", act->after ? act->after : "");
    return CLI_INPUT;
}

int cli_act_usage(const cli *c, const cli_acts *a)
{
    bool ja = cli_japanese(c);
    fprintf(stderr, ja ? "mizo %s: 続けて書けるのは" : "mizo %s: after it come", a->verb);
    for (size_t i = 0; i < a->n; i++) {
        const cli_act *act = row_of(a, i);
        fprintf(stderr, "%s %s%s%s", i ? "," : "", act->word, act->after ? " " : "",
                act->after ? act->after : "");
    }
    if (a->alone)
        fprintf(stderr, ja ? "。なければ %s" : "; without one, %s", a->alone);
    fputc('\n', stderr);
    return CLI_INPUT;
}
