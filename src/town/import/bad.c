/* bad.c: rows that are wrong: said, counted, and with --skip-bad laid beside the file. */
#include <stdio.h>
#include <string.h>

#include "mizo/messages/import.h"
#include "town/import/run.h"

enum { BAD_BYTES = 256 << 20 };

static void put_field(import_run *im, const char *s, size_t n)
{
    char small[256], *text = small;
    if (n < sizeof small) {
        memcpy(small, s, n);
        small[n] = '\0';
    } else if (!(text = arena_copy(im->texts, s, n))) {
        im->bad.err = MIZO_ENOMEM;
        return;
    }
    csv_put(&im->bad, text);
    buf_char(&im->bad, ',');
}

void import_bad_header(import_run *im, const csv_record *header)
{
    if (!im->o->skip_bad || im->bad.n)
        return;
    buf_init(&im->bad, BAD_BYTES);
    for (int i = 0; i < header->nfield; i++)
        put_field(im, header->field[i].s, header->field[i].n);
    buf_str(&im->bad, "line,reason\r\n");
}

static void keep_row(import_run *im, int line, const csv_record *rec, const table_fault *f)
{
    char reason[1024];
    mizo_diag d = { .id = f->id, .nparam = TABLE_PARAMS };
    for (int i = 0; i < TABLE_PARAMS; i++)
        d.param[i] = f->param[i];
    mizo_diag_text(&d, "en", reason, sizeof reason);
    for (int i = 0; i < rec->nfield; i++)
        put_field(im, rec->field[i].s, import_people_hide(im, rec, i) ? 0 : rec->field[i].n);
    buf_printf(&im->bad, "%d,", line);
    csv_put(&im->bad, reason);
    buf_str(&im->bad, "\r\n");
}

void import_bad(import_run *im, int line, const csv_record *rec, const table_fault *f)
{
    if (im->looking)
        return;
    im->r->bad++;
    mizo_diag_add(im->t->diags, f->id, MIZO_AT(im->shown, line, f->column), f->param[0], f->param[1],
                  f->param[2], (const char *)NULL);
    if (im->o->skip_bad && rec)
        keep_row(im, line, rec, f);
}

void import_keep_clash(import_run *im, int line, const csv_record *rec, int32_t series, int column)
{
    if (!im->o->skip_bad || im->looking || !rec)
        return;
    table_fault f;
    csv_field at = { "", 0, column };
    table_bad(&f, MIZO_MSG_IMPORT_DUPLICATE_EARLIER, &at, im->series[series].key.owner, NULL, NULL);
    keep_row(im, line, rec, &f);
}

/* Beside the file; what came through a pipe goes into the region directory. */
static void bad_path(const import_run *im, buf *path)
{
    if (strcmp(im->o->path, "-") == 0)
        buf_printf(path, "%s/stdin", im->t->dir);
    else
        buf_str(path, im->o->path);
    buf_str(path, ".bad.csv");
}

mizo_err import_bad_write(import_run *im)
{
    if (!im->o->skip_bad || im->r->bad == 0)
        return MIZO_OK;
    buf path;
    buf_init(&path, 4096);
    bad_path(im, &path);
    mizo_err e = im->bad.err ? im->bad.err : path.err;
    if (!e)
        e = im->t->env->ops->write_file(im->t->env, path.p, im->bad.p, im->bad.n);
    if (e)
        MIZO_DIAG(im->t->diags, IMPORT_BAD_FILE_UNWRITABLE, MIZO_AT(im->shown, 0, 0), path.p ? path.p : "");
    else
        snprintf(im->r->bad_file, sizeof im->r->bad_file, "%s", path.p);
    buf_fini(&path);
    return e;
}
