/* city.h: what the acts of mizo city share: city.c, city_why.c, city_published.c. */
#ifndef CLI_CITY_H
#define CLI_CITY_H

#include "cli/cli.h"
#include "town/office/city.h"

enum { CITY_WORDS_MOST = 24 };

typedef struct city_words {
    const char *region, *value, *vintage, *source, *note, *out;
    mizo_day as_of, on;
    int64_t after;
    bool rounded, json, all;
    cli_who who;
} city_words;

typedef struct city_act {
    cli *c;
    town *t;
    city_desk *d;
    const city_words *w;
    const char *word[CITY_WORDS_MOST]; /* behind the act */
    size_t n;
    const char *actor;
    mizo_day today;
    buf out;
    json j;
    int bad, good, unknown, no_name, not_held; /* bad: the answer is no */
} city_act;

/* city_why.c: where a figure comes from. */
mizo_err city_act_why(city_act *k);
/* city_published.c: reports as they were published. */
mizo_err city_act_published(city_act *k);

#endif
