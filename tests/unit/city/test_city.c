/* The city's room over the village: said and computed, counted once, by date, restated, held against a text. */
#include "../region/village.h"

#include "city/ask.h"
#include "city/inventory.h"
#include "city/plan.h"
#include "city/register.h"
#include "city/statement.h"
#include "mizo/messages/city.h"

typedef struct world {
    village v;
    const mizo_region *r;
    city_books b;
} world;

static void build(world *w)
{
    mizo_diags *d = mizo_diags_new(0);
    char text[300] = "";
    mizo_err e = mizo_region_build(w->v.file, w->v.n, d, &w->r);
    if (mizo_diags_kept(d))
        mizo_diag_text(mizo_diags_at(d, 0), "en", text, sizeof text);
    if (e)
        fail_msg("%s", text);
    mizo_diags_free(d);
    w->b = (city_books){ w->r, NULL, 0, MIZO_DAY_NONE };
}

static int begin(void **state)
{
    world *w = calloc(1, sizeof *w);
    village_load(&w->v);
    build(w);
    *state = w;
    return 0;
}

static int end(void **state)
{
    world *w = *state;
    mizo_region_unref(w->r);
    village_free(&w->v);
    free(w);
    return 0;
}

static void rebuilt(world *w, region_file f, const char *from, const char *to)
{
    mizo_region_unref(w->r);
    village_edit(&w->v, f, from, to);
    build(w);
}

static mizo_day on(int y, int m, int d)
{
    return mizo_date_day((mizo_date){ y, m, d });
}

static void assert_answer(const world *w, const char *question, const char *expected)
{
    buf out;
    char why[CITY_ASK_WHY];
    buf_init(&out, 0);
    if (city_ask(&w->b, question, &out, why))
        fail_msg("%s: %s", question, why);
    assert_string_equal(out.p, expected);
    buf_fini(&out);
}

static void assert_no_answer(const world *w, const char *question, mizo_err err, const char *said)
{
    buf out;
    char why[CITY_ASK_WHY];
    buf_init(&out, 0);
    assert_int_equal(city_ask(&w->b, question, &out, why), err);
    if (!strstr(why, said))
        fail_msg("%s: says %s, not %s", question, why, said);
    buf_fini(&out);
}

static void rates(void **state)
{
    world *w = *state;
    assert_answer(w, "text net-zero 2022", "約39％"); /* 154,445 / 400,000 */
    assert_answer(w, "text net-zero 2022 en", "about 39 %");
    assert_answer(w, "value net-zero 2022 % 5", "38.61125％");
    assert_answer(w, "calc 2022 t-CO2/MWh 6 ghg / demand", "2.175000 t-CO2/MWh");
    assert_answer(w, "text net-zero R5", "約46％");
    assert_answer(w, "calc 2022 % 1 net-zero!@2030 - net-zero", "61.4％");
    assert_answer(w, "settle 2022 % 0 ghg / ghg@2013 - 1", "▲13％"); /* 869.5 .. 870.5 */
    assert_answer(w, "range 2022 % 2 ghg / ghg@2013 - 1", "▲13.05％ .. ▲12.95％");
    assert_answer(w, "settle 2022 % 2 ghg / ghg@2013 - 1", "not settled by rounded operands");
}

static void mistakes(void **state)
{
    world *w = *state;
    static const struct {
        const char *question;
        mizo_err err;
        const char *said;
    } row[] = {
        {"txt net-zero 2022",               MIZO_EINPUT, "no such question"     },
        { "text net-zero",                  MIZO_EINPUT, "words are missing"    },
        { "text nothing 2022",              MIZO_EINPUT, "no such indicator"    },
        { "text net-zero soon",             MIZO_EINPUT, "no fiscal year"       },
        { "text net-zero 1999",             MIZO_ENOENT, "no figure for FY1999" },
        { "value net-zero 2022 kWh 1",      MIZO_EINPUT, "another unit"         },
        { "value net-zero 2022 ell 1",      MIZO_EINPUT, "no such unit"         },
        { "value net-zero 2022 % 99",       MIZO_EINPUT, "decimals"             },
        { "calc 2022 - 1 demand + trees",   MIZO_EINPUT, "different units"      },
        { "calc 2022 - 1 demand + ",        MIZO_EINPUT, "expected a number"    },
        { "calc 2022 - 1 (demand",          MIZO_EINPUT, "expected )"           },
        { "calc 2022 - 1 demand demand",    MIZO_EINPUT, "expected + - * /"     },
        { "calc 2022 - 1 demand@soon",      MIZO_EINPUT, "stands a year"        },
        { "calc 2022 - 1 trees / 0",        MIZO_ERANGE, "may be zero"          },
        { "calc 2022 - 1 trees / 0[ell]",   MIZO_EINPUT, "no such unit"         },
        { "goal trees 2099",                MIZO_ENOENT, "no target"            },
        { "goal trees 2023 yesterday",      MIZO_EINPUT, "no date"              },
        { "listed nobody 2023-01-01",       MIZO_EINPUT, "no such register"     },
        { "said mill 2023-01-01",           MIZO_ENOENT, "no source"            },
        { "rows nowhere",                   MIZO_EINPUT, "no such plan"         },
        { "declared green-1",               MIZO_ENOENT, "declares nothing"     },
        { "status green-2 2023",            MIZO_ENOENT, "not evaluated"        },
        { "proposed green-2 2023",          MIZO_ENOENT, "no outcome"           },
        { "cell village 1990 all co2 heat", MIZO_ENOENT, "nothing was published"},
        { "parts village 1980 * co2 heat",  MIZO_ENOENT, "no parts"             },
        { "read % 1 soon",                  MIZO_EINPUT, "no figure"            },
        { "year soon",                      MIZO_EINPUT, "no year"              },
        { "means nobody",                   MIZO_ENOENT, "no such alias"        },
        { "agree trees-new 2023",           MIZO_ENOENT, "not both"             },
    };
    for (size_t i = 0; i < ROWS(row); i++)
        assert_no_answer(w, row[i].question, row[i].err, row[i].said);
    char deep[200] = "calc 2022 - 1 ";
    for (int i = 0; i < 60; i++)
        deep[strlen(deep)] = '(';
    assert_no_answer(w, deep, MIZO_EINPUT, "too many brackets");
}

static void said_and_computed(void **state)
{
    world *w = *state;
    city_value v;
    assert_answer(w, "agree trees 2023", "differ"); /* 29 were published, 18 + 12 is 30: both stay */
    assert_answer(w, "text trees 2023", "29件");
    assert_int_equal(city_value_of(&w->b, city_indicator(&w->b, "木の累計", strlen("木の累計")), 2023, &v),
                     MIZO_OK);
    assert_true(v.row && v.computed && v.differ);
    rebuilt(w, FILE_PUBLISHED, "2023,trees,29", "2023,trees,30");
    assert_answer(w, "agree trees 2023", "agree");
}

static void vintages(void **state)
{
    world *w = *state;
    const mizo_published later[] = {
        {.fy = 2023,
         .item = "trees",
         .value_e6 = 31000000,
         .unit = "件",
         .exactness = "exact",
         .vintage = MIZO_VINTAGE_PROVISIONAL,
         .on = on(2024, 5, 1),
         .source = "a person",
         .note = ""},
        { .fy = 2023,
         .item = "trees",
         .value_e6 = 30000000,
         .unit = "件",
         .exactness = "exact",
         .vintage = MIZO_VINTAGE_REVISED,
         .on = on(2024, 9, 1),
         .source = "a person",
         .note = ""},
    };
    w->b.entered = later;
    w->b.nentered = 2;
    assert_answer(w, "text trees 2023", "30件");
    assert_answer(w, "vintage trees 2023", "改定値");
    w->b.as_of = on(2024, 6, 1); /* what was known in June stays known */
    assert_answer(w, "text trees 2023", "31件");
    assert_answer(w, "vintage trees 2023", "暫定値");
    w->b.as_of = on(2024, 4, 1);
    assert_answer(w, "text trees 2023", "29件");
    assert_answer(w, "vintage trees 2023", "確定値");
}

static void targets(void **state)
{
    world *w = *state;
    assert_answer(w, "goal trees 2023", "30件");
    assert_answer(w, "goal trees 2023 2021-01-01", "20件");
    assert_answer(w, "reached trees 2023", "no");
    assert_answer(w, "reached trees 2023 2021-01-01", "yes"); /* 29 against the first target */
    const mizo_goal *g = city_goal(&w->b, city_indicator(&w->b, "trees", 5), 2023),
                    *before = city_goal_before(&w->b, g);
    assert_string_equal(g->reason, "nearly reached already");
    assert_string_equal(before->reason, "first plan");
    assert_null(city_goal_before(&w->b, before));
    assert_answer(w, "proposed green-1 2023", "B"); /* not reached, but more than the year before */
    assert_answer(w, "status green-1 2023", "B I");
    rebuilt(w, FILE_PUBLISHED, "2023,trees,29", "2023,trees,17");
    assert_answer(w, "proposed green-1 2023", "D"); /* below the first result */
    rebuilt(w, FILE_PUBLISHED, "2023,trees,17", "2023,trees,30");
    assert_answer(w, "proposed green-1 2023", "A");
}

static void counted_once(void **state)
{
    world *w = *state;
    city_below x;
    assert_int_equal(city_plan_below(w->r, NULL, NULL, NULL, NULL, 2023, &x), MIZO_OK);
    assert_int_equal(x.rows, 4);
    assert_int_equal(x.businesses, 2);
    assert_int_equal(x.again, 2); /* 003 is 001 again, 002 stands in two plans */
    assert_int_equal(x.budget_yen, 1750000);
    assert_int_equal(x.spent_yen, 1150000);
    assert_int_equal(x.unspent, 1);
    assert_answer(w, "nodes green measure", "2");
    assert_answer(w, "declared green", "3"); /* the text and the list differ, and both stay */
    assert_answer(w, "businesses green-2", "2");
    assert_answer(w, "businesses all town", "1");
    assert_answer(w, "named 植樹事業", "001 003");
    assert_answer(w, "counts_as 003", "001");
}

static void members_by_date(void **state)
{
    world *w = *state;
    assert_answer(w, "listed council 2020-06-01", "2");
    assert_answer(w, "listed council 2022-06-01", "3");
    assert_answer(w, "listed council 2023-06-01", "2");
    assert_answer(w, "listed council 2023-06-01 public", "2");
    assert_answer(w, "said council 2022-06-01", "3");
    assert_answer(w, "said council 2023-06-01", "5");
    assert_answer(w, "numbered council 2022-06-01", "1..3");
    assert_answer(w, "numbered council 2023-06-01", "2 is missing or stands twice");
    assert_answer(w, "shares mill 2023-06-01", "100.0％");
    rebuilt(w, FILE_REGISTER_ROWS, "Shops,,0.4", "Shops,,0.395");
    assert_answer(w, "shares mill 2023-06-01", "99.5％");
}

static void emissions(void **state)
{
    world *w = *state;
    w->b.as_of = on(2023, 12, 31);
    assert_answer(w, "parts village 2022 * co2 electricity", "580 t-CO2");
    assert_answer(w, "adds village 2022 * co2 electricity", "580 t-CO2 / 590 t-CO2, within the rounding");
    w->b.as_of = MIZO_DAY_NONE; /* homes were restated: 330 */
    assert_answer(w, "parts village 2022 * co2 electricity", "570 t-CO2");
    assert_answer(w, "adds village 2022 * co2 electricity", "570 t-CO2 / 590 t-CO2, beyond the rounding");
    const city_cell homes = { "village", 2022, "homes", "co2", "electricity" };
    const mizo_emission *now = city_emission(w->r, &homes, MIZO_DAY_NONE);
    assert_int_equal(now->vintage, MIZO_VINTAGE_REVISED);
    assert_int_equal(city_emission_before(w->r, now)->vintage, MIZO_VINTAGE_PROVISIONAL);
}

static int64_t kg(exact mg)
{
    int64_t v;
    assert_int_equal(exact_ten(mg, -6, &mg), MIZO_OK);
    assert_int_equal(exact_round(mg, MIZO_ROUND_HALF_UP, &v), MIZO_OK);
    return v;
}

/* MIZO_EINPUT too where there is no such edition. */
static mizo_err why(const world *w, const char *from, const char *to, city_restated *x)
{
    city_restating q = { .inventory = "village", .fy = 2022, .as_of = MIZO_DAY_NONE };
    return city_edition_named(w->r, "village", 2022, from, q.as_of, &q.from) &&
                   city_edition_named(w->r, "village", 2022, to, q.as_of, &q.to)
               ? city_restate(w->r, &q, NULL, NULL, x)
               : MIZO_EINPUT;
}

static void restated(void **state)
{
    world *w = *state;
    city_restated x;
    assert_int_equal(why(w, "provisional", "revised", &x), MIZO_OK);
    assert_int_equal(kg(x.before), 390000); /* 800 x 425 + 2 x 1000 x 25 */
    assert_int_equal(kg(x.after), 407800);  /* 790 x 420 + 2 x 1000 x 28 + 10 x 2000 */
    assert_int_equal(kg(x.activity), -4250);
    assert_int_equal(kg(x.factor), -3950);
    assert_int_equal(kg(x.gwp), 6000);
    assert_int_equal(kg(x.scope), 20000);
    assert_answer(
        w, "restated village 2022 provisional revised",
        "390.00 t-CO2 scope +20.00 t-CO2 activity ▲4.25 t-CO2 factor ▲3.95 t-CO2 gwp +6.00 t-CO2 = 407.80 t-CO2");
    assert_no_answer(w, "restated village 2022 provisional newest", MIZO_EINPUT, "no such edition");
    assert_no_answer(w, "restated village 1990 provisional final", MIZO_EINPUT, "no such edition");
    assert_answer(w, "base village 1990 1995", "975 t-CO2"); /* 700 + 200 + 60 of 1990, 15 of 1995 */
    assert_no_answer(w, "base village 1980 1985", MIZO_ENOENT, "no cells by gas");
    rebuilt(w, FILE_ACTIVITIES, "1000,AR5", "1000,AR9");
    assert_int_equal(why(w, "provisional", "revised", &x), MIZO_ENOENT);
}

/* ---- statements ---- */

typedef struct heard {
    int n;
    city_verdict verdict[16];
    int line[16], column[16], fy[16];
    bool target[16];
    char books[16][40];
} heard;

static mizo_err hear(void *arg, const city_statement *s)
{
    heard *h = arg;
    h->verdict[h->n] = s->verdict;
    h->line[h->n] = s->line;
    h->column[h->n] = s->column;
    h->fy[h->n] = s->fy;
    h->target[h->n] = s->target;
    snprintf(h->books[h->n], sizeof h->books[0], "%s", s->books);
    h->n++;
    return h->n < 16 ? MIZO_OK : MIZO_EFULL;
}

static void held_against_the_books(void **state)
{
    world *w = *state;
    heard h = { 0 };
    static const char text[] = "村の再エネ達成率は、2023年度に約46％です。\n"
                               "2022年度の再エネ達成率は約45％でした。木の累計は29件。\n"
                               "2022年度の村の温室効果ガス排出量は870t-CO2(2013年度比▲13.0％)です。\n"
                               "再エネ達成率は2030年度までに90％。植えた木は1999年度に3件。\n"
                               "令和５年度の木の累計は、３０件です。";
    assert_int_equal(city_statements(&w->b, text, sizeof text - 1, "ja", MIZO_DAY_NONE, hear, &h), MIZO_OK);
    static const city_verdict verdict[] = { CITY_AGREES, CITY_DISAGREES, CITY_DISAGREES, CITY_AGREES,
                                            CITY_AGREES, CITY_DISAGREES, CITY_NO_NAME,   CITY_DISAGREES };
    assert_int_equal(h.n, 8);
    for (int i = 0; i < 8; i++)
        assert_int_equal(h.verdict[i], verdict[i]);
    assert_int_equal(h.line[1], 2);
    assert_int_equal(h.column[1], 15);
    assert_string_equal(h.books[1], "39％");
    assert_int_equal(h.fy[2], 2022); /* the sentence names no year: the last one */
    assert_string_equal(h.books[2], "18件");
    assert_true(h.target[5]);
    assert_string_equal(h.books[5], "100％");
    assert_string_equal(h.books[7], "29件");
    assert_int_equal(city_statements(&w->b, "\xff", 1, "ja", MIZO_DAY_NONE, hear, &h), MIZO_EINPUT);
}

/* Bounds, targets, changes, other subjects: what is right is not called wrong, what is not held is told. */
static void wordings(void **state)
{
    static const struct {
        const char *text;
        city_verdict first, last;
        int n;
    } row[] = {
        {"2023年度の再エネ達成率は45％以上です。",                   CITY_AGREES,    CITY_AGREES,    1},
        { "2023年度の再エネ達成率は50％以上です。",                  CITY_DISAGREES, CITY_DISAGREES, 1},
        { "2023年度の再エネ達成率は50％未満です。",                  CITY_AGREES,    CITY_AGREES,    1},
        { "2023年度の再エネ達成率は40％未満です。",                  CITY_DISAGREES, CITY_DISAGREES, 1},
        { "2023年度の再エネ達成率は45～47％です。",                   CITY_AGREES,    CITY_AGREES,    1},
        { "2023年度の再エネ達成率は40％台です。",                     CITY_AGREES,    CITY_AGREES,    1},
        { "2023年度の木の累計は、前年度から11件増の29件です。", CITY_AGREES,    CITY_AGREES,    2},
        { "2023年度の木の累計は29件、柵の修理は3件です。",        CITY_AGREES,    CITY_NO_NAME,   2},
        { "2023年度の木の累計は29件、実績では30件です。",          CITY_AGREES,    CITY_DISAGREES, 2},
        { "会員58件が参加しました。",                                     CITY_NO_NAME,   CITY_NO_NAME,   1},
        { "2023年度の再エネ達成率は45％を超えました。",            CITY_AGREES,    CITY_AGREES,    1},
        { "2023年度の再エネ達成率は45％を下回りました。",         CITY_DISAGREES, CITY_DISAGREES, 1},
        { "2023年度の木の累計は、11件増です。",                        CITY_NOT_HELD,  CITY_NOT_HELD,  1},
        { "2030年度の再エネ達成率の目標は100％です。",              CITY_AGREES,    CITY_AGREES,    1},
    };
    world *w = *state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        heard h = { 0 };
        assert_int_equal(
            city_statements(&w->b, row[i].text, strlen(row[i].text), "ja", MIZO_DAY_NONE, hear, &h), MIZO_OK);
        if (h.n != row[i].n || h.verdict[0] != row[i].first || h.verdict[h.n - 1] != row[i].last)
            fail_msg("%s: %d figures, %d first, %d last", row[i].text, h.n, (int)h.verdict[0],
                     (int)h.verdict[h.n ? h.n - 1 : 0]);
    }
}

/* ---- checks ---- */

static mizo_err count_ok(void *arg, const city_check_result *x)
{
    int *ok = arg;
    *ok = *ok * 10 + x->ok;
    return MIZO_OK;
}

static void checks_can_fail(void **state)
{
    world *w = *state;
    int ok = 0;
    assert_int_equal(city_check_each(&w->b, count_ok, &ok), MIZO_OK);
    assert_int_equal(ok, 11);
    rebuilt(w, FILE_PUBLISHED, "2022,re-supply,152345", "2022,re-supply,192345");
    ok = 0;
    assert_int_equal(city_check_each(&w->b, count_ok, &ok), MIZO_OK);
    assert_int_equal(ok, 1); /* the first does not hold any more */
}

static void formulas_are_checked(void **state)
{
    world *w = *state;
    mizo_diags *d = mizo_diags_new(0);
    city_check(&w->b, d);
    assert_int_equal(mizo_diags_kept(d), 0);
    rebuilt(w, FILE_INDICATORS, "trees@-1 + trees-new", "trees@-1 + treez-new");
    city_check(&w->b, d);
    assert_int_equal(mizo_diags_kept(d), 1);
    assert_int_equal(mizo_diags_at(d, 0)->id, MIZO_MSG_CITY_FORMULA);
    assert_int_equal(mizo_diags_at(d, 0)->at.line, 6);
    mizo_diags_clear(d);
    rebuilt(w, FILE_PUBLISHED, "2023,trees,29", "2023,trees,17"); /* 18 the year before */
    rebuilt(w, FILE_INDICATORS, "trees@-1 + treez-new", "trees@-1 + trees-new");
    city_check(&w->b, d);
    assert_int_equal(mizo_diags_kept(d), 1);
    assert_int_equal(mizo_diags_at(d, 0)->id, MIZO_MSG_CITY_FALLS);
    mizo_diags_clear(d);
    rebuilt(w, FILE_PUBLISHED, "2023,trees,17", "2023,tree,19");
    city_check(&w->b, d);
    assert_int_equal(mizo_diags_kept(d), 1);
    assert_int_equal(mizo_diags_at(d, 0)->id, MIZO_MSG_CITY_ITEM_STRAY);
    mizo_diags_clear(d);
    rebuilt(w, FILE_PUBLISHED, "2023,tree,19", "2023,trees,29");
    rebuilt(w, FILE_INDICATORS, "(re-supply + abs(saving)) / demand", "re-supply + abs(saving)");
    city_check(&w->b, d);
    assert_int_equal(mizo_diags_count(d, MIZO_WARNING), 1);
    assert_int_equal(mizo_diags_at(d, 0)->id, MIZO_MSG_CITY_FORMULA_UNIT);
    mizo_diags_free(d);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        TEST(rates),    TEST(mistakes),        TEST(said_and_computed),    TEST(vintages),
        TEST(targets),  TEST(counted_once),    TEST(members_by_date),      TEST(emissions),
        TEST(restated), TEST(checks_can_fail), TEST(formulas_are_checked), TEST(held_against_the_books),
        TEST(wordings),
    };
    return cmocka_run_group_tests_name("city", tests, NULL, NULL);
}
