/* What can be wrong with a bill: each is said with its place, all of a bill at once, and no bill is made. */
#include "mizo/messages/bill.h"
#include "worked.h"

#define M(id) MIZO_MSG_BILL_##id

typedef struct mistake {
    const char *file, *from, *to; /* what is edited in the town; NULL: nothing */
    const char *bill[10];         /* a row of bills.csv */
    mizo_msg said;
    int line;
    const char *words; /* that the English text has */
} mistake;

#define BILL(contract, month, use, price, period, max, pf, before)                                           \
    {                                                                                                        \
        "", contract, month, use, price, period, max, pf, before, ""                                         \
    }

static const mistake mistakes[] = {
  /* a tariff row or a parameter is missing for the month */
    {"charges.csv",    "xhv,energy,その他季,2015-04-01",           "xhv,energy,その他季,2022-11-08",
     BILL("xhv",                                                                                                                  "2022-11", "all 1",                                "",                              "",           "", "",      ""),  M(ROW_NONE),     0,
     "tariff xhv has no row of the kind energy for 2022-11-01; add one to charges.csv"                                                                                                                                                                                                                                                                     },
    { "charges.csv",   "change,energy,新,2023-07-16",                 "change,energy,新,2023-07-17",
     BILL("change",                                                                                                               "2023-07", "all 1",                                "",                              "",           "", "",      "5"), M(ROW_NONE),     0,  "energy for 2023-07-16"                                                        },
    { "charges.csv",   "change,base,新,2023-07-16",                   "change,base,新,2023-07-20",
     BILL("change",                                                                                                               "2023-07", "all 1",                                "",                              "",           "", "",      "5"), M(ROW_NONE),     0,  "base for 2023-07-16"                                                          },
    { "charges.csv",   "smart,levy,,2015-04-01",                       "smart,levy,,2021-03-01",
     BILL("smart",                                                                                                                "2021-01", "all 1",                                "",                              "",           "", "",      "5"), M(ROW_NONE),     0,  "levy for 2020-12-20"                                                          },
    { "charges.csv",   "wheeled,wheeling,託送夜間",                "wheeled,fixed,託送夜間",
     BILL("wheel",                                                                                                                "2021-07", "all 1",                                "",                              "",           "", "",      "5"), M(ROW_NONE),     0,  "wheeling for 2021-07-01"                                                      },
    { "charges.csv",   "linked,market,市場連動,2015-04-01",        "linked,market,市場連動,2021-05-09",
     BILL("linked",                                                                                                               "2021-05", "all 1",                                "all 1",                         "",           "", "",      "5"), M(ROW_NONE),     0,  "market for 2021-05-01"                                                        },
    { "params.csv",    "levy,,2021-05-01,2022-05-01,3.36",             "levy,,2021-06-01,2022-05-01,3.36",
     BILL("tou",                                                                                                                  "2021-05", "all 1",                                "",                              "",           "", "",      "5"), M(PARAM_NONE),   9,
     "tariff tou, levy: there is no parameter levy (key \"\") for 2021-05-01; add a row to params.csv"                                                                                                                                                                                                                                                     },
    { "params.csv",    "fuel-price,lng,2021-04-01,2021-06-01",         "fuel-price,lng,2021-05-01,2021-06-01",
     BILL("xhv",                                                                                                                  "2021-07", "all 1",                                "",                              "",           "", "",      ""),  M(PARAM_NONE),   19,
     "parameter fuel-price (key \"lng\") for 2021-04-01"                                                                                                                                                                                                                                                                                                   },
    { "params.csv",    "fuel-old,rate,",                               "fuel-odd,rate,",                           BILL("xhv",    "2021-07", "all 1",                                "",                              "",           "", "",      ""),
     M(PARAM_NONE),                                                                                                                                                                                                                                                     19, "fuel-old (key \"rate\")"                                                      },
    { "params.csv",    "loss-rate,high,,",                             "loss-rate,high,,2021-01-01",
     BILL("linked",                                                                                                               "2021-05", "all 1",                                "all 1",                         "",           "", "",      "5"), M(PARAM_NONE),   34, "loss-rate"                                                                    },
    { "params.csv",    "ct,,2019-10-01,",                              "ct,,2019-10-01,2021-07-31",
     BILL("flat",                                                                                                                 "2021-07", "",                                     "",                              "1",          "", "",      ""),  M(TAX_NONE),     0,  "rate of the tax ct for 2021-07-31"                                            },
    { "params.csv",    "excess-multiple,",                             "excess-multiples,",
     BILL("plain-agreed",                                                                                                         "2022-07", "all 1; 2022-07-01 55000",              "",                              "",           "", "",      ""),  M(PARAM_NONE),   8,
     "excess-multiple"                                                                                                                                                                                                                                                                                                                                     },
    { "charges.csv",   "xhv,excess,",                                  "xhv,fixed,",                               BILL("xhv",    "2021-07", "all 1500001",                          "",                              "",           "", "",      ""),
     M(EXCESS_NONE),                                                                                                                                                                                                                                                    25, "no row of the kind excess"                                                    },
 /* readings */
    { NULL,            NULL,                                           NULL,                                       BILL("tou",    "2021-05", "all 1; 2021-05-04 1:00-2:00 -",        "",                              "",           "", "",      "5"),
     M(MISSING),                                                                                                                                                                                                                                                        20, "contract tou: 2 of 1488 half-hours are missing, the first on 2021-05-04 1:00" },
    { NULL,            NULL,                                           NULL,
     BILL("tou-after",                                                                                                            "2021-10", "all 1; 2021-10-04 9:00-11:30 -",       "all 1",                         "",           "", "",      "5"), M(MISSING),
     22,                                                                                                                                                                                                                                                                    "5 of 1488"                                                                    },
    { "params.csv",    "bill-gap-slots,,2021-10-01,2021-11-01,4",      "bill-gap-slots,,2021-10-01,2021-11-01,99",
     BILL("tou-after",                                                                                                            "2021-10", "all 1; all 9:00-9:30 -",               "all 1",                         "",           "", "",      "5"), M(MISSING),      22,
     "31 of 1488"                                                                                                                                                                                                                                                                                                                                          },
    { NULL,            NULL,                                           NULL,                                       BILL("tou",    "2021-05", "all 1; 2021-05-31 23:30-24:00 375001", "",                              "",           "", "",      "5"),
     M(DOUBTFUL),                                                                                                                                                                                                                                                       20, "375.001 kWh on 2021-05-31 23:30 cannot be right: point p-tou takes 500.000 kW"},
    { NULL,            NULL,                                           NULL,                                       BILL("tou",    "2021-05", "all 1; 2021-05-01 0:00-0:30 -7",       "",                              "",           "", "",      "5"),
     M(DOUBTFUL),                                                                                                                                                                                                                                                       20, "-0.007 kWh on 2021-05-01 0:00"                                                },
    { NULL,            NULL,                                           NULL,                                       BILL("home",   "2021-07", "",                                     "",                              "-1",         "", "",      ""),  M(DOUBTFUL),     7,  "-1.000 kWh"                                                                   },
    { NULL,            NULL,                                           NULL,                                       BILL("linked", "2021-05", "all 1",                                "all 1; 2021-05-09 3:00-3:30 -", "",           "", "",      "5"),
     M(PRICE_NONE),                                                                                                                                                                                                                                                     0,  "no market price of jepx-tokyo for 2021-05-09 3:00"                            },
    { NULL,            NULL,                                           NULL,                                       BILL("linked", "2021-05", "all 1",                                "",                              "",           "", "",      "5"), M(PRICE_NONE),   0,
     "2021-05-01 0:00"                                                                                                                                                                                                                                                                                                                                     },
    { NULL,            NULL,                                           NULL,                                       BILL("change", "2023-07", "",                                     "",                              "10",         "", "",      "5"), M(BY_PERIOD),    5,
     "contract change"                                                                                                                                                                                                                                                                                                                                     },
    { NULL,            NULL,                                           NULL,                                       BILL("change", "2023-06", "",                                     "",                              "10",         "", "",      ""),  M(DEMAND_NONE),  5,
     "no maximum demand is known"                                                                                                                                                                                                                                                                                                                          },
 /* power */
    { "contracts.csv", "agreed,,tender,600,1",                         "agreed,,tender,,1",
     BILL("agreed",                                                                                                               "2021-06", "all 1",                                "",                              "",           "", "",      ""),  M(POWER_NONE),   2,  "neither agreed_kw"                                                            },
    { NULL,            NULL,                                           NULL,                                       BILL("tou",    "2021-05", "all 1",                                "",                              "",           "", "100.5", "5"), M(POWER_FACTOR), 20,
     "not within 0 and 100"                                                                                                                                                                                                                                                                                                                                },
    { NULL,            NULL,                                           NULL,                                       BILL("tou",    "2021-05", "all 1",                                "",                              "",           "", "-1",    "5"), M(POWER_FACTOR), 20,
     "not within 0 and 100"                                                                                                                                                                                                                                                                                                                                },
 /* what does not fit */
    { "charges.csv",   "steps,step,三段,2015-04-01,,,,,,300,,30.57",
     "steps,step,三段,2015-04-01,,,,,,300,,1000000000",                                                          BILL("home",   "2021-07", "",                                     "",                              "9000000000", "", "",      ""),  M(OUTSIDE),      7,  "does not fit"                                                                 },
    { "params.csv",    "loss-rate,high,,,0.037",                       "loss-rate,high,,,1",
     BILL("linked",                                                                                                               "2021-05", "all 1",                                "all 1",                         "",           "", "",      "5"), M(OUTSIDE),      11, "does not fit"                                                                 },
};

static bool found(const mizo_diags *d, const mistake *m)
{
    for (size_t i = 0; i < mizo_diags_kept(d); i++) {
        const mizo_diag *one = mizo_diags_at(d, i);
        char text[1024];
        mizo_diag_text(one, "en", text, sizeof text);
        if (one->id == m->said && (!m->line || one->at.line == m->line) && strstr(text, m->words))
            return true;
        print_message("#   %s:%d %s\n", one->at.file ? one->at.file : "-", one->at.line, text);
    }
    return false;
}

static mizo_err make(const mistake *m, mizo_diags *d)
{
    char row[10][WORKED_TEXT];
    const mizo_region *r = NULL;
    worked *k = calloc(1, sizeof *k);
    mizo_bill *b = calloc(1, sizeof *b);
    for (int i = 0; i < 10; i++)
        snprintf(row[i], sizeof row[i], "%s", m->bill[i]);
    assert_int_equal(worked_region(m->file, m->from, m->to, d, &r), MIZO_OK);
    mizo_diags_clear(d);
    worked_input(k, r, row);
    if (m->said == M(BY_PERIOD) || m->said == M(DEMAND_NONE))
        k->in.wh = NULL;
    mizo_err e = mizo_bill_make(k->table, &k->in, b, d);
    mizo_bill_table_free(k->table);
    mizo_region_unref(r);
    free(k);
    free(b);
    return e;
}

static void each_is_said(void **state)
{
    (void)state;
    int bad = 0;
    for (size_t i = 0; i < ROWS(mistakes); i++) {
        const mistake *m = &mistakes[i];
        mizo_diags *d = mizo_diags_new(0);
        mizo_err e = make(m, d), want = m->said == M(OUTSIDE) ? MIZO_ERANGE : MIZO_EINPUT;
        if (e != want || !found(d, m)) {
            print_message("# row %zu: expected %s \"%s\", got %s\n", i, mizo_msg_name(m->said), m->words,
                          mizo_err_text(e));
            bad++;
        }
        mizo_diags_free(d);
    }
    assert_int_equal(bad, 0);
}

/* Several things wrong with one bill are said at one go. */
static void all_at_once(void **state)
{
    (void)state;
    static const mistake m = { "charges.csv",
                               "change,base,新,2023-07-16",
                               "change,base,新,2023-07-20",
                               BILL("change", "2023-08", "all 1", "", "", "", "", "5"),
                               M(ROW_NONE),
                               0,
                               "" };
    static const mistake two = {
        "charges.csv",
        "change,base,新,2023-07-16,,,,,,,,1620,,ct,no,example,\nchange,energy,旧,2015-04-01,2023-07-16",
        "change,base,新,2023-07-20,,,,,,,,1620,,ct,no,example,\nchange,energy,旧,2015-04-01,2023-07-10",
        BILL("change", "2023-07", "all 1", "", "", "", "", "5"),
        M(ROW_NONE),
        0,
        ""
    };
    mizo_diags *d = mizo_diags_new(0);
    assert_int_equal(make(&m, d), MIZO_OK); /* that month is whole */
    assert_int_equal(make(&two, d), MIZO_EINPUT);
    assert_int_equal(mizo_diags_count(d, MIZO_ERROR), 2);
    mizo_diags_free(d);
}

/* A contract that does not hold in the month has no bill, and nothing is wrong with that. */
static void out_of_its_days(void **state)
{
    (void)state;
    static const mistake m = { NULL, NULL, NULL, BILL("tou-exact", "2023-02", "all 1", "", "", "", "", ""),
                               0,    0,    "" };
    mizo_diags *d = mizo_diags_new(0);
    assert_int_equal(make(&m, d), MIZO_ENOENT);
    assert_int_equal(mizo_diags_count(d, MIZO_INFO), 0);
    mizo_diags_free(d);
}

/* The measured demand has come to the bound above which a power is agreed: a bill, and a warning. */
static void at_the_bound_of_measured_demand(void **state)
{
    (void)state;
    static const mistake m = { "params.csv",
                               "excess-multiple,",
                               "measured-demand-limit,,,,40,kW,rule book 5,v\nexcess-multiple,",
                               BILL("tou", "2021-05", "all 1", "", "", "", "", "40"),
                               M(DEMAND_LIMIT),
                               20,
                               "agree on a power" };
    mizo_diags *d = mizo_diags_new(0);
    assert_int_equal(make(&m, d), MIZO_OK);
    assert_true(found(d, &m));
    mizo_diags_free(d);
}

static void what_a_table_refuses(void **state)
{
    (void)state;
    const mizo_region *r;
    mizo_bill_table *t;
    mizo_diags *d = mizo_diags_new(0);
    assert_int_equal(worked_region(NULL, NULL, NULL, d, &r), MIZO_OK);
    assert_int_equal(mizo_bill_table_new(r, -1, MIZO_HIGH, "tender", 19000, 19000, 19030, NULL, &t),
                     MIZO_ERANGE);
    assert_int_equal(mizo_bill_table_new(r, 99, MIZO_HIGH, "tender", 19000, 19000, 19030, NULL, &t),
                     MIZO_ERANGE);
    assert_int_equal(mizo_bill_table_new(r, 0, MIZO_HIGH, "tender", 19000, 19000, 19000, NULL, &t),
                     MIZO_ERANGE);
    assert_int_equal(mizo_bill_table_new(r, 0, MIZO_HIGH, "tender", 19000, 19000, 19065, NULL, &t),
                     MIZO_ERANGE);
    mizo_bill_table_free(NULL);
    mizo_region_unref(r);
    mizo_diags_free(d);
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_said),         cmocka_unit_test(all_at_once),
        cmocka_unit_test(out_of_its_days),      cmocka_unit_test(at_the_bound_of_measured_demand),
        cmocka_unit_test(what_a_table_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
