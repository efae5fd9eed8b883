/* match_export.c: see match_export.h. */
#include "cli/match_export.h"

#include <inttypes.h>
#include <string.h>

#include "base/env_stream.h"
#include "mizo/messages/base.h"

enum { LARGE = 100 * 1000 * 1000 }; /* bytes, from which a file is told of before it is written */

typedef struct exporting {
    const cli *c;
    const match_export *x;
    env_sink *sink;
    energytag_sum sum;
    bool told, drawn;
} exporting;

bool match_export_read(match_export *x, const char **wrong)
{
    size_t n = strlen(x->path);
    bool found = !x->by;
    x->ask.json = n > 5 && strcmp(x->path + n - 5, ".json") == 0;
    for (int i = 0; x->by && energytag_step_words[i]; i++)
        if (strcmp(x->by, energytag_step_words[i]) == 0) {
            x->ask.step = (energytag_step)i;
            found = true;
        }
    *wrong = x->by;
    if (!found)
        return false;
    x->ask.certificates = x->only && strcmp(x->only, "certificates") == 0;
    x->ask.consumption = x->only && strcmp(x->only, "consumption") == 0;
    *wrong = x->only;
    return !x->only || x->ask.certificates || x->ask.consumption;
}

/* From the first days on it is known how large the file will be about. */
static void say_size(exporting *e)
{
    int days = (int)(e->x->ask.to - e->x->ask.from), done = e->sum.days;
    int64_t about = done ? e->sum.bytes / done * days : 0;
    if (!e->told && about > LARGE)
        fprintf(stderr,
                cli_japanese(e->c)
                    ? "mizo match: %s は約 %" PRId64
                      " MB になります。--by day|month、--only certificates、--site、--pool で小さくできます\n"
                    : "mizo match: %s will have some %" PRId64
                      " MB; --by day|month, --only certificates, --site and --pool make it smaller\n",
                e->x->path, about / 1000000);
    e->told = e->told || about;
    if (about > LARGE && env_terminal()) {
        fprintf(stderr, "\r%d/%d  %" PRId64 " MB ", done, days, e->sum.bytes / 1000000);
        e->drawn = true;
    }
}

static mizo_err on_text(void *arg, const char *p, size_t n)
{
    exporting *e = arg;
    say_size(e);
    return env_sink_add(e->sink, p, n);
}

static void tell(const exporting *e, buf *told)
{
    json j;
    if (!e->x->json) {
        buf_printf(told,
                   cli_japanese(e->c) ? "%s: %" PRId64 " 行、%" PRId64 " バイト、%d 日分\n"
                                      : "%s: %" PRId64 " records, %" PRId64 " bytes, %d days\n",
                   e->x->path, e->sum.records, e->sum.bytes, e->sum.days);
        return;
    }
    json_init(&j, told);
    json_object(&j, NULL);
    json_text(&j, "file", e->x->path);
    json_int(&j, "records", e->sum.records);
    json_int(&j, "bytes", e->sum.bytes);
    json_int(&j, "days", e->sum.days);
    json_end(&j);
    buf_char(told, '\n');
}

mizo_err match_export_run(cli *c, town *t, const match_export *x, buf *told)
{
    exporting e = { .c = c, .x = x };
    mizo_err err = env_sink_open(x->path, &e.sink);
    if (!err) {
        err = energytag_write(t->store, t->region, &x->ask, c->diags, on_text, &e, &e.sum);
        mizo_err end = env_sink_end(e.sink, err == MIZO_OK);
        err = err ? err : end;
    }
    if (e.drawn)
        fputs("\r                          \r", stderr);
    if (err == MIZO_EIO || err == MIZO_EFULL || (err == MIZO_ENOENT && !e.sink))
        MIZO_DIAG(c->diags, FILE_UNWRITABLE, MIZO_NOWHERE, x->path);
    else if (!err && strcmp(x->path, "-"))
        tell(&e, told);
    return err;
}
