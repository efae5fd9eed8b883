/* pay.c: who issues the example town's invoices, bank accounts, what is bought, and account codes. All of it
 * is invented. */
#include <string.h>

#include "town/example/parts.h"

void ex_issuers_csv(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(b, "party,address_ja,address_en,contact,note_ja,note_en,rounding,from,to\n"
               "local,〒210-0000 川崎市川崎区見本町1-1,\"1-1 Mihoncho, Kawasaki-ku, Kawasaki\","
               "お客さま窓口 044-000-0000 (見本),お支払期限までに下記の口座へお振り込みください。,"
               "Please pay into the account below by the due date.,tender,,\n");
}

void ex_banking_csv(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(b, "party,bank,bank_kana,branch,branch_kana,deposit,number,holder_kana,client,reference,from,to\n"
               "city,9999,ミホンギンコウ,001,シヤクシヨ,ordinary,0000001,カワサキシカイケイカンリシヤ,,1,,\n"
               "local,9999,ミホンギンコウ,002,ホンテン,ordinary,1234567,カ)チイキエネルギ-,0000012345,,,\n"
               "roofs,9998,タメシシンヨウキンコ,011,エキマエ,current,7654321,カ)ヤネノハツデン,,,,\n");
}

/* The plants by contract; the roofs of private firms at what they send out; of every third roof of the city, which
 * another firm owns, what is used under it. */
void ex_purchases_csv(const ex_town *t, buf *b)
{
    buf_str(
        b, "id,party,kind,measure,point,pv,plant,price,tax,tax_added,rounding,invoice,value,pay_days,from\n");
    for (int i = 0; i < EX_PLANTS; i++)
        buf_printf(
            b,
            "buy-%s,city,bilateral,generation,,,%s,11.5,consumption-tax,yes,tender,city-plants,yes,30,2020-04-01\n",
            ex_plants[i].id, ex_plants[i].id);
    for (int i = 0; i < t->npv; i++) {
        const char *point = t->point[t->pv[i].point].id;
        bool firm = t->point[t->pv[i].point].kind->flags & EX_PRIVATE;
        if (t->point[t->pv[i].point].reading != MIZO_BY_SLOT)
            continue;
        if (firm && !t->point[t->pv[i].point].export_allowed)
            continue; /* nothing leaves it */
        if (firm)
            buf_printf(b,
                       "buy-%s,firm-%s,surplus,export,%s,,,9,consumption-tax,no,tender,,yes,30,2020-04-01\n",
                       point, point, point);
        else if (i % 3 == 1)
            buf_printf(
                b, "buy-%s,roofs,ppa,%s,%s,%s-pv,,14.8,consumption-tax,yes,tender,roofs,yes,30,2020-04-01\n",
                point, t->point[t->pv[i].point].export_allowed ? "self-use" : "generation",
                t->point[t->pv[i].point].export_allowed ? point : "", point);
    }
}

void ex_ledger_csv(const ex_town *t, buf *b)
{
    (void)t;
    buf_str(b, "account,code,name_ja,name_en,tax_code\n"
               "bank,1110,普通預金,Bank,\n"
               "cost,6010,購入電力料,Electricity bought,10\n"
               "cost:rewards,6090,DR報酬,Rewards for demand response,10\n"
               "customer,1140,売掛金,Receivables,\n"
               "rounding,7990,端数差額,Rounding,\n"
               "sales,5010,電気料収入,Sales of electricity,10\n"
               "supplier,2110,買掛金,Payables,\n"
               "tax,2190,仮受消費税,Tax received,\n"
               "tax-paid,1190,仮払消費税,Tax paid,\n");
}
