/* desk.c: the example town's balancing groups, where their power comes from, and the desk's parameters.
 *
 * Codes and prices are invented. Rules that came later than the example's year are taken as if they held in it. */
#include <string.h>

#include "town/example/parts.h"

/* The site that the city's own power is wheeled to. */
static const ex_point *receiver(const ex_town *t)
{
    for (int i = 0; i < t->npoint; i++)
        if (strcmp(t->point[i].kind->id, "ward-office") == 0 && t->point[i].voltage == MIZO_HIGH)
            return &t->point[i];
    return &t->point[0];
}

void ex_groups_csv(const ex_town *t, buf *b)
{
    static const char members[] = "supplier-a supplier-b supplier-c supplier-d local";
    static const struct {
        const char *role, *more, *own, *from, *to;
    } term[] = {
        {"member",  "grid,T0001,F0001,F0009,9:00,,0.15,", "",      "2020-04-01", "2021-06-01"},
        { "parent", ",T0001,F0001,T0003,,deviation,,",    "local", "2021-06-01", "2021-10-01"},
        { "alone",  ",T0001,F0001,T0003,,,,",             "",      "2021-10-01", ""          },
    };
    buf_str(b, "group,name_ja,name_en,kind,role,parent,code,firm_code,receiver_code,hand_in,split,"
               "fee_yen_per_kwh,prices,files,members,member_codes,own,share_tax,from,to\n");
    for (size_t i = 0; i < sizeof term / sizeof *term; i++)
        buf_printf(b,
                   "town,まちの需要BG(見本),Demand group of the town (example),demand,%s,%s"
                   "imbalance-tokyo,person,%s,R0001 R0002 R0003 R0004 R0005,%s,%s,%s,%s\n",
                   term[i].role, term[i].more, members, term[i].own, *term[i].own ? "consumption-tax" : "",
                   term[i].from, term[i].to);
    buf_str(b,
            "plants,まちの発電BG(見本),Generation group of the town (example),generation,alone,,G0001,F0001,"
            "T0003,,,,imbalance-tokyo,machine,ukishima ozenji tachibana,,,,2020-04-01,\n");
    buf_printf(b,
               "self,自己託送(見本),Self-wheeling (example),self-wheeling,alone,,S0001,F0001,T0003,,,,"
               "imbalance-tokyo,person,%s,,,,2020-04-01,\n",
               receiver(t)->id);
}

void ex_sources_csv(const ex_town *t, buf *b)
{
    buf_str(b,
            "id,name_ja,name_en,kind,group,party,code,plant,point,months,days,time_from,time_to,amount,kw,"
            "share,yen_per_kwh,param,value,from,to\n"
            "base,ベースロード(見本),Base load (example),base-load,town,base-market,B0001,,,,,,,fixed,8000,,"
            "8.9,,no,2021-04-01,2022-04-01\n"
            "day-block,昼の相対(見本),Daytime block (example),bilateral,town,supplier-a,B0002,,,,weekday,"
            "8:00,20:00,fixed,6000,,11.2,,no,2021-01-01,2022-01-01\n"
            "dr-summer,夏の要請(見本),Summer call (example),dr,town,aggregator,,,,7-9,weekday,13:00,17:00,"
            "fixed,400,,20,,no,2021-01-01,\n"
            "market,取引所,The exchange,market,town,jepx,J0001,,,,,,,,,,,spot,no,2020-04-01,\n"
            "night-sale,夜の販売(見本),Sold by night (example),sale,town,partner,P0001,,,,,0:00,5:00,fixed,"
            "2000,,7.5,,no,2021-01-01,\n"
            "p-ozenji,王禅寺,Ozenji,own-plant,town,city,G0002,ozenji,,,,,,produced,,0.5,9.5,,yes,"
            "2020-04-01,\n"
            "p-ozenji-fit,王禅寺 特定卸(見本),Ozenji FIT (example),fit-special,town,city,G0003,ozenji,,,,,,"
            "produced,,0.5,0,spot,no,2020-04-01,\n"
            "p-tachibana,橘,Tachibana,own-plant,town,city,G0004,tachibana,,,,,,produced,,1,9.5,,yes,"
            "2020-04-01,\n"
            "p-ukishima,浮島,Ukishima,own-plant,town,city,G0005,ukishima,,,,,,produced,,0.98,9.5,,yes,"
            "2020-04-01,\n"
            "plants-rest,端数の販売(見本),Odd kWh sold (example),sale,plants,partner,P0001,,,,,,,rest,,,8,,"
            "no,2020-04-01,\n"
            "post-fit,卒FITの余剰,Surplus of roofs after FIT,post-fit,town,homes,H0001,,,,,,,produced,,1,8,,"
            "yes,2020-04-01,\n"
            "rest-buy,端数の補給(見本),Odd kWh bought (example),backup,town,supplier-a,B0003,,,,,,,rest,200,,"
            "5,spot,no,2020-04-01,\n"
            "rest-sale,端数の販売(見本),Odd kWh sold (example),sale,town,partner,P0001,,,,,,,rest,200,,-1,"
            "spot,no,2020-04-01,\n"
            "self-rest,自己託送の余り(見本),Rest of self-wheeling (example),sale,self,partner,P0001,,,,,,,"
            "rest,,,8,,no,2020-04-01,\n");
    buf_printf(b,
               "self-ukishima,浮島から本庁へ(見本),Ukishima to the office (example),self-wheeling,self,city,"
               "G0006,ukishima,%s,,,,,produced,,0.02,0,,yes,2020-04-01,\n",
               receiver(t)->id);
}

void ex_desk_params(buf *b)
{
    buf_str(b, "gate-closure,,,,60,minutes before the half-hour,OCCTO: one hour before,v\n"
               "imbalance-long-high,cap,,,100,yen/kWh,METI: rule of long high prices,s\n"
               "imbalance-long-high,days,,,7,days,METI: rule of long high prices,s\n"
               "imbalance-long-high,price,,,200,yen/kWh,METI: rule of long high prices,s\n"
               "imbalance-long-high,slots,,,30,half-hours,METI: rule of long high prices,s\n"
               "imbalance-price,c,,2026-10-01,200,yen/kWh,METI: provisional from 2022-04 through FY2025,v\n"
               "imbalance-price,c,2026-10-01,,300,yen/kWh,METI: decided for FY2026,s\n"
               "imbalance-price,d,,2026-10-01,45,yen/kWh,METI: from 2022-04,g\n"
               "imbalance-price,d,2026-10-01,,50,yen/kWh,METI: decided for FY2026,s\n"
               "imbalance-reserve,c,,,0.03,share,METI: wide-area reserve rate,g\n"
               "imbalance-reserve,d,,,0.08,share,METI: wide-area reserve rate,g\n"
               "imbalance-reserve,zero,,,0.1,share,METI: wide-area reserve rate,g\n"
               "intraday-open,,,,1020,minutes of the day before,OCCTO: plans of the day from 17:00,v\n"
               "market-fee,intraday,,,0.1,yen/kWh,JEPX as recalled,g\n"
               "market-fee,spot,,,0.03,yen/kWh,JEPX 2016,s\n"
               "market-price-least,,,,0.01,yen/kWh,JEPX as recalled,g\n"
               "market-price-most,,,,999,yen/kWh,JEPX as recalled,g\n"
               "market-step,,,,50,kWh,JEPX: 0.1 MW,s\n"
               "market-tick,,,,0.01,yen/kWh,JEPX,v\n"
               "next-day-plan-due,,,,720,minutes of the day before,OCCTO: plans of the next day by 12:00,v\n"
               "spot-close,,,,600,minutes of the day before,JEPX: the spot auction closes at 10:00,s\n"
               "spot-known,,,,720,minutes of the day before,assumed: out before plans of 12:00,g\n");
}
