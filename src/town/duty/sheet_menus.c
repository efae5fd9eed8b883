/* sheet_menus.c: see sheet_menus.h. */
#include "town/duty/sheet_menus.h"

#include <stdlib.h>
#include <string.h>

#include "mizo/carbon.h"
#include "mizo/messages/duty.h"
#include "town/proof/certificate.h"

mizo_err sheet_fiscal_year(town *t, mizo_day from, mizo_day to, int *fy)
{
    char day[MIZO_DATE_TEXT];
    mizo_date d = mizo_day_date(from);
    *fy = d.year;
    if (from == mizo_fy_first(d.year) && to == mizo_fy_first(d.year + 1))
        return MIZO_OK;
    mizo_day_text(from, day);
    MIZO_DIAG(t->diags, SHEET_YEAR, MIZO_NOWHERE, day);
    return MIZO_EINPUT;
}

/* What the pools gave can be no more than what was drawn; what nobody named is the rest. */
static void fill(const match_sum *s, const certificate_cover *c, menu_figures *f)
{
    mizo_wh left = s->import;
    const mizo_wh parts[] = { c->value, s->fit, s->fossil };
    f->wh[MENU_SOLD] = s->import;
    for (int i = 0; i < 3; i++) {
        f->wh[MENU_RENEWABLE + i] = parts[i] < left ? parts[i] : left;
        left -= f->wh[MENU_RENEWABLE + i];
    }
    f->wh[MENU_OTHER] = left;
    f->wh[MENU_CERTIFICATE] = c->certificates;
}

static mizo_err fill_all(town *t, int fy, const match_report *m, const certificate_cover *cover,
                         menu_figures *menu)
{
    const mizo_region *r = t->region;
    menu_figures *all = &menu[r->nmenu];
    *all = (menu_figures){ .g_e6 = -1 };
    for (size_t i = 0; i < r->nmenu; i++) {
        mizo_factor_found f = mizo_factor_market(r, (mizo_ref)i, fy, MIZO_DAY_NONE);
        fill(&m->menu[i], &cover[i], &menu[i]);
        menu[i].g_e6 = f.way == MIZO_WAY_NONE ? -1 : f.g_e6;
        for (int k = 0; k < MENU_PARTS; k++)
            if (__builtin_add_overflow(all->wh[k], menu[i].wh[k], &all->wh[k]))
                return MIZO_ERANGE;
    }
    return MIZO_OK;
}

mizo_err sheet_menus(town *t, mizo_day from, mizo_day to, menu_figures *menu)
{
    match_report m;
    size_t short_of;
    int fy;
    MIZO_TRY(sheet_fiscal_year(t, from, to, &fy));
    certificate_cover *cover = calloc(t->region->nmenu + 1, sizeof *cover);
    if (!cover)
        return MIZO_ENOMEM;
    mizo_err e = match_report_make(t->store, t->region, fy, 0, STORE_LATEST, &m);
    if (!e) {
        e = certificate_covers(t->store, &m, cover, &short_of);
        if (!e)
            e = fill_all(t, fy, &m, cover, menu);
        match_report_free(&m);
    }
    free(cover);
    return e;
}
