/* document.c: a document as the file that a person names. */
#include "cli/document.h"
#include "mizo/messages/duty.h"
#include "mizo/messages/files.h"

mizo_err cli_document_as(cli *c, const char *path, report_format f, const report *r)
{
    buf b;
    buf_init(&b, REPORT_BYTES);
    mizo_err e = report_make(r, f, c->diags, &b);
    if (!e && (e = c->env->ops->write_file(c->env, path, b.p ? b.p : "", b.n)))
        MIZO_DIAG(c->diags, REGISTER_UNWRITABLE, MIZO_NOWHERE, path, mizo_err_text(e));
    buf_fini(&b);
    return e;
}

mizo_err cli_document(cli *c, const char *path, const report *r)
{
    report_format f;
    if (!report_format_of(path, &f))
        return cli_document_as(c, path, f, r);
    MIZO_DIAG(c->diags, SHEET_FORMAT, MIZO_NOWHERE, path);
    return MIZO_EINPUT;
}
