/* operator.h: half-hourly readings as the network operator sends them (docs/formats/operator-files.md).
 *
 * Three kinds of file of one XML family: same-day (one slot a file), daily, and confirmed (確定使用量, a month). What an
 * element means is data: rows of code and meaning, the built-in ones under those of the region's operator-codes.csv. An
 * element that no row names is told with its place; `ignore` is a meaning too.
 *
 * Pure: text in, points with their slots out. Names and consumer codes go to the caller apart from the readings; they
 * never stand in a fault.
 */
#ifndef GRID_OPERATOR_H
#define GRID_OPERATOR_H

#include "base/xml.h"
#include "mizo/number.h"
#include "mizo/series.h"

enum {
    OPERATOR_NUMBER = 23, /* 22 digits */
    OPERATOR_TEXT = 96 * 4,
    OPERATOR_SLOTS = 62 * MIZO_DAY_SLOTS /* of one point in one file */
};

typedef enum operator_kind { OPERATOR_SAME_DAY, OPERATOR_DAILY, OPERATOR_CONFIRMED } operator_kind;
extern const char *const operator_kind_words[]; /* "operator-same-day" ... */

/* What an element means. X(NAME, "word in operator-codes.csv", english, japanese) */
#define OPERATOR_MEANINGS(X)                                                                                 \
    X(IGNORE, "ignore", "known, and not read", "読み飛ばす")                                                 \
    X(HEADER, "header", "the message's header: passed by", "電文ヘッダー (読み飛ばす)")                      \
    X(AROUND, "around", "stands around all", "全体を囲む要素")                                               \
    X(GROUP, "group", "a list of records", "レコードの並び")                                                 \
    X(RECORD, "record", "a record", "レコード")                                                              \
    X(TYPE, "message-type", "type of message", "情報区分コード")                                             \
    X(SENDER, "sender-code", "code of the sender", "送信者コード")                                           \
    X(RECEIVER, "receiver-code", "code of the receiver", "受信者コード")                                     \
    X(DATE, "date", "day of the readings, yyyymmdd", "年月日")                                               \
    X(SLOT, "time-code", "slot 1..48", "時間コード")                                                         \
    X(MONTH, "month", "month, yyyymm", "年月")                                                               \
    X(POINT, "point", "supply point, 22 digits", "供給地点特定番号")                                         \
    X(CONSUMER, "consumer-code", "code of the consumer (personal)", "需要家識別番号 (個人情報)")             \
    X(NAME, "consumer-name", "name of the consumer (personal)", "需要家名 (個人情報)")                       \
    X(PLACE, "point-name", "name of the supply point (personal)", "供給地点名 (個人情報)")                   \
    X(PRESENT, "present-flag", "0: there is a value, 1: none", "使用量の有無 (0: あり、1: なし)")            \
    X(KWH_HIGH, "kwh-high", "kWh of the slot, high voltage", "使用電力量 (高圧)")                            \
    X(KWH_LOW, "kwh-low", "kWh of the slot, low voltage", "使用電力量 (低圧)")                               \
    X(VOLTAGE, "voltage", "voltage class", "電圧区分")                                                       \
    X(ITEM, "item", "which of a point's items (仕訳コード)", "仕訳コード")                                   \
    X(ABSENT, "absent-flag", "0: provided, 1: not", "提供の有無 (0: あり、1: なし)")                         \
    X(POWER_FACTOR, "power-factor", "power factor, per cent", "力率")                                        \
    X(TOTAL, "total-kwh", "kWh of the month, all of the point", "月間使用量 (全量)")                         \
    X(ITEM_TOTAL, "item-total-kwh", "kWh of the month, of the item", "月間使用量 (仕訳)")                    \
    X(MAX_KW, "max-kw", "maximum demand, kW", "最大需要電力")                                                \
    X(NEXT_READING, "next-reading", "day of the next reading, yyyymmdd", "次回検針予定日")                   \
    X(USE_DATE, "use-date", "day of the slots below, yyyymmdd", "使用年月日")                                \
    X(USE_ALL, "slot-kwh", "kWh of the slot, all of the point", "時間帯別使用量 (全量)")                     \
    X(USE_ITEM, "item-slot-kwh", "kWh of the slot, of the item", "時間帯別使用量 (仕訳)")

typedef enum operator_meaning {
#define X(name, word, en, ja) OPERATOR_##name,
    OPERATOR_MEANINGS(X)
#undef X
        OPERATOR_MEANING_COUNT
} operator_meaning;
extern const char *const operator_meaning_words[]; /* ended by NULL */

typedef struct operator_code {
    const char *code; /* "JP06400" */
    operator_meaning meaning;
    const char *source, *mark;
} operator_code;

/* The built-in rows. */
const operator_code *operator_codes_builtin(size_t *n);

/* One slot of a point. */
typedef struct operator_slot {
    mizo_day day;
    int32_t wh;      /* of all of the point; MIZO_MISSING: no value */
    int32_t item_wh; /* of the item; MIZO_MISSING: not given */
    int32_t line;
    uint8_t slot; /* 0..47 */
} operator_slot;

/* What the file says of the whole. */
typedef struct operator_head {
    operator_kind kind;
    mizo_day day;          /* same-day, daily */
    int month_year, month; /* confirmed */
    char type[16], sender[16], receiver[16];
} operator_head;

/* One record of a point. Texts are UTF-8, "" where they are not given. */
typedef struct operator_point {
    char number[OPERATOR_NUMBER];
    char item[16], voltage[16];
    char consumer[OPERATOR_TEXT], name[OPERATOR_TEXT], place[OPERATOR_TEXT]; /* personal: seal them apart */
    bool provided;
    bool faulty;                     /* a fault was said: nothing but its number is to be used */
    int32_t power_factor_e2;         /* per cent x 100; -1: not given */
    int32_t max_w;                   /* MIZO_MISSING: not given */
    mizo_day next_reading;           /* MIZO_DAY_NONE: not given */
    mizo_wh total_wh, item_total_wh; /* -1: not given */
    int32_t line;
    const operator_slot *slot;
    size_t nslot;
} operator_point;

/* Faults go to bad with up to two parameters and where the record is; a point that has one is handed out as faulty. */
typedef struct operator_sink {
    void *arg;
    mizo_err (*point)(void *arg, const operator_head *h, const operator_point *p);
    void (*bad)(void *arg, mizo_msg id, int line, const char *p0, const char *p1, const char *where);
} operator_sink;

/* Reads text[0..n), UTF-8 (xml_utf8). codes[0..ncodes) stand over the built-in ones. *head is filled as far as it was
 * read. MIZO_EINPUT: not readable as XML (*fault), or no file of this family (*fault->why empty, said by bad);
 * unknown codes are said by bad, once each, with their first line and how often. */
MIZO_MUST_USE mizo_err operator_read(const xml_reader *xml, const char *text, size_t n,
                                     const operator_code *codes, size_t ncodes, const operator_sink *sink,
                                     operator_head *head, xml_fault *fault);

/* What a column of a table means by its header's folded word (text_fold): one of the personal meanings, or
 * OPERATOR_MEANING_COUNT for all others. codes[0..ncodes) stand over the built-in words. */
operator_meaning operator_column_of(const operator_code *codes, size_t ncodes, const char *word);
bool operator_personal(operator_meaning m);

/* Does the text look like one of this family? Its root is SBD-MSG, or there is a JPTRM near its beginning. */
bool operator_looks(const char *text, size_t n);

/* The bytes as they came, less the text of the personal elements and of those that are not read (unknown, ignored),
 * appended to out: what may be kept in the register.
 * Works on the bytes (UTF-8 or Shift_JIS), so that everything else stays as it was. */
MIZO_MUST_USE mizo_err operator_strip(const char *bytes, size_t n, const operator_code *codes, size_t ncodes,
                                      buf *out);

#endif
