/* settle_town.c: the contracts, prices and half-hours that the settlement is measured on. */
#include <string.h>

#include "base/buf.h"
#include "town/bench/settle.h"

static const char yaml[] =
    "format: 1\nid: bench\nlatitude: 35.5\nlongitude: 139.7\nmarket_area: jepx-tokyo\n";
static const char facilities[] = "id,kind\nall,group\n";
static const char tariffs[] = "id,base_yen_per_kw,power_factor_pct,measured_demand\n"
                              "tou,1890,100,yes\nmarket,1650,100,yes\nstep,1150,0,yes\n";
static const char rates[] = "tariff,yen_per_kwh\ntou,20\nmarket,20\nstep,20\n";
static const char parties[] = "id,kind\nall,public\n";
static const char charges[] =
    "tariff,kind,months,days,time_from,time_to,step_from_kwh,step_to_kwh,price,param,tax\n"
    "tou,base,,,,,,,1890,,consumption-tax\n"
    "tou,energy,7-9,weekday saturday,13:00,16:00,,,22.10,,consumption-tax\n"
    "tou,energy,7-9,weekday saturday,8:00,22:00,,,19.61,,consumption-tax\n"
    "tou,energy,,weekday saturday,8:00,22:00,,,18.33,,consumption-tax\n"
    "tou,energy,,,,,,,12.47,,consumption-tax\n"
    "tou,fuel,,,,,,,-2.33,,consumption-tax\n"
    "tou,levy,,,,,,,,levy,consumption-tax\n"
    "market,base,,,,,,,1650,,consumption-tax\n"
    "market,market,,,,,,,5.5,loss-rate,consumption-tax\n"
    "market,levy,,,,,,,,levy,consumption-tax\n"
    "step,base,,,,,,,1150,,consumption-tax\n"
    "step,step,,,,,,120,19.88,,consumption-tax\n"
    "step,step,,,,,120,300,26.46,,consumption-tax\n"
    "step,step,,,,,300,,30.57,,consumption-tax\n"
    "step,levy,,,,,,,,levy,consumption-tax\n";
static const char params[] = "name,key,from,to,value\n"
                             "consumption-tax,,,,0.1\nlevy,,2022-05-01,2023-05-01,3.45\n"
                             "levy,,2023-05-01,2024-05-01,1.40\nloss-rate,,,,0.037\n";
static const char roundings[] = "chain,step,unit,how\ntender,kw,1,half-up\ntender,kwh,1,half-up\n"
                                "tender,power-factor,1,half-up\ntender,market-unit,0.01,half-up\n"
                                "tender,subtotal,0.01,cut\ntender,levy,1,cut\ntender,total,1,cut\n"
                                "tender,tax,1,cut\n";

int bench_settle_tariff(int64_t contract)
{
    return contract % 10 < 6 ? 0 : contract % 10 < 8 ? 1 : 2;
}

static void put_rows(buf *points, buf *uses, buf *contracts)
{
    static const char *const tariff[] = { "tou", "market", "step" };
    buf_str(points, "id,voltage,reading,tariff,contract_kw\n");
    buf_str(uses, "facility,point\n");
    buf_str(contracts, "id,point,party,tariff,rounding\n");
    for (int i = 0; i < SETTLE_STORED; i++) {
        const char *t = tariff[bench_settle_tariff(i)];
        buf_printf(points, "p-%04d,%s,slot,%s,100000\n", i, *t == 's' ? "low" : "high", t);
        buf_printf(uses, "all,p-%04d\n", i);
        buf_printf(contracts, "c-%04d,p-%04d,all,%s,tender\n", i, i, t);
    }
}

mizo_err bench_settle_region(mizo_diags *d, const mizo_region **out)
{
    buf points, uses, contracts;
    buf_init(&points, 0);
    buf_init(&uses, 0);
    buf_init(&contracts, 0);
    put_rows(&points, &uses, &contracts);
#define TEXT(name, text) { name, text, strlen(text) }
    mizo_err e = points.err ? points.err : uses.err ? uses.err : contracts.err;
    if (!e) {
        mizo_file files[] = {
            TEXT("region.yaml", yaml),
            TEXT("facilities.csv", facilities),
            TEXT("tariffs.csv", tariffs),
            TEXT("rates.csv", rates),
            TEXT("parties.csv", parties),
            TEXT("charges.csv", charges),
            TEXT("params.csv", params),
            TEXT("roundings.csv", roundings),
            {"points.csv",     points.p,    points.n   },
            { "uses.csv",      uses.p,      uses.n     },
            { "contracts.csv", contracts.p, contracts.n}
        };
        e = mizo_region_build(files, sizeof files / sizeof *files, d, out);
    }
#undef TEXT
    buf_fini(&points);
    buf_fini(&uses);
    buf_fini(&contracts);
    return e;
}

mizo_day bench_settle_first(void)
{
    return mizo_date_day((mizo_date){ SETTLE_YEAR, 1, 1 });
}

/* Thousandths of the site's size by time of day: night, morning, day, evening. */
static int32_t level(int slot)
{
    return slot < 12 ? 300 : slot < 17 ? 550 : slot < 36 ? 900 : slot < 44 ? 650 : 400;
}

void bench_settle_year(int64_t contract, int32_t *v)
{
    uint64_t seed = mizo_mix64((uint64_t)contract + 1);
    int32_t size =
        bench_settle_tariff(contract) == 2 ? 200 + (int32_t)(seed % 1500) : 4000 + (int32_t)(seed % 90000);
    for (int d = 0; d < SETTLE_DAYS; d++) {
        int32_t *day = v + d * MIZO_DAY_SLOTS;
        uint64_t at = seed + (uint64_t)d * 0x9e3779b97f4a7c15u;
        int32_t season = 900 + (int32_t)(mizo_mix64(at) % 300);
        for (int s = 0; s < MIZO_DAY_SLOTS; s += 4) { /* 16 bits of chance a slot */
            uint64_t luck = mizo_mix64(at + (uint64_t)s + 1);
            for (int i = 0; i < 4; i++, luck >>= 16)
                day[s + i] = (int32_t)((int64_t)size * level(s + i) / 1000 * season / 1000 *
                                       (900 + (int32_t)((luck & 0xffff) * 200 >> 16)) / 1000);
        }
    }
}

void bench_settle_prices(int32_t *price)
{
    for (int i = 0; i < SETTLE_DAYS * MIZO_DAY_SLOTS; i++)
        price[i] = 5000 + (int32_t)(mizo_mix64((uint64_t)i) % 2000) * 10; /* 5.00 .. 24.99 yen */
}
