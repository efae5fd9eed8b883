/* invoice_doc.c: the document of an invoice, with what the region says of its issuer. */
#include "report/invoice_page.h"
#include "town/invoice.h"

mizo_err invoice_document(town *t, const invoice *v, const char *lang, const char *stamp, report **out)
{
    const mizo_region *r = t->region;
    mizo_day day = v->issued == MIZO_DAY_NONE ? v->month : v->issued;
    mizo_ref issuer = mizo_region_party(r, v->issuer);
    const mizo_issuer *i = mizo_issuer_on(r, day);
    invoice_page p = { .region = r,
                       .issuer = i && i->party == issuer ? i : NULL,
                       .bank = issuer >= 0 ? mizo_bank_on(r, issuer, day) : NULL,
                       .lang = lang,
                       .stamp = stamp,
                       .day = day };
    *out = invoice_page_make(v, &p);
    if (!*out)
        return MIZO_ENOMEM;
    mizo_err err = report_done(*out);
    if (err) {
        report_free(*out);
        *out = NULL;
    }
    return err;
}
