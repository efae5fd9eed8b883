#include "sample.h"

static void table(report *r, int rows)
{
    /* clang-format off */
    static const report_column columns[] = {
        { .title = "施設" },
        { .title = "地点番号", .plain = true },
        { .title = "使用量", .unit = "kWh", .sum = true },
        { .title = "検針日" },
        { .title = "金額", .unit = "円", .sum = true },
    };
    /* clang-format on */
    report_columns(r, "施設ごとの金額", columns, 5);
    for (int i = 0; i < rows; i++) {
        report_cell_textf(
            r, i == 1 ? "=みぞのくち <%d> & とても長い名前の市民文化センター分館" : "たかつ小学校 %d", i);
        report_cell_number(r, 1000 + i, 0);
        if (i == 2)
            report_cell_gap(r);
        else
            report_cell_scaled(r, 1234567 + i, 3, 1);
        report_cell_day(r, 20544 + i % 28);
        report_cell_number(r, (int64_t)1000550 * (i + 1), 2);
    }
    report_sum(r, "合計");
}

report *sample_report(int rows, const char *stamp)
{
    static const int64_t bought[] = { 120, 340, INT64_MIN, 90, -60, 200 },
                         sold[] = { 10, 20, 30, 40, 50, 60 };
    static const char *const places[] = { "0:00", "4:00", "8:00", "12:00", "16:00", "20:00" };
    static const report_line lines[] = {
        {"購入",  bought},
        { "販売", sold  }
    };
    report *r = report_new(&(report_head){ .title = "御 請 求 書",
                                           .subtitle = "2026年4月分",
                                           .author = "たかつ電力株式会社",
                                           .header = "請求番号 inv-2026-04-001",
                                           .footer = "たかつ電力株式会社",
                                           .stamp = stamp,
                                           .lang = "ja",
                                           .day = 20580 });
    if (!r)
        return NULL;
    report_sides(r, "川崎市 御中\n〒210-8577 川崎区宮本町1",
                 "たかつ電力株式会社\n登録番号 T1234567890123\n〒213-8570");
    report_figure(r, "ご請求金額", "30,015 円");
    report_pair(r, "発行日", "2026-05-08");
    report_pair(r, "お支払期限", "2026-06-01");
    report_heading(r, 1, "内訳");
    report_text(r, "下記のとおりご請求申し上げます。\nご不明の点はお問い合わせください。");
    table(r, rows);
    report_note(r, "消費税は請求書ごと税率ごとに一度だけ切り捨てます。");
    report_chart_add(r, &(report_chart){ "一日の電力量", "kWh", true, 6, 2, 0, places, lines });
    report_page(r);
    report_heading(r, 2, "次の頁 🙂");
    report_chart_add(r, &(report_chart){ "棒で", "kWh", false, 6, 2, 0, places, lines });
    return r;
}
