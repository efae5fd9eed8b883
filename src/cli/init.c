/* init.c: mizo init: a region directory to start from, or the example town. */
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "town/example/example.h"
#include "town/example/start.h"

typedef struct init_options {
    const char *example;
    int64_t seed;
} init_options;

static const option_row rows[] = {
    {"--example", OPTION_TEXT, "NAME", "make an example town with a year of readings: kawasaki",
     "一年分の計測値つきの例を作る: kawasaki",                                                           false, offsetof(init_options, example), 0, 0        },
    { "--seed",   OPTION_INT,  "N",    "seed of the example",                                    "例の乱数の種", false, offsetof(init_options, seed),
     0,                                                                                                                                                           INT64_MAX},
};

static bool japanese(const cli *c)
{
    return strcmp(c->lang, "ja") == 0;
}

/* One line that is written over, on a terminal only. */
static void show(void *arg, int permille)
{
    (void)arg;
    fprintf(stderr, "\r%3d.%d %%", permille / 10, permille % 10);
    if (permille >= 1000)
        fprintf(stderr, "\r        \r");
    fflush(stderr);
}

static mizo_err make_example(cli *c, const init_options *o, const char *dir)
{
    town_example_options example = { .seed = (uint64_t)o->seed,
                                     .progress = isatty(STDERR_FILENO) ? show : NULL };
    env_interruptible();
    mizo_err e = town_example(c->env, o->example, dir, &example, c->diags);
    if (e == MIZO_ENOENT)
        fprintf(stderr,
                japanese(c) ? "mizo init: 例「%s」はありません。kawasaki があります\n"
                            : "mizo init: there is no example \"%s\"; there is kawasaki\n",
                o->example);
    return e;
}

static int run(cli *c)
{
    init_options o = { 0 };
    const char *dir = NULL;
    size_t n = 0;
    int status = cli_parse(c, &cli_init, &o, &dir, &n, 1);
    if (status != CLI_DONE)
        return status;
    if (n == 0) {
        fprintf(stderr, "%s\n",
                japanese(c) ? "mizo init: 作るディレクトリを書いてください"
                            : "mizo init: name the directory to make");
        return CLI_INPUT;
    }
    mizo_err e = o.example ? make_example(c, &o, dir) : town_start(c->env, dir, c->diags);
    if (e == MIZO_OK)
        printf(japanese(c) ? "%s を作りました。次は: mizo check %s\n" : "made %s. Next: mizo check %s\n", dir,
               dir);
    return e == MIZO_ECONFLICT ? CLI_INPUT : cli_status(e); /* a directory in use: name another */
}

const cli_verb cli_init = {
    "init",
    "[--example kawasaki] DIR",
    "a region directory to start from",
    "地域のひな形を作る",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
