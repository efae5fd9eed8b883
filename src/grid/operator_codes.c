/* operator_codes.c: what the elements of the operator's files mean, as data. Codes as public importers of such files
 * read them; a region's operator-codes.csv adds to them and stands over them. */
#include <string.h>

#include "base/text.h"
#include "grid/operator_inner.h"
#include "mizo/messages/operator.h"

#define SEEN "a public importer of the operator's 30-minute data", "V"

static const operator_code rows[] = {
    {"SBD-MSG",    OPERATOR_AROUND,       SEEN},
    { "JPMGRP",    OPERATOR_AROUND,       SEEN},
    { "JPTRM",     OPERATOR_AROUND,       SEEN},
    { "JPMGH",     OPERATOR_HEADER,       SEEN},
    { "JPM00010",  OPERATOR_GROUP,        SEEN},
    { "JPM00011",  OPERATOR_GROUP,        SEEN},
    { "JPM00013",  OPERATOR_GROUP,        SEEN},
    { "JPM00014",  OPERATOR_GROUP,        SEEN},
    { "JPMR00010", OPERATOR_RECORD,       SEEN},
    { "JPMR00011", OPERATOR_RECORD,       SEEN},
    { "JPMR00013", OPERATOR_RECORD,       SEEN},
    { "JPMR00014", OPERATOR_RECORD,       SEEN},
    { "JP00002",   OPERATOR_TYPE,         SEEN},
    { "JP06110",   OPERATOR_SENDER,       SEEN},
    { "JP06112",   OPERATOR_RECEIVER,     SEEN},
    { "JP06116",   OPERATOR_DATE,         SEEN},
    { "JP06219",   OPERATOR_SLOT,         SEEN},
    { "JP06401",   OPERATOR_MONTH,        SEEN},
    { "JP06400",   OPERATOR_POINT,        SEEN},
    { "JP06119",   OPERATOR_CONSUMER,     SEEN},
    { "JP06120",   OPERATOR_NAME,         SEEN},
    { "JP06402",   OPERATOR_PLACE,        SEEN},
    { "JP06122",   OPERATOR_PRESENT,      SEEN},
    { "JP06123",   OPERATOR_KWH_HIGH,     SEEN},
    { "JP06125",   OPERATOR_KWH_LOW,      SEEN},
    { "JP06403",   OPERATOR_VOLTAGE,      SEEN},
    { "JP06404",   OPERATOR_ITEM,         SEEN},
    { "JP06405",   OPERATOR_ABSENT,       SEEN},
    { "JP06406",   OPERATOR_POWER_FACTOR, SEEN},
    { "JP06426",   OPERATOR_TOTAL,        SEEN},
    { "JP06427",   OPERATOR_ITEM_TOTAL,   SEEN},
    { "JP06445",   OPERATOR_MAX_KW,       SEEN},
    { "JP06446",   OPERATOR_NEXT_READING, SEEN},
    { "JP06423",   OPERATOR_USE_DATE,     SEEN},
    { "JP06424",   OPERATOR_USE_ALL,      SEEN},
    { "JP06425",   OPERATOR_USE_ITEM,     SEEN},
};
enum { NROWS = sizeof rows / sizeof *rows };

const char *const operator_kind_words[] = { "operator-same-day", "operator-daily", "operator-confirmed",
                                            NULL };

const char *const operator_meaning_words[] = {
#define X(name, word, en, ja) word,
    OPERATOR_MEANINGS(X)
#undef X
        NULL
};

const operator_code *operator_codes_builtin(size_t *n)
{
    *n = NROWS;
    return rows;
}

operator_meaning operator_meaning_of(const operator_code *codes, size_t n, const char *code)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(codes[i].code, code) == 0)
            return codes[i].meaning;
    for (size_t i = 0; i < NROWS; i++)
        if (strcmp(rows[i].code, code) == 0)
            return rows[i].meaning;
    return OPERATOR_MEANING_COUNT;
}

/* Words over columns, as operators and their customers' portals write them. */
static const operator_code columns[] = {
    {"需要家識別番号",  OPERATOR_CONSUMER, "", ""},
    { "需要者識別番号", OPERATOR_CONSUMER, "", ""},
    { "需要家番号",       OPERATOR_CONSUMER, "", ""},
    { "お客さま番号",    OPERATOR_CONSUMER, "", ""},
    { "お客様番号",       OPERATOR_CONSUMER, "", ""},
    { "契約番号",          OPERATOR_CONSUMER, "", ""},
    { "consumer_code",         OPERATOR_CONSUMER, "", ""},
    { "customer_number",       OPERATOR_CONSUMER, "", ""},
    { "需要家名",          OPERATOR_NAME,     "", ""},
    { "需要家名称",       OPERATOR_NAME,     "", ""},
    { "需要者名",          OPERATOR_NAME,     "", ""},
    { "需要者名称",       OPERATOR_NAME,     "", ""},
    { "お客さま名",       OPERATOR_NAME,     "", ""},
    { "お客様名",          OPERATOR_NAME,     "", ""},
    { "契約者名",          OPERATOR_NAME,     "", ""},
    { "契約名義",          OPERATOR_NAME,     "", ""},
    { "名義",                OPERATOR_NAME,     "", ""},
    { "氏名",                OPERATOR_NAME,     "", ""},
    { "consumer_name",         OPERATOR_NAME,     "", ""},
    { "customer_name",         OPERATOR_NAME,     "", ""},
    { "供給地点名",       OPERATOR_PLACE,    "", ""},
    { "供給地点名称",    OPERATOR_PLACE,    "", ""},
    { "供給場所",          OPERATOR_PLACE,    "", ""},
    { "需要場所",          OPERATOR_PLACE,    "", ""},
    { "需要場所住所",    OPERATOR_PLACE,    "", ""},
    { "住所",                OPERATOR_PLACE,    "", ""},
    { "address",               OPERATOR_PLACE,    "", ""},
};

operator_meaning operator_column_of(const operator_code *codes, size_t n, const char *word)
{
    char folded[64];
    for (size_t i = 0; i < n; i++) {
        text_fold(codes[i].code, strlen(codes[i].code), folded, sizeof folded);
        if (strcmp(folded, word) == 0)
            return operator_personal(codes[i].meaning) ? codes[i].meaning : OPERATOR_MEANING_COUNT;
    }
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (strcmp(columns[i].code, word) == 0)
            return columns[i].meaning;
    return OPERATOR_MEANING_COUNT;
}

bool operator_personal(operator_meaning m)
{
    return m == OPERATOR_CONSUMER || m == OPERATOR_NAME || m == OPERATOR_PLACE;
}
