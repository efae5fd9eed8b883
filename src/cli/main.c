/* main.c: finds the verb and runs it. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "version.h"

static const cli_verb *const verbs[] = {
#define X(name) &cli_##name,
#include "verbs.def"
#undef X
};
enum { NVERBS = sizeof verbs / sizeof *verbs };

static const char *language(void)
{
    const char *const names[] = { "MIZO_LANG", "LC_ALL", "LC_MESSAGES", "LANG" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *s = getenv(names[i]);
        if (s && *s)
            return strncmp(s, "ja", 2) == 0 ? "ja" : "en";
    }
    return "en";
}

static bool japanese(const cli *c)
{
    return strcmp(c->lang, "ja") == 0;
}

static void usage(const cli *c, FILE *out)
{
    fprintf(out, "%s\n\n",
            japanese(c) ? "mizo: 町の電気を一つの発電所として動かし、その証しとなる帳簿をつける"
                        : "mizo runs a town's electricity as one plant, and keeps the books that prove it");
    for (int i = 0; i < NVERBS; i++)
        fprintf(out, "  mizo %-9s %-34s %s\n", verbs[i]->name, verbs[i]->args,
                japanese(c) ? verbs[i]->help_ja : verbs[i]->help_en);
    fprintf(out, "\n%s\n",
            japanese(c)
                ? "`mizo VERB --help` で各コマンドの説明。--lang en|ja、結果は多くが --json でも出る。"
                : "`mizo VERB --help` explains one. --lang en|ja; every verb that prints takes --json.");
}

int cli_parse(cli *c, const cli_verb *verb, void *into, const char **rest, size_t *nrest, size_t cap)
{
    for (int i = 0; i < c->argc; i++) {
        if (strcmp(c->argv[i], "--"))
            if (strcmp(c->argv[i], "--help") == 0 || strcmp(c->argv[i], "-h") == 0) {
                buf b;
                buf_init(&b, 1 << 20);
                buf_printf(&b, "mizo %s %s\n%s\n\n", verb->name, verb->args,
                           japanese(c) ? verb->help_ja : verb->help_en);
                options_help(verb->rows, verb->nrows, c->lang, &b);
                int status = cli_put(c, &b);
                buf_fini(&b);
                return status == CLI_DONE ? -1 : status; /* main turns -1 into 0 */
            }
    }
    buf fault;
    buf_init(&fault, 1 << 16);
    mizo_err e =
        options_parse(verb->rows, verb->nrows, c->argc, c->argv, into, rest, nrest, cap, c->lang, &fault);
    if (e) {
        fprintf(stderr, "mizo %s: %s\n", verb->name, fault.p ? fault.p : mizo_err_text(e));
        fprintf(stderr, "  mizo %s --help\n", verb->name);
    }
    buf_fini(&fault);
    return e ? CLI_INPUT : CLI_DONE;
}

void cli_print_diags(cli *c)
{
    static const char *const en[] = { "note", "warning", "error" };
    static const char *const ja[] = { "情報", "警告", "誤り" };
    size_t kept = mizo_diags_kept(c->diags);
    for (size_t i = 0; i < kept; i++) {
        const mizo_diag *d = mizo_diags_at(c->diags, i);
        char text[2048];
        mizo_diag_text(d, c->lang, text, sizeof text);
        if (d->at.file)
            fprintf(stderr, "%s:", d->at.file);
        if (d->at.file && d->at.line)
            fprintf(stderr, "%d:", d->at.line);
        if (d->at.file && d->at.column)
            fprintf(stderr, "%d:", d->at.column);
        mizo_severity s = mizo_msg_severity(d->id);
        fprintf(stderr, "%s%s: %s\n", d->at.file ? " " : "", japanese(c) ? ja[s] : en[s], text);
    }
    size_t all = mizo_diags_count(c->diags, MIZO_INFO);
    if (all > kept)
        fprintf(stderr, japanese(c) ? "ほかに %zu 件\n" : "and %zu more\n", all - kept);
}

int cli_status(mizo_err e)
{
    switch (e) {
    case MIZO_OK:
        return CLI_DONE;
    case MIZO_EINPUT:
    case MIZO_ERANGE:
    case MIZO_ENOENT:
    case MIZO_ECONFLICT:
        return CLI_INPUT;
    default:
        return CLI_FAILED;
    }
}

int cli_put(cli *c, const buf *b)
{
    (void)c;
    if (b->err)
        return CLI_FAILED;
    if (b->n && fwrite(b->p, 1, b->n, stdout) != b->n)
        return CLI_FAILED;
    return fflush(stdout) == 0 ? CLI_DONE : CLI_FAILED;
}

/* Takes --lang out of the words, wherever it stands. */
static void take_language(cli *c)
{
    int to = 0;
    for (int i = 0; i < c->argc; i++) {
        if (strcmp(c->argv[i], "--lang") == 0 && i + 1 < c->argc)
            c->lang = strcmp(c->argv[++i], "ja") == 0 ? "ja" : "en";
        else
            c->argv[to++] = c->argv[i];
    }
    c->argc = to;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    cli c = { .lang = language(), .argc = argc - 2, .argv = argv + 2 };
    if (argc < 2) {
        usage(&c, stderr);
        return CLI_INPUT;
    }
    const char *name = argv[1];
    if (strcmp(name, "--version") == 0) {
        printf("mizo %s\n", MIZO_VERSION);
        return CLI_DONE;
    }
    take_language(&c);
    if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        usage(&c, stdout);
        return CLI_DONE;
    }
    for (int i = 0; i < NVERBS; i++) {
        if (strcmp(name, verbs[i]->name))
            continue;
        c.env = env_uv_new(ENV_INFO);
        c.diags = mizo_diags_new(0);
        int status = c.env && c.diags ? verbs[i]->run(&c) : CLI_FAILED;
        if (c.diags)
            cli_print_diags(&c);
        mizo_diags_free(c.diags);
        env_uv_free(c.env);
        return status < 0 ? CLI_DONE : status;
    }
    fprintf(stderr,
            japanese(&c) ? "mizo: 「%s」というコマンドはありません\n" : "mizo: there is no verb \"%s\"\n",
            name);
    usage(&c, stderr);
    return CLI_INPUT;
}
