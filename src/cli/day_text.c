/* day_text.c: the desk of a day as a person reads it on a terminal. */
#include <inttypes.h>
#include <string.h>

#include "cli/day.h"

enum { SLOTS = DESK_SLOTS };

static const char *pick(bool ja, const char *in_ja, const char *in_en)
{
    return ja && *in_ja ? in_ja : *in_en ? in_en : in_ja;
}

static void put_kwh(buf *out, int64_t wh, int width)
{
    char text[MIZO_NUM_TEXT];
    if (wh == INT64_MIN) {
        cli_cell(out, "-", width);
        return;
    }
    mizo_grouped_text(mizo_div_round(wh, 1000, MIZO_ROUND_HALF_UP), text);
    cli_cell(out, text, width);
}

static void put_yen(buf *out, mizo_uyen v)
{
    char text[MIZO_NUM_TEXT];
    mizo_grouped_text(mizo_div_round(v, 1000000, MIZO_ROUND_HALF_UP), text);
    buf_str(out, text);
}

static void put_instant(const desk_day *d, mizo_ms t, buf *out)
{
    char text[MIZO_INSTANT_TEXT];
    mizo_ms_text(t, d->region->offset, text);
    text[16] = '\0'; /* to the minute */
    text[10] = ' ';
    buf_str(out, text);
}

/* ---- head and clock ---- */

static void put_head(const desk_day *d, bool ja, buf *out)
{
    static const char *const role[2][3] = {
        {"member", "parent", "alone" },
        { "子",   "親",    "単独"}
    };
    char day[MIZO_DATE_TEXT];
    mizo_day_text(d->day, day);
    buf_printf(out, "%s  %s (%s), %s%s\n", day,
               pick(ja, d->group->name_ja, *d->group->name_en ? d->group->name_en : d->group->id),
               d->group->id, role[ja][d->group->role], ja ? "" : "");
    buf_str(out, ja ? "現在 " : "now ");
    put_instant(d, d->now, out);
    buf_char(out, '\n');
}

static void put_left(int64_t s, bool ja, buf *out)
{
    int64_t m = s / 60;
    buf_printf(out, ja ? "あと %" PRId64 " 時間 %02" PRId64 " 分" : "%" PRId64 " h %02" PRId64 " min left",
               m / 60, m % 60);
}

static void put_due(const desk_day *d, const mizo_due *x, bool ja, buf *out)
{
    static const char *const what[2][5] = {
#define X(name, id, en, ja) en,
        { MIZO_DUES(X) },
#undef X
#define X(name, id, en, ja) ja,
        { MIZO_DUES(X) },
#undef X
    };
    buf_str(out, x->state == MIZO_DUE_MISSED ? "  ! " : "    ");
    put_instant(d, x->at, out);
    buf_printf(out, "  %s", what[ja][x->kind]);
    if (x->slot >= 0)
        buf_printf(out, " %02d:%02d", x->slot / 2, x->slot % 2 * 30);
    buf_str(out, ": ");
    if (x->state == MIZO_DUE_AHEAD && x->at > d->now)
        put_left((x->at - d->now) / 1000, ja, out);
    else
        buf_str(out, x->state == MIZO_DUE_DONE     ? (ja ? "済み" : "done")
                     : x->state == MIZO_DUE_MISSED ? (ja ? "間に合いませんでした" : "missed")
                                                   : (ja ? "今すぐ" : "now"));
    buf_char(out, '\n');
}

static void put_clock(const desk_day *d, bool ja, buf *out)
{
    buf_str(out, ja ? "期限\n" : "Deadlines\n");
    for (int i = 0; i < d->ndue; i++)
        put_due(d, &d->due[i], ja, out);
}

static void put_filed(const desk_day *d, bool ja, buf *out)
{
    const desk_plan *p = &d->filed;
    if (!d->has_filed) {
        buf_str(out, d->has_draft ? (ja ? "未提出(下書きあり)\n" : "not filed (a draft is there)\n")
                                  : (ja ? "未提出\n" : "not filed\n"));
        return;
    }
    buf_printf(out, ja ? "提出 第%d版 " : "filed, version %d, ", p->version);
    put_instant(d, p->at, out);
    buf_printf(out, " %s%s%s%s\n  %s\n  BLAKE2b %s\n", p->actor,
               p->late ? (ja ? " 当日計画" : " (plan of the day)") : "", *p->reason ? ": " : "", p->reason,
               p->file, p->hash);
    if (d->changed_slots) {
        buf_printf(out,
                   ja ? "  その後、予測が %d コマで "
                      : "  since then the forecast has moved in %d half-hours, by ",
                   d->changed_slots);
        put_kwh(out, d->changed_wh, 0);
        buf_str(out, ja ? " kWh 動きました\n" : " kWh\n");
    }
}

/* ---- 48 half-hours ---- */

static bool corrected(const desk_day *d, int t)
{
    for (size_t i = 0; i < d->ncorrection; i++)
        if (d->correction[i].slot == t && d->correction[i].wh >= 0)
            return true;
    return false;
}

static void put_slot(const desk_day *d, int t, buf *out)
{
    bool f = d->has_forecast, p = d->has_filed;
    const int64_t v[] = { f ? d->forecast.demand[t] : INT64_MIN, f ? d->forecast.low[t] : INT64_MIN,
                          f ? d->forecast.high[t] : INT64_MIN,   p ? d->filed.book.demand[t] : INT64_MIN,
                          f ? d->book.bought[t] : INT64_MIN,     f ? d->book.sold[t] : INT64_MIN,
                          f ? d->book.open[t] : INT64_MIN,       d->actual.wh[t] };
    int64_t at = d->now - mizo_slot_ms(mizo_day_slot(d->day, d->region->offset) + t);
    buf_printf(out, "%c%02d:%02d",
               at >= 0 && at < MIZO_SLOT_MS ? '>'
               : corrected(d, t)            ? '*'
                                            : ' ',
               t / 2, t % 2 * 30);
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        put_kwh(out, v[i], 10);
    if (d->spot[t] != MIZO_MISSING || (f && d->forecast.price[t] != MIZO_MISSING)) {
        char text[MIZO_NUM_TEXT];
        mizo_decimal_text((d->spot[t] != MIZO_MISSING ? d->spot[t] : d->forecast.price[t]) / 10, 2, text);
        cli_cell(out, text, 9);
        buf_str(out, d->spot[t] != MIZO_MISSING ? "" : "~");
    }
    buf_char(out, '\n');
}

static void put_slots(const desk_day *d, bool ja, buf *out)
{
    static const char *const head[2][9] = {
        {"forecast", "P10", "P90", "filed",  "bought", "sold",   "open",   "actual", "yen"},
        { "予測",  "P10", "P90", "提出", "調達", "販売", "未達", "実績", "円"},
    };
    cli_cell(out, ja ? "kWh" : "kWh", 6);
    for (int i = 0; i < 9; i++)
        cli_cell(out, head[ja][i], i < 8 ? 10 : 9);
    buf_char(out, '\n');
    for (int t = 0; t < SLOTS; t++)
        put_slot(d, t, out);
}

static int64_t sum_of(const int64_t *v)
{
    int64_t sum = 0;
    for (int t = 0; t < SLOTS; t++)
        sum += v[t];
    return sum;
}

static void put_lines(const desk_day *d, bool ja, buf *out)
{
    buf_str(out, ja ? "調達と販売(一日のkWh)\n" : "Procurement and sales (kWh of the day)\n");
    for (size_t i = 0; i < d->book.nline; i++) {
        const mizo_desk_line *l = &d->book.line[i];
        const mizo_source *s = l->source >= 0 ? &d->region->source[l->source] : NULL;
        if (s && s->kind == MIZO_SOURCE_MARKET && !sum_of(l->wh))
            continue;
        buf_str(out, l->sale ? "  - " : "  + ");
        put_kwh(out, sum_of(l->wh), 12);
        buf_printf(out, "  %s", l->id);
        if (s)
            buf_printf(out, "  %s%s%s", pick(ja, s->name_ja, s->name_en), *s->party ? ", " : "", s->party);
        if (l->missing)
            buf_printf(out, ja ? "  ! %d コマの量が知らされていません" : "  ! not known in %d half-hours",
                       l->missing);
        buf_char(out, '\n');
    }
}

/* ---- the position ---- */

static void put_move(const desk_day *d, int k, bool ja, buf *out)
{
    static const char *const name[2][MIZO_DESK_MOVE_COUNT] = {
#define X(name, id, en, ja) en,
        { MIZO_DESK_MOVES(X) },
#undef X
#define X(name, id, en, ja) ja,
        { MIZO_DESK_MOVES(X) },
#undef X
    };
    const mizo_priced_move *m = &d->position.move[k];
    if (!m->there)
        return;
    buf_printf(out, "  %s ", (int)d->position.chosen == k ? "=>" : "  ");
    cli_cell(out, name[ja][k], -24);
    put_kwh(out, m->wh, 10);
    buf_str(out, " kWh");
    if (m->then_wh) {
        buf_str(out, ja ? "、ほか売買 " : ", then traded ");
        put_kwh(out, m->then_wh, 0);
        buf_str(out, " kWh");
    }
    buf_str(out, ja ? "  支払 " : "  paid ");
    put_yen(out, m->paid);
    buf_str(out, ja ? " 円  見込み計 " : " yen  expected in all ");
    put_yen(out, m->mean);
    buf_str(out, ja ? " 円 (P10 " : " yen (P10 ");
    put_yen(out, m->p10);
    buf_str(out, ", P90 ");
    put_yen(out, m->p90);
    buf_str(out, ")\n");
}

static void put_position(const desk_day *d, bool ja, buf *out)
{
    static const char *const why[2][5] = {
        {"nothing is open", "the cheapest, and cheaper than to wait",
         "waiting is expected to be cheaper, but what is short must be bought: a plan must match",                                                      "to wait is expected to be no dearer", "nothing can be done any more"},
        { "未達なし",   "最も安く、待つより安い",      "待つ方が安い見込みだが、不足は調達しなければならない",
         "待っても高くならない見込み",                                                                                                                                            "もう手段がない"       },
    };
    buf_str(out, ja ? "ポジション: 不足 " : "Position: short ");
    put_kwh(out, d->position.open_short, 0);
    buf_str(out, ja ? " kWh、余剰 " : " kWh, long ");
    put_kwh(out, d->position.open_long, 0);
    buf_str(out, " kWh");
    if (!d->priced)
        buf_str(out, ja ? "(価格の分からないコマあり)" : " (some half-hours have no price)");
    else if (d->stand_in)
        buf_str(out, ja ? "(インバランス単価の代わりに市場価格)"
                        : " (market prices stand in for imbalance prices)");
    buf_char(out, '\n');
    for (int k = 0; k < MIZO_DESK_MOVE_COUNT; k++)
        put_move(d, k, ja, out);
    buf_printf(out, ja ? "  理由: %s\n" : "  because: %s\n", why[ja][d->position.why]);
}

static void put_corrections(const desk_day *d, bool ja, buf *out)
{
    for (size_t i = 0; i < d->ncorrection; i++) {
        const desk_correction *c = &d->correction[i];
        if (c->wh < 0)
            continue;
        buf_printf(out, "  * %02d:%02d %s ", c->slot / 2, c->slot % 2 * 30, c->member);
        put_kwh(out, c->was, 0);
        buf_str(out, " -> ");
        put_kwh(out, c->wh, 0);
        buf_printf(out, ja ? " kWh、%s: %s\n" : " kWh, %s: %s\n", c->actor, c->reason);
    }
}

/* What was taken up; of batteries what they do otherwise, half-hour by half-hour. */
static void put_decision(const desk_day *d, bool ja, buf *out)
{
    static const char *const name[2][MIZO_DESK_MOVE_COUNT] = {
#define X(name, id, en, ja) en,
        { MIZO_DESK_MOVES(X) },
#undef X
#define X(name, id, en, ja) ja,
        { MIZO_DESK_MOVES(X) },
#undef X
    };
    const desk_decision *x = &d->decision;
    if (!x->version)
        return;
    buf_printf(out, ja ? "決定: %s " : "decided: %s, ", name[ja][x->move]);
    put_kwh(out, x->wh, 0);
    buf_printf(out, " kWh, %s%s%s, ", x->actor, *x->reason ? ": " : "", x->reason);
    put_instant(d, x->at, out);
    buf_char(out, '\n');
    if (x->steers)
        buf_str(out, ja ? "  蓄電池の受電の増減(kWh):" : "  batteries draw more or less (kWh):");
    for (int t = 0; t < SLOTS && x->steers; t++)
        if (x->moved[t]) {
            buf_printf(out, " %02d:%02d ", t / 2, t % 2 * 30);
            put_kwh(out, x->moved[t], 0);
        }
    buf_str(out, x->steers ? "\n" : "");
}

void day_text(const desk_day *d, bool ja, buf *out)
{
    put_head(d, ja, out);
    put_clock(d, ja, out);
    put_filed(d, ja, out);
    if (d->has_forecast) {
        buf_str(out, ja ? "予測 " : "forecast as of ");
        put_instant(d, d->forecast.issued, out);
        buf_printf(out,
                   ja ? " 時点: %d 地点(借用 %d、不明 %d、定額灯 %d)\n"
                      : ": %d points (%d borrowed, %d silent, %d of lamps)\n",
                   d->forecast.points, d->forecast.borrowed, d->forecast.silent, d->forecast.lamp);
    }
    put_slots(d, ja, out);
    put_corrections(d, ja, out);
    if (!d->has_forecast)
        return;
    put_lines(d, ja, out);
    put_position(d, ja, out);
    put_decision(d, ja, out);
}
