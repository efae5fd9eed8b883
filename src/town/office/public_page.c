/* public_page.c: the public page: plain HTML, no script, small; the style is its own file, or in it where it stands alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "town/office/public.h"

/* ---- the style ---- */

static const char style[] =
    ":root{--paper:#fff;--ground:#f4f6f3;--ink:#16231f;--soft:#46554f;--line:#d5ddd8;--edge:#b3bfb9;--brand:#1b6b52;"
    "--bar:#2f8f6f;--goal:#8a5a00;color-scheme:light dark}"
    "@media(prefers-color-scheme:dark){:root{--paper:#17211d;--ground:#0f1714;--ink:#e9f1ed;--soft:#b3c2bb;"
    "--line:#2c3a34;--edge:#4a5a53;--brand:#7fd3b3;--bar:#4fae8b;--goal:#e0b25c}}"
    "*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);"
    "font:16px/1.65 'Noto Sans JP','Noto Sans CJK JP','BIZ UDPGothic','Hiragino Sans','Yu Gothic',sans-serif}"
    "main,header,footer{max-width:64rem;margin:0 auto;padding:0 1.25rem}"
    "header{display:flex;justify-content:space-between;align-items:baseline;gap:1rem;padding-top:1.25rem}"
    "header a{white-space:nowrap}h1{font-size:1.25rem;margin:0}.hero h2{margin-top:0}h2::first-letter,h3::first-letter,.made span::first-letter{text-transform:uppercase}.made span{display:inline-block}h2{font-size:1.0625rem;margin:2.25rem 0 .75rem}h3{font-size:.9375rem;margin:0;"
    "font-weight:600;line-height:1.45}a{color:var(--brand)}"
    ".hero{background:var(--paper);border:1px solid var(--line);border-radius:16px;padding:1.5rem 1.75rem;margin:1rem 0 0;"
    "display:grid;grid-template-columns:minmax(0,1.2fr) minmax(0,1fr);gap:1.5rem 2.5rem}"
    ".hero .text{font-size:clamp(3rem,10vw,5.25rem);line-height:1.05;font-weight:700;color:var(--brand);"
    "font-variant-numeric:tabular-nums;margin:.25rem 0}"
    ".soft{color:var(--soft);font-size:.875rem;margin:.25rem 0}"
    ".made{list-style:none;margin:.5rem 0 0;padding:0}.made li{display:flex;justify-content:space-between;gap:1rem;"
    "border-bottom:1px solid var(--line);padding:.375rem 0}.made b{font-variant-numeric:tabular-nums;white-space:nowrap}"
    ".cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(15.5rem,1fr));gap:.875rem}"
    ".card{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:1rem 1.125rem;display:flex;"
    "flex-direction:column}.card .text{font-size:1.75rem;font-weight:700;font-variant-numeric:tabular-nums;"
    "line-height:1.3;margin:.25rem 0}.card .soft:last-child{margin-top:auto}"
    ".goal{color:var(--goal);font-size:.875rem;margin:.125rem 0}"
    "svg{display:block;width:100%;height:auto;margin:.5rem 0}svg rect{fill:var(--bar)}svg rect.last{fill:var(--brand)}"
    "svg text{fill:var(--soft);font-size:11px}svg line{stroke:var(--edge)}"
    ".scroll{overflow-x:auto;background:var(--paper);border:1px solid var(--line);border-radius:12px}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
    "th,td{padding:.5rem 1rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}"
    "tbody tr:last-child>*{border-bottom:0}th:first-child{text-align:left}thead th{font-size:.875rem;color:var(--soft)}"
    "tbody th{font-weight:600}footer{color:var(--soft);font-size:.8125rem;padding-bottom:2.5rem;margin-top:2rem}"
    "code{font-size:.75rem;overflow-wrap:anywhere}:focus-visible{outline:3px solid var(--brand);outline-offset:2px}"
    "@media(max-width:44rem){.hero{grid-template-columns:minmax(0,1fr);padding:1.25rem}th,td{padding:.5rem .625rem}}"
    "@page{size:A4;margin:14mm}@media print{:root{--paper:#fff;--ground:#fff;--ink:#000;--soft:#333;--brand:#1b6b52}"
    "body{font-size:10pt}.hero,.card,tr{break-inside:avoid}header a{display:none}"
    ".cards{grid-template-columns:1fr 1fr 1fr;gap:.5rem}.card{padding:.5rem .75rem}.card .text{font-size:1.125rem}.card svg{max-height:3rem}"
    ".hero .text{font-size:3rem}.hero svg{max-height:4.5rem}td,th{padding:.25rem .625rem}}";

const char *public_style(void)
{
    return style;
}

/* ---- pieces ---- */

typedef struct maker {
    const public_sheet *s;
    const public_look *look;
    bool ja;
    buf *out;
} maker;

static const char *either(const maker *m, const char *ja, const char *en)
{
    return m->ja || !en || !*en ? ja : en;
}

static void text(buf *out, const char *s)
{
    for (; *s; s++) {
        const char *as = *s == '&'   ? "&amp;"
                         : *s == '<' ? "&lt;"
                         : *s == '>' ? "&gt;"
                         : *s == '"' ? "&quot;"
                                     : NULL;
        if (as)
            buf_str(out, as);
        else
            buf_char(out, *s);
    }
}

/* <open>text</close>; open may carry attributes of our own. */
/* The reader's half of a text in both languages. */
static void said(maker *m, const char *s)
{
    size_t n;
    const char *half = text_said(s, m->ja, &n);
    char *copy = strndup(half, n);
    text(m->out, copy ? copy : s);
    free(copy);
}

static void element(maker *m, const char *open, const char *close, const char *s)
{
    buf_printf(m->out, "<%s>", open);
    text(m->out, s);
    buf_printf(m->out, "</%s>\n", close);
}

static const char *name_of(const maker *m, const mizo_indicator *i)
{
    return either(m, i->name_ja, i->name_en);
}

static const char *words(const maker *m, const public_words *w)
{
    return m->ja ? w->ja : w->en;
}

static void year_text(const maker *m, int fy, char out[64])
{
    if (m->ja)
        (void)snprintf(out, 64, "%d年度", fy);
    else
        (void)snprintf(out, 64, "FY%d", fy);
}

static void day_text(mizo_day d, char out[64])
{
    char day[MIZO_DATE_TEXT];
    mizo_day_text(d, day);
    (void)snprintf(out, 64, "%s", day);
}

/* "FY2023, provisional" */
static void year_and_vintage(maker *m, const public_figure *f)
{
    char year[64];
    const mizo_published *row = f->value.row;
    const char *vintage =
        row ? city_vintage_text(row->vintage, m->look->lang) : either(m, "計算値", "computed");
    year_text(m, f->value.fy, year);
    buf_str(m->out, "<p class=\"soft\">");
    text(m->out, year);
    if (*vintage) {
        buf_str(m->out, m->ja ? "・" : ", ");
        text(m->out, vintage);
    }
    buf_str(m->out, "</p>\n");
}

static void source(maker *m, const public_figure *f)
{
    char day[64];
    const mizo_published *row = f->value.row;
    buf_str(m->out, "<p class=\"soft\">");
    text(m->out, either(m, "出典: ", "Source: "));
    said(m, row ? row->source : f->indicator->source);
    if (row && row->on != INT32_MIN) {
        day_text(row->on, day);
        buf_str(m->out, m->ja ? "（" : " (");
        text(m->out, day);
        buf_str(m->out, m->ja ? " 公表）" : ")");
    }
    buf_str(m->out, "</p>\n");
}

static void goal(maker *m, const public_figure *f)
{
    char year[64];
    if (!f->goal)
        return;
    year_text(m, f->goal->fy, year);
    buf_str(m->out, "<p class=\"goal\">");
    text(m->out, either(m, "目標 ", "Target "));
    text(m->out, words(m, &f->goal_text));
    buf_str(m->out, m->ja ? "（" : " (");
    text(m->out, year);
    buf_str(m->out, m->ja ? "）" : ")");
    if (f->goal_known && f->reached)
        text(m->out, either(m, " 達成", ", reached"));
    buf_str(m->out, "</p>\n");
}

/* ---- bars of the years ---- */

enum { BARS_WIDE = 320, BARS_HIGH = 96, BARS_FOOT = 16, BARS_TOP = 4 };

static int level(int64_t low, int64_t high, int64_t v)
{
    __int128 up = (__int128)high - v, all = (__int128)high - low;
    return BARS_TOP + (int)(up * (BARS_HIGH - BARS_FOOT - BARS_TOP) / all);
}

static void bars(maker *m, const public_figure *f)
{
    int64_t low = 0, high = 0;
    int n = f->nyear, from = n > 8 ? n - 8 : 0, each = BARS_WIDE / (n - from > 0 ? n - from : 1);
    if (n - from < 2)
        return;
    for (int i = from; i < n; i++) {
        low = f->shown[i] < low ? f->shown[i] : low;
        high = f->shown[i] > high ? f->shown[i] : high;
    }
    high += high == low;
    int zero = level(low, high, 0), gap = each / 5;
    buf_printf(m->out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", BARS_WIDE, BARS_HIGH);
    text(m->out, name_of(m, f->indicator));
    buf_printf(m->out, " %d–%d\">", f->year[from], f->year[n - 1]);
    for (int i = from; i < n; i++) {
        int x = (i - from) * each, y = level(low, high, f->shown[i]);
        buf_printf(m->out, "<rect%s x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
                   i == n - 1 ? " class=\"last\"" : "", x + gap, y < zero ? y : zero, each - 2 * gap,
                   (y < zero ? zero - y : y - zero) + 1);
        buf_printf(m->out, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%d</text>", x + each / 2,
                   BARS_HIGH - 3, f->year[i]);
    }
    buf_printf(m->out, "<line x1=\"0\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/></svg>\n", BARS_WIDE, zero, zero);
}

/* ---- the parts of the page ---- */

static void operands(maker *m, const public_figure *f)
{
    buf_str(m->out, "<div>\n");
    if (f->noperand)
        element(m, "h3", "h3", either(m, "もとの数字", "What it is made of"));
    buf_str(m->out, "<ul class=\"made\">\n");
    for (int i = 0; i < f->noperand; i++) {
        buf_str(m->out, "<li><span>");
        text(m->out, name_of(m, f->operand[i].indicator));
        buf_str(m->out, "</span><b>");
        text(m->out, words(m, &f->operand[i].text));
        buf_str(m->out, "</b></li>\n");
    }
    buf_str(m->out, "</ul>\n");
    bars(m, f);
    buf_str(m->out, "</div>\n");
}

static void hero(maker *m, const public_figure *f)
{
    buf_str(m->out, "<section class=\"hero\"><div>\n");
    element(m, "h2 class=\"h\"", "h2", name_of(m, f->indicator));
    element(m, "p class=\"text\"", "p", words(m, &f->text));
    year_and_vintage(m, f);
    goal(m, f);
    source(m, f);
    if (*f->indicator->note && m->ja)
        element(m, "p class=\"soft\"", "p", f->indicator->note);
    buf_str(m->out, "</div>\n");
    operands(m, f);
    buf_str(m->out, "</section>\n");
}

static void card(maker *m, const public_figure *f)
{
    buf_str(m->out, "<section class=\"card\">\n");
    element(m, "h3", "h3", name_of(m, f->indicator));
    element(m, "p class=\"text\"", "p", words(m, &f->text));
    year_and_vintage(m, f);
    goal(m, f);
    bars(m, f);
    source(m, f);
    buf_str(m->out, "</section>\n");
}

static void kwh_cell(maker *m, mizo_wh wh)
{
    char kwh[MIZO_NUM_TEXT];
    mizo_grouped_text(mizo_div_round(wh, 1000, MIZO_ROUND_HALF_UP), kwh);
    buf_printf(m->out, "<td>%s</td>", kwh);
}

static void sum_row(maker *m, const public_sum *x)
{
    char many[MIZO_NUM_TEXT];
    buf_str(m->out, "<tr><th scope=\"row\">");
    text(m->out, *x->name ? (!m->ja && *x->name_en ? x->name_en : x->name)
                          : either(m, "民間施設（全市）", "Private sites, all wards"));
    buf_str(m->out, "</th>");
    if (x->hidden) {
        buf_str(m->out, "<td>*</td><td>*</td><td>*</td></tr>\n");
        return;
    }
    mizo_grouped_text(x->facilities, many);
    buf_printf(m->out, "<td>%s</td>", many);
    kwh_cell(m, x->demand_wh);
    kwh_cell(m, x->supply_wh);
    buf_str(m->out, "</tr>\n");
}

static void sums(maker *m)
{
    char year[64];
    bool hidden = false;
    if (!m->s->nsum)
        return;
    year_text(m, m->s->fy, year);
    buf_str(m->out, "<h2 id=\"sites\">");
    text(m->out, either(m, "公共施設の電力（区ごと）", "Electricity of public sites, by ward"));
    buf_str(m->out, " ");
    text(m->out, year);
    buf_str(m->out,
            "</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"sites\"><table>"
            "<thead><tr>");
    const char *const heads[] = { either(m, "区", "Ward"), either(m, "施設数", "Sites"),
                                  either(m, "使用量 kWh", "Used, kWh"),
                                  either(m, "うち再エネ kWh", "Of it renewable, kWh") };
    for (int i = 0; i < 4; i++)
        element(m, "th scope=\"col\"", "th", heads[i]);
    buf_str(m->out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < m->s->nsum; i++) {
        sum_row(m, &m->s->sum[i]);
        hidden |= m->s->sum[i].hidden;
    }
    buf_str(m->out, "</tbody></table></div>\n");
    if (hidden)
        buf_printf(
            m->out,
            m->ja
                ? "<p class=\"soft\">* 施設が%d未満の区分と、差し引きで分かってしまう区分は出しません。</p>\n"
                : "<p class=\"soft\">* Groups of fewer than %d sites, and what would give them away, are left out.</p>\n",
            m->s->r->public_floor);
}

static void head(maker *m)
{
    const mizo_region *r = m->s->r;
    const public_figure *f = m->s->nfigure ? &m->s->figure[0] : NULL;
    char year[64] = "";
    if (f)
        year_text(m, f->value.fy, year);
    buf_printf(m->out,
               "<!doctype html>\n<html lang=\"%s\">\n<head><meta charset=\"utf-8\">"
               "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n",
               m->ja ? "ja" : "en");
    buf_str(m->out, "<title>");
    text(m->out, either(m, r->name_ja, r->name_en));
    text(m->out, either(m, " 脱炭素の成果", ": results on the way to zero carbon"));
    buf_str(m->out, "</title>\n<meta property=\"og:title\" content=\"");
    text(m->out, either(m, r->name_ja, r->name_en));
    buf_str(m->out, "\">\n<meta property=\"og:description\" content=\"");
    if (f) {
        text(m->out, name_of(m, f->indicator));
        buf_printf(m->out, " %s (%s)", words(m, &f->text), year);
    }
    buf_str(m->out, "\">\n");
    if (m->look->alone)
        buf_printf(m->out, "<style>%s</style>", style);
    else
        buf_str(m->out,
                "<link rel=\"stylesheet\" href=\"/public.css\"><link rel=\"icon\" href=\"/icon.svg\">");
    buf_str(m->out, "</head>\n<body>\n<header>");
    buf_str(m->out, "<h1>");
    text(m->out, either(m, r->name_ja, r->name_en));
    text(m->out, either(m, " 脱炭素の成果", ": results on the way to zero carbon"));
    buf_str(m->out, "</h1>");
    if (!m->look->alone)
        buf_str(m->out, m->ja ? "<a href=\"/public?lang=en\" lang=\"en\" hreflang=\"en\">English</a>"
                              : "<a href=\"/public?lang=ja\" lang=\"ja\" hreflang=\"ja\">日本語</a>");
    buf_str(m->out, "</header>\n");
}

static void foot(maker *m)
{
    char day[64];
    day_text(m->s->today, day);
    buf_str(m->out, "<footer>\n<p>");
    buf_printf(m->out, m->ja ? "%s 時点の帳簿から。" : "From the books as of %s. ", day);
    text(
        m->out,
        either(
            m,
            "家庭や個人、個々の施設の値は載せていません。丸めは表示のときに一度だけ行い、「約」は丸めた値、暫定値は後から改められることがあります。",
            "No value of a household, a person or a single site stands here. Values are rounded once, where they are "
            "shown; provisional ones may be revised."));
    buf_str(m->out, "</p>\n<p>");
    if (!m->look->alone)
        buf_printf(m->out, "<a href=\"/api/v1/public\">%s</a> · ",
                   m->ja ? "同じ数字のデータ（JSON）" : "The same figures as data (JSON)");
    text(m->out, either(m, "モデル", "model"));
    buf_printf(m->out, " <code>%.16s</code></p>\n</footer>\n</body></html>\n", m->s->r->hash);
}

mizo_err public_html(const public_sheet *s, const public_look *look, buf *out)
{
    maker m = { .s = s, .look = look, .ja = strcmp(look->lang, "ja") == 0, .out = out };
    head(&m);
    buf_str(out, "<main>\n");
    if (s->nfigure)
        hero(&m, &s->figure[0]);
    else
        element(&m, "p class=\"soft\"", "p",
                either(&m, "公開する数字はまだ決まっていません。",
                       "No figures have been chosen for this page yet."));
    if (s->nfigure > 1) {
        element(&m, "h2", "h2", either(&m, "そのほかの数字", "More figures"));
        buf_str(out, "<div class=\"cards\">\n");
        for (size_t i = 1; i < s->nfigure; i++)
            card(&m, &s->figure[i]);
        buf_str(out, "</div>\n");
    }
    sums(&m);
    buf_str(out, "</main>\n");
    foot(&m);
    return out->err;
}
