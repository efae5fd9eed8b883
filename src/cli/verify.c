/* verify.c: mizo verify: are the books true? */
#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "cli/cli.h"
#include "mizo/messages/books.h"
#include "town/books/verify.h"
#include "town/town.h"

typedef struct verify_options {
    const char *region, *since;
    bool json;
} verify_options;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(verify_options, region), 0, 0 },
    { "--since", OPTION_TEXT, "HEAD", "is this head, published once, of this journal?", "公表済みのハッシュがこの帳簿のものかを確かめる", false, offsetof(verify_options, since), 0, 0 },
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(verify_options, json), 0, 0 },
};
/* clang-format on */

static void head_text(const verify_result *v, char out[HASH_TEXT])
{
    hash h;
    memcpy(h.b, v->head, sizeof h.b);
    hash_text(h, out);
}

static void put_bad(const verify_result *v, const mizo_region *r, json *j)
{
    json_object(j, "first_unbalanced");
    json_text(j, "point", v->bad_point);
    json_time(j, "at", mizo_slot_ms(v->bad_slot), r->offset);
    json_int(j, "wh", v->bad_wh);
    json_end(j);
}

static void put_sum(const verify_result *v, json *j)
{
    json_object(j, "energy");
    json_int(j, "pv_wh", v->sum.pv);
    json_int(j, "import_wh", v->sum.import);
    json_int(j, "demand_wh", v->sum.demand);
    json_int(j, "run_wh", v->sum.run);
    json_int(j, "vehicle_wh", v->sum.vehicle);
    json_int(j, "export_wh", v->sum.export);
    json_int(j, "into_storage_wh", v->sum.into_storage);
    json_int(j, "drawn_wh", v->sum.drawn);
    json_int(j, "stored_wh", v->sum.stored);
    json_end(j);
}

static void put_json(const verify_result *v, bool since, const mizo_region *r, buf *out)
{
    json j;
    char head[HASH_TEXT];
    head_text(v, head);
    json_init(&j, out);
    json_object(&j, NULL);
    json_bool(&j, "ok", v->ok);
    json_int(&j, "entries", v->entries);
    json_text(&j, "head", head);
    if (v->first_bad)
        json_int(&j, "first_bad", v->first_bad);
    else
        json_null(&j, "first_bad");
    if (since && v->since_at >= 0)
        json_int(&j, "since", v->since_at);
    else
        json_null(&j, "since");
    json_object(&j, "audit");
    json_int(&j, "records", v->audits);
    if (v->bad_audit)
        json_int(&j, "first_bad", v->bad_audit);
    else
        json_null(&j, "first_bad");
    json_end(&j);
    json_int(&j, "accounts", v->accounts);
    json_int(&j, "source_days", v->days_checked);
    json_int(&j, "point_days", v->point_days);
    json_int(&j, "slots", v->slots);
    json_int(&j, "unproven", v->unproven);
    json_int(&j, "odd", v->odd);
    json_int(&j, "bad_slots", v->bad_slots);
    if (v->bad_slots)
        put_bad(v, r, &j);
    else
        json_null(&j, "first_unbalanced");
    put_sum(v, &j);
    json_end(&j);
    buf_char(out, '\n');
}

static void put_text(bool ja, const verify_result *v, buf *out)
{
    char head[HASH_TEXT], entries[MIZO_NUM_TEXT], accounts[MIZO_NUM_TEXT], days[MIZO_NUM_TEXT];
    head_text(v, head);
    mizo_grouped_text(v->entries, entries);
    mizo_grouped_text(v->accounts, accounts);
    mizo_grouped_text(v->days_checked, days);
    buf_str(out, v->ok ? (ja ? "帳簿は正しい: " : "the books are true: ")
                       : (ja ? "帳簿に誤りがあります: " : "the books are false: "));
    buf_printf(out,
               ja ? "仕訳 %s、口座 %s、発電と照合した日×電源 %s\n末尾のハッシュ %s\n"
                  : "%s entries, %s accounts, %s days of sources held against their meters\nhead %s\n",
               entries, accounts, days, head);
    if (v->point_days)
        buf_printf(out,
                   ja ? "機器の収支: %" PRId64 " 枠が1 Whまで一致（%" PRId64 " 地点・日）\n"
                      : "devices: %" PRId64 " slots of %" PRId64 " point-days balance to the Wh\n",
                   v->slots, v->point_days);
    if (v->audits)
        buf_printf(out, ja ? "監査記録 %" PRId64 " 件%s\n" : "%" PRId64 " audit records%s\n", v->audits,
                   v->bad_audit ? ""
                   : ja         ? "、連鎖は正しい"
                                : ", the chain holds");
    if (v->since_at > 0)
        buf_printf(out,
                   ja ? "公表済みのハッシュは仕訳 %" PRId64 " のもの\n"
                      : "the published head is of entry %" PRId64 "\n",
                   v->since_at);
    if (v->first_bad)
        buf_printf(out, ja ? "最初の誤りは仕訳 %" PRId64 "\n" : "the first bad entry is %" PRId64 "\n",
                   v->first_bad);
}

static int run(cli *c)
{
    verify_options o = { 0 };
    size_t n = 0;
    int status = cli_parse(c, &cli_verify, &o, NULL, &n, 0);
    if (status != CLI_DONE)
        return status;
    town t;
    verify_result v;
    hash since;
    if (o.since && hash_parse(o.since, &since)) {
        MIZO_DIAG(c->diags, BOOKS_HEAD, MIZO_NOWHERE, o.since);
        return CLI_INPUT;
    }
    mizo_err err = town_open(c->env, o.region, STORE_READ, c->diags, &t);
    if (err)
        return cli_status(err);
    buf path;
    buf_init(&path, 0);
    town_store_path(o.region, &path);
    verify_how how = { .env = c->env, .path = path.p, .since = o.since ? since.b : NULL };
    err = path.err ? path.err : verify_store(&how, t.store, t.region, c->diags, &v);
    buf_fini(&path);
    if (err == MIZO_OK && o.since && v.since_at < 0) {
        MIZO_DIAG(c->diags, BOOKS_OTHER_CHAIN, MIZO_NOWHERE, o.since);
        v.ok = false;
    }
    if (err == MIZO_OK) {
        buf out;
        buf_init(&out, 0);
        if (o.json)
            put_json(&v, o.since != NULL, t.region, &out);
        else
            put_text(strcmp(c->lang, "ja") == 0, &v, &out);
        status = cli_put(c, &out);
        buf_fini(&out);
    }
    town_close(&t);
    if (err)
        return CLI_FAILED;
    return status != CLI_DONE ? status : v.ok ? CLI_DONE : CLI_NO;
}

const cli_verb cli_verify = {
    "verify",
    "--region DIR",
    "the books and the energy: hash chain, one claim each, every slot in balance",
    "帳簿と電力量の検証: ハッシュの鎖、二重計上のないこと、全ての枠の収支",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
