/* book.c: which state of the books a report was made from; a line of the register for a file that was refused. */
#include "base/hash.h"
#include "cli/cli.h"
#include "mizo/messages/files.h"

mizo_err cli_book(const cli *c, const town *t, json *j, buf *out)
{
    int64_t entries;
    hash head;
    char text[HASH_TEXT], n[MIZO_NUM_TEXT];
    MIZO_TRY(t->store->ops->entry_head(t->store, &entries, head.b));
    hash_text(head, text);
    if (j) {
        json_object(j, j->depth ? "book" : NULL);
        json_int(j, "entries", entries);
        json_text(j, "head", text);
        json_end(j);
    } else if (entries) {
        mizo_grouped_text(entries, n);
        buf_printf(out,
                   cli_japanese(c) ? "帳簿の仕訳 %s 件目まで、末尾のハッシュ %s\n"
                                   : "books as of entry %s, head %s\n",
                   n, text);
    }
    return MIZO_OK;
}

mizo_err cli_refused(town *t, const register_file *f, mizo_err why)
{
    register_line line;
    mizo_err e = register_refuse(t, f, 0, 0, &line);
    if (e)
        MIZO_DIAG(t->diags, REGISTER_NO_LINE, MIZO_NOWHERE, f->name);
    return why;
}
