/* check.c: mizo check: every mistake of a region directory at once. */
#include <string.h>

#include "cli/cli.h"
#include "town/check.h"

typedef struct check_options {
    bool json, schema;
} check_options;

static const option_row rows[] = {
    {"--json",    OPTION_FLAG, NULL, "print the diagnoses as JSON",                                   "診断をJSONで出す", false,
     offsetof(check_options,                                                                                                                                   json),   0, 0},
    { "--schema", OPTION_FLAG, NULL, "print what the files may hold, as Markdown, and check nothing",
     "ファイルに書けるものの一覧(Markdown)を出し、検査はしない",                                         false, offsetof(check_options, schema), 0,
     0                                                                                                                                                                      },
};

static bool japanese(const cli *c)
{
    return strcmp(c->lang, "ja") == 0;
}

static int print_schema(cli *c)
{
    buf out;
    buf_init(&out, 1 << 20);
    town_schema(c->lang, &out);
    int status = cli_put(c, &out);
    buf_fini(&out);
    return status;
}

static void put_diags(json *j, const cli *c)
{
    static const char *const severity[] = { "info", "warning", "error" };
    json_array(j, "diagnoses");
    for (size_t i = 0; i < mizo_diags_kept(c->diags); i++) {
        const mizo_diag *d = mizo_diags_at(c->diags, i);
        char text[2048];
        mizo_diag_text(d, c->lang, text, sizeof text);
        json_object(j, NULL);
        json_text(j, "file", d->at.file);
        json_int(j, "line", d->at.line);
        json_int(j, "column", d->at.column);
        json_text(j, "severity", severity[mizo_msg_severity(d->id)]);
        json_text(j, "id", mizo_msg_name(d->id));
        json_text(j, "text", text);
        json_end(j);
    }
    json_end(j);
}

static void put_json(const cli *c, const town_count *n, buf *out)
{
    json j;
    json_init(&j, out);
    json_object(&j, NULL);
    json_bool(&j, "accepted", n->accepted);
    json_int(&j, "errors", (int64_t)n->errors);
    json_int(&j, "warnings", (int64_t)n->warnings);
    if (n->accepted) {
        json_text(&j, "hash", n->hash);
        json_int(&j, "facilities", (int64_t)n->facilities);
        json_int(&j, "buildings", (int64_t)n->buildings);
        json_int(&j, "points", (int64_t)n->points);
        json_int(&j, "assets", (int64_t)n->assets);
    }
    put_diags(&j, c);
    json_end(&j);
    buf_char(out, '\n');
}

static void put_text(const cli *c, const town_count *n, buf *out)
{
    bool ja = japanese(c);
    if (n->accepted)
        buf_printf(out, ja ? "施設 %zu、地点 %zu、設備 %zu; " : "facilities %zu, points %zu, assets %zu; ",
                   n->facilities, n->points, n->assets);
    buf_printf(out, ja ? "誤り %zu、警告 %zu" : "errors %zu, warnings %zu", n->errors, n->warnings);
    buf_str(out, n->accepted ? "\n" : ja ? "。このままでは使えません\n" : "; not accepted\n");
}

static int report(cli *c, const check_options *o, const town_count *n)
{
    buf out;
    buf_init(&out, 0);
    if (o->json)
        put_json(c, n, &out);
    else
        put_text(c, n, &out);
    int status = cli_put(c, &out);
    buf_fini(&out);
    if (o->json)
        mizo_diags_clear(c->diags); /* they have been printed */
    return status;
}

static int run(cli *c)
{
    check_options o = { 0 };
    const char *dir = NULL;
    size_t n = 0;
    int status = cli_parse(c, &cli_check, &o, &dir, &n, 1);
    if (status != CLI_DONE)
        return status;
    if (o.schema)
        return print_schema(c);
    if (n == 0) {
        fprintf(stderr, "%s\n",
                japanese(c) ? "mizo check: 地域のディレクトリを書いてください"
                            : "mizo check: name the region directory");
        return CLI_INPUT;
    }
    town_count count;
    mizo_err e = town_check(c->env, dir, c->diags, &count);
    status = report(c, &o, &count);
    return status != CLI_DONE ? status : cli_status(e);
}

const cli_verb cli_check = {
    "check",
    "DIR",
    "every mistake of a region directory, with its place and the mend",
    "地域のファイルの誤りを、場所と直し方とともにすべて示す",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
