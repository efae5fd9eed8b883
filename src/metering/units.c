/* units.c: what a column of numbers means, and how good people say a number is. */
#include <string.h>

#include "metering/readers.h"
#include "mizo/messages/import.h"

static const metering_unit units[] = {
    {"kwh",                   0,                  false, 1000   },
    { "wh",                   0,                  false, 1      },
    { "mwh",                  0,                  false, 1000000},
    { "電力量(kwh)",       0,                  false, 1000   },
    { "使用量(kwh)",       0,                  false, 1000   },
    { "使用電力量(kwh)", 0,                  false, 1000   },
    { "30分値(kwh)",        0,                  false, 1000   },
    { "電力量",            0,                  false, 1000   },
    { "使用量",            0,                  false, 1000   },
    { "使用電力量",      0,                  false, 1000   },
    { "demand_kwh",           MIZO_Q_DEMAND,      false, 1000   },
    { "pv_kwh",               MIZO_Q_GENERATION,  false, 1000   },
    { "generation_kwh",       MIZO_Q_GENERATION,  false, 1000   },
    { "発電量(kwh)",       MIZO_Q_GENERATION,  false, 1000   },
    { "売電量(kwh)",       MIZO_Q_EXPORT,      false, 1000   },
    { "export_kwh",           MIZO_Q_EXPORT,      false, 1000   },
    { "kw",                   0,                  true,  1000   },
    { "w",                    0,                  true,  1      },
    { "mw",                   0,                  true,  1000000},
    { "電力(kw)",           0,                  true,  1000   },
    { "平均電力(kw)",     0,                  true,  1000   },
    { "yen_per_kwh",          MIZO_Q_PRICE,       false, 1000   },
    { "jpy_per_kwh",          MIZO_Q_PRICE,       false, 1000   },
    { "円/kwh",              MIZO_Q_PRICE,       false, 1000   },
    { "価格(円/kwh)",      MIZO_Q_PRICE,       false, 1000   },
    { "celsius",              MIZO_Q_TEMPERATURE, false, 100    },
    { "気温",               MIZO_Q_TEMPERATURE, false, 100    },
    { "気温(℃)",          MIZO_Q_TEMPERATURE, false, 100    },
    { "w_per_m2",             MIZO_Q_IRRADIANCE,  false, 1      },
    { "g_per_kwh",            MIZO_Q_INTENSITY,   false, 1      },
    { "value",                0,                  false, 0      },
    { "値",                  0,                  false, 0      },
};

const metering_unit *metering_unit_of(const char *word)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i].word, word) == 0)
            return &units[i];
    return NULL;
}

bool metering_is_energy(mizo_quantity q)
{
    switch (q) {
    case MIZO_Q_PRICE:
    case MIZO_Q_INTENSITY:
    case MIZO_Q_TEMPERATURE:
    case MIZO_Q_IRRADIANCE:
    case MIZO_Q_CLOUD:
        return false;
    default:
        return true;
    }
}

int64_t metering_factor(mizo_quantity q)
{
    switch (q) {
    case MIZO_Q_TEMPERATURE:
        return 100;
    case MIZO_Q_IRRADIANCE:
    case MIZO_Q_INTENSITY:
        return 1;
    default:
        return 1000;
    }
}

/* What people write: "kWh", "yen/kWh". */
static const char *unit_text(mizo_quantity q)
{
    switch (q) {
    case MIZO_Q_PRICE:
        return "yen/kWh";
    case MIZO_Q_INTENSITY:
        return "g/kWh";
    case MIZO_Q_TEMPERATURE:
        return "C";
    case MIZO_Q_IRRADIANCE:
        return "W/m2";
    case MIZO_Q_CLOUD:
        return "1";
    default:
        return "kWh";
    }
}

typedef struct name_code {
    const char *name;
    uint8_t code;
} name_code;

static bool look_up(const name_code *t, size_t n, const csv_field *f, uint8_t *out)
{
    char word[TABLE_WORD];
    text_fold(f->s, f->n, word, sizeof word);
    for (size_t i = 0; i < n; i++)
        if (strcmp(t[i].name, word) == 0) {
            *out = t[i].code;
            return true;
        }
    return false;
}

bool metering_quantity(const csv_field *f, mizo_quantity *q)
{
    static const name_code names[] = {
        {"受電",  MIZO_Q_IMPORT     },
        { "使用", MIZO_Q_IMPORT     },
        { "買電", MIZO_Q_IMPORT     },
        { "売電", MIZO_Q_EXPORT     },
        { "発電", MIZO_Q_GENERATION },
        { "充電", MIZO_Q_CHARGE     },
        { "放電", MIZO_Q_DISCHARGE  },
        { "需要", MIZO_Q_DEMAND     },
        { "価格", MIZO_Q_PRICE      },
        { "気温", MIZO_Q_TEMPERATURE},
    };
    char word[TABLE_WORD];
    text_fold(f->s, f->n, word, sizeof word);
    if (mizo_quantity_parse(word, q) == MIZO_OK)
        return true;
    uint8_t code;
    if (!look_up(names, sizeof names / sizeof *names, f, &code))
        return false;
    *q = (mizo_quantity)code;
    return true;
}

/* The four grades of evidence and the codes of the store: docs/formats/import.md, "Quality". */
bool metering_quality(const csv_field *f, uint8_t *q)
{
    static const name_code names[] = {
        {"",             MIZO_QUALITY_MEASURED   },
        { "measured",    MIZO_QUALITY_MEASURED   },
        { "meter",       MIZO_QUALITY_MEASURED   },
        { "bill",        MIZO_QUALITY_MEASURED   },
        { "確定",      MIZO_QUALITY_MEASURED   },
        { "計量",      MIZO_QUALITY_MEASURED   },
        { "検針",      MIZO_QUALITY_MEASURED   },
        { "請求",      MIZO_QUALITY_MEASURED   },
        { "provisional", MIZO_QUALITY_PROVISIONAL},
        { "速報",      MIZO_QUALITY_PROVISIONAL},
        { "estimated",   MIZO_QUALITY_ESTIMATED  },
        { "estimate",    MIZO_QUALITY_ESTIMATED  },
        { "推計",      MIZO_QUALITY_ESTIMATED  },
        { "filled",      MIZO_QUALITY_FILLED     },
        { "補完",      MIZO_QUALITY_FILLED     },
        { "simulated",   MIZO_QUALITY_SIMULATED  },
        { "manual",      MIZO_QUALITY_MANUAL     },
        { "report",      MIZO_QUALITY_MANUAL     },
        { "報告",      MIZO_QUALITY_MANUAL     },
        { "手入力",   MIZO_QUALITY_MANUAL     },
    };
    return look_up(names, sizeof names / sizeof *names, f, q);
}

static mizo_err out_of_range(const csv_field *f, int64_t least, int64_t most, int64_t factor,
                             table_fault *fault)
{
    char a[MIZO_NUM_TEXT], b[MIZO_NUM_TEXT];
    mizo_grouped_text(least / factor, a);
    mizo_grouped_text(most / factor, b);
    char text[41];
    size_t n = f->n < sizeof text ? f->n : sizeof text - 1;
    memcpy(text, f->s, n);
    text[n] = '\0';
    return table_bad(fault, MIZO_MSG_IMPORT_RANGE, f, text, a, b);
}

/* Least and most of a quantity in its small unit. */
static void limits(mizo_quantity q, int64_t *least, int64_t *most)
{
    *least = 0;
    *most = INT32_MAX;
    if (q == MIZO_Q_NET || q == MIZO_Q_PRICE)
        *least = -INT32_MAX;
    if (q == MIZO_Q_TEMPERATURE) {
        *least = -9000;
        *most = 7000;
    }
    if (q == MIZO_Q_IRRADIANCE)
        *most = 2000;
    if (q == MIZO_Q_CLOUD)
        *most = 2000;
}

mizo_err metering_value(const csv_field *f, const metering_unit *u, mizo_quantity q, int step_min,
                        int exponent, int32_t *out, table_fault *fault)
{
    enum { DIGITS = 6 };
    static const int64_t scale[] = { 1000000, 10000000, 100000000, 1000000000 };
    int64_t micro = scale[exponent];
    int64_t factor = u->factor ? u->factor : metering_factor(q), x;
    mizo_err e = table_number(f->s, f->n, DIGITS, &x);
    if (e == MIZO_ENOENT)
        return e;
    if (e == MIZO_EINPUT)
        return table_bad_text(fault, MIZO_MSG_IMPORT_BAD_NUMBER, f, u->factor ? u->word : unit_text(q));
    int64_t least, most, v;
    limits(q, &least, &most);
    if (!e && u->power)
        e = mizo_mul_div(x, factor * step_min, micro * 60, MIZO_ROUND_HALF_UP, &v);
    else if (!e)
        e = mizo_mul_div(x, factor, micro, MIZO_ROUND_HALF_UP, &v);
    if (!e && v < 0 && least == 0)
        return table_bad_text(fault, MIZO_MSG_IMPORT_NEGATIVE, f, NULL);
    if (e || v < least || v > most)
        return out_of_range(f, least, most, factor, fault);
    *out = (int32_t)v;
    return MIZO_OK;
}
