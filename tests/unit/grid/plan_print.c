/* plan_print.c: prints a plan file for test_plan_file.py, whole or spoiled in one place.
 *
 *     plan_print demand|generation|link [identity|member|negative|twice|code|codes|validated]
 */
#include <stdio.h>
#include <string.h>

#include "grid/plan_file.h"

static plan_series buy[2] = { { .code = "S0001" }, { .code = "J0001" } }, sell[1] = { { .code = "P0009" } };
static plan_series buy_a[1] = { { .code = "S0001" } }, buy_b[1] = { { .code = "J0001" } },
                   sell_b[1] = { { .code = "P0009" } };
static plan_series unit[2] = { { .code = "U0001" }, { .code = "U0002" } }, link[1] = { { .code = "L0001" } };
static plan_member member[2] = {
    {.code = "M0001", .buy = buy_a, .nbuy = 1 },
    { .code = "M0002", .buy = buy_b,    .nbuy = 1, .sell = sell_b, .nsell = 1 }
};

/* Procurement 100 + t of S0001 and 50 of J0001; demand 140 + t; sales 10. Of it M0001 has 100 + t. */
static void fill(plan_file *p)
{
    for (int t = 0; t < MIZO_DAY_SLOTS; t++) {
        buy[0].kwh[t] = buy_a[0].kwh[t] = member[0].demand_kwh[t] = 100 + t;
        buy[1].kwh[t] = buy_b[0].kwh[t] = 50;
        member[1].demand_kwh[t] = 40;
        sell[0].kwh[t] = sell_b[0].kwh[t] = 10;
        p->demand_kwh[t] = 140 + t;
        unit[0].kwh[t] = 7;
        unit[1].kwh[t] = 3;
        link[0].kwh[t] = t;
    }
}

static void spoil(plan_file *p, const char *how)
{
    if (strcmp(how, "identity") == 0)
        buy[1].kwh[4] = buy[1].kwh[47] = 60;
    else if (strcmp(how, "member") == 0)
        member[0].demand_kwh[9]++;
    else if (strcmp(how, "negative") == 0)
        buy[1].kwh[2] = -1;
    else if (strcmp(how, "twice") == 0)
        buy[1].code = "S0001";
    else if (strcmp(how, "code") == 0)
        p->receiver_code = "TOO-LONG";
}

int main(int argc, char **argv)
{
    static plan_file p = { .sender_code = "R0001",
                           .sender_name = "A & B <電力>",
                           .receiver_code = "T0003",
                           .plan_name = "翌日計画",
                           .company_code = "R0001",
                           .group_code = "BG001",
                           .version = 2,
                           .day = 20544 };
    const char *kind = argc > 1 ? argv[1] : "demand", *how = argc > 2 ? argv[2] : "";
    const plan_code own[] = {
        {"demand-kwh",                                "JP09999", "", ""},
        { strcmp(how, "codes") ? "time-code-digits" : "nonsense",       "1", "", "" }
    };
    plan_codes codes = { own, 2, strcmp(how, "validated") == 0 };
    const plan_plants plants = { "GB001", unit, 2 };
    bool given = strcmp(how, "codes") == 0 || strcmp(how, "validated") == 0;
    mizo_diags *d = mizo_diags_new(0);
    buf out;
    char name[PLAN_FILE_NAME], text[512];
    p.kind = strcmp(kind, "demand") == 0 ? PLAN_FILE_DEMAND
             : strcmp(kind, "link") == 0 ? PLAN_FILE_LINK
                                         : PLAN_FILE_GENERATION;
    p.sell = sell, p.nsell = 1, p.link = link, p.nlink = 1;
    if (p.kind == PLAN_FILE_DEMAND)
        p.buy = buy, p.nbuy = 2, p.member = member, p.nmember = 2;
    else
        p.plants = &plants, p.nplants = 1;
    fill(&p);
    spoil(&p, how);
    buf_init(&out, 0);
    mizo_err e = plan_file_xml(&p, given ? &codes : NULL, d, &out);
    plan_file_name(&p, given ? &codes : NULL, name);
    fprintf(stderr, "%s\n", name);
    for (size_t i = 0; i < mizo_diags_kept(d); i++) {
        mizo_diag_text(mizo_diags_at(d, i), "en", text, sizeof text);
        fprintf(stderr, "%s\n", text);
    }
    if (!e && out.p)
        fputs(out.p, stdout);
    buf_fini(&out);
    mizo_diags_free(d);
    return e ? 2 : 0;
}
