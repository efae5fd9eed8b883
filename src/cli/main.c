/* main.c: finds the verb and runs it. */
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
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

bool cli_japanese(const cli *c)
{
    return strcmp(c->lang, "ja") == 0;
}

enum { USAGE_ARGS = 35 }; /* longer ones have their help on the next line */

static void usage_text(const cli *c, buf *out)
{
    bool ja = cli_japanese(c);
    buf_printf(out, "%s\n\n",
               ja ? "mizo: 町の電気を一つの発電所として動かし、その証しとなる帳簿をつける"
                  : "mizo runs a town's electricity as one plant, and keeps the books that prove it");
    for (int i = 0; i < NVERBS; i++) {
        const cli_verb *v = verbs[i];
        buf_printf(out, "  mizo %-9s ", v->name);
        cli_cell(out, v->args, -USAGE_ARGS);
        if (cli_width(v->args) > USAGE_ARGS)
            buf_printf(out, "\n%*s", 17 + USAGE_ARGS, "");
        buf_printf(out, " %s\n", ja ? v->help_ja : v->help_en);
    }
    buf_printf(
        out, "\n%s\n",
        ja ? "mizo VERB --help: 各コマンドの説明。--lang en|ja: 言葉。結果を出すコマンドには --json もある。\n"
             "終了コード: 0 完了、1 答えは「いいえ」、2 入力の誤り、3 失敗。"
           : "mizo VERB --help explains one. --lang en|ja; every verb that prints takes --json.\n"
             "Exit status: 0 done, 1 the answer is no, 2 the input is wrong, 3 it failed.");
}

static int usage(cli *c)
{
    buf out;
    buf_init(&out, 0);
    usage_text(c, &out);
    int status = cli_put(c, &out);
    buf_fini(&out);
    return status;
}

/* -1, which main turns into 0. */
static int help_of(cli *c, const cli_verb *verb)
{
    buf b;
    buf_init(&b, 1 << 20);
    buf_printf(&b, "mizo %s %s\n%s\n\n", verb->name, verb->args,
               cli_japanese(c) ? verb->help_ja : verb->help_en);
    options_help(verb->rows, verb->nrows, c->lang, &b);
    int status = cli_put(c, &b);
    buf_fini(&b);
    return status == CLI_DONE ? -1 : status;
}

int cli_parse(cli *c, const cli_verb *verb, void *into, const char **rest, size_t *nrest, size_t cap)
{
    for (int i = 0; i < c->argc && strcmp(c->argv[i], "--"); i++)
        if (strcmp(c->argv[i], "--help") == 0 || strcmp(c->argv[i], "-h") == 0)
            return help_of(c, verb);
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
        fprintf(stderr, "%s%s: %s\n", d->at.file ? " " : "", cli_japanese(c) ? ja[s] : en[s], text);
    }
    size_t all = mizo_diags_count(c->diags, MIZO_INFO);
    if (all > kept)
        fprintf(stderr, cli_japanese(c) ? "ほかに %zu 件\n" : "and %zu more\n", all - kept);
}

int cli_status(mizo_err e)
{
    switch (e) {
    case MIZO_OK:
        return CLI_DONE;
    case MIZO_EINPUT:
    case MIZO_ERANGE:
    case MIZO_ENOENT:
        return CLI_INPUT;
    case MIZO_ECONFLICT: /* the words are right; a state, or another person's word, stands against them */
        return CLI_NO;
    default:
        return CLI_FAILED;
    }
}

int cli_put(cli *c, const buf *b)
{
    if (b->err) {
        fprintf(stderr,
                cli_japanese(c) ? "mizo: 結果を作れません: %s\n" : "mizo: cannot make the result: %s\n",
                mizo_err_text(b->err));
        c->said = true;
        return CLI_FAILED;
    }
    if ((!b->n || fwrite(b->p, 1, b->n, stdout) == b->n) && fflush(stdout) == 0)
        return CLI_DONE;
    fprintf(stderr,
            cli_japanese(c) ? "mizo: 標準出力に書けません: %s\n"
                            : "mizo: cannot write to standard output: %s\n",
            strerror(errno));
    c->said = true;
    return CLI_FAILED;
}

int cli_days_in_order(const cli *c, const cli_verb *verb, mizo_day from, mizo_day to)
{
    if (from <= to)
        return CLI_DONE;
    fprintf(stderr,
            cli_japanese(c) ? "mizo %s: --to が --from より前の日です\n" : "mizo %s: --to is before --from\n",
            verb->name);
    return CLI_INPUT;
}

/* Takes --lang out of the words, wherever it stands. Returns false after saying what is wrong with it. */
static bool take_language(cli *c)
{
    int to = 0;
    const char *lang = NULL;
    for (int i = 0; i < c->argc; i++) {
        if (strcmp(c->argv[i], "--lang") == 0)
            lang = i + 1 < c->argc ? c->argv[++i] : "";
        else if (strncmp(c->argv[i], "--lang=", 7) == 0)
            lang = c->argv[i] + 7;
        else
            c->argv[to++] = c->argv[i];
        if (lang && strcmp(lang, "ja") && strcmp(lang, "en")) {
            fprintf(stderr,
                    cli_japanese(c) ? "mizo: --lang に書けるのは en か ja です (今は「%s」)\n"
                                    : "mizo: --lang takes en or ja, not \"%s\"\n",
                    lang);
            return false;
        }
    }
    c->argc = to;
    c->lang = lang ? lang : c->lang;
    return true;
}

static const cli_verb *verb_of(const char *name)
{
    for (int i = 0; i < NVERBS; i++)
        if (strcmp(name, verbs[i]->name) == 0)
            return verbs[i];
    return NULL;
}

static int no_verb(const cli *c, const char *name)
{
    const char *names[NVERBS];
    for (int i = 0; i < NVERBS; i++)
        names[i] = verbs[i]->name;
    const char *near = text_nearest(name, names, NVERBS);
    bool ja = cli_japanese(c);
    if (near)
        fprintf(stderr,
                ja ? "mizo: 「%s」というコマンドはありません。%s のことですか\n"
                   : "mizo: there is no verb \"%s\"; did you mean %s?\n",
                name, near);
    else
        fprintf(stderr,
                ja ? "mizo: 「%s」というコマンドはありません。mizo help で一覧が出ます\n"
                   : "mizo: there is no verb \"%s\"; mizo help lists them\n",
                name);
    return CLI_INPUT;
}

static int run_verb(cli *c, const cli_verb *verb)
{
    c->env = env_uv_new(ENV_INFO);
    c->diags = mizo_diags_new(0);
    int status = c->env && c->diags ? verb->run(c) : CLI_FAILED;
    if (c->diags)
        cli_print_diags(c);
    if (status == CLI_FAILED && !c->said && (!c->diags || mizo_diags_count(c->diags, MIZO_INFO) == 0))
        fprintf(stderr,
                cli_japanese(c)
                    ? "mizo %s: 失敗しました。ストアが書いたとおりに読めないか、メモリやディスクの異常です\n"
                    : "mizo %s: it failed: the store does not read back as it was written, or memory or "
                      "the disk gave out\n",
                verb->name);
    mizo_diags_free(c->diags);
    env_uv_free(c->env);
    return status < 0 ? CLI_DONE : status;
}

static bool one_of(const char *word, const char *a, const char *b, const char *c)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

int main(int argc, char **argv)
{
    char help[] = "--help", *only_help[] = { help };
    setlocale(LC_CTYPE, "C.UTF-8");
    cli c = { .lang = language(), .argc = argc - 1, .argv = argv + 1 };
    if (argc < 1 || !take_language(&c))
        return CLI_INPUT;
    if (c.argc == 0) {
        fputs(cli_japanese(&c) ? "mizo: コマンドを書いてください。mizo help で一覧が出ます\n"
                               : "mizo: name a verb; mizo help lists them\n",
              stderr);
        return CLI_INPUT;
    }
    const char *name = c.argv[0];
    if (one_of(name, "--version", "-V", "version")) {
        printf("mizo %s\n", MIZO_VERSION);
        return fflush(stdout) == 0 ? CLI_DONE : CLI_FAILED;
    }
    bool helps = one_of(name, "help", "--help", "-h");
    if (helps && c.argc == 1)
        return usage(&c);
    const cli_verb *verb = verb_of(helps ? c.argv[1] : name);
    if (!verb)
        return no_verb(&c, helps ? c.argv[1] : name);
    c.argc = helps ? 1 : c.argc - 1;
    c.argv = helps ? only_help : c.argv + 1;
    return run_verb(&c, verb);
}
