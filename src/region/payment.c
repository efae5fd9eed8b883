/* payment.c: look-ups of issuers, bank accounts and account codes. */
#include "mizo/payment.h"

#include <string.h>

#include "mizo/region.h"

const char *mizo_purchase_word(mizo_purchase_kind k)
{
    static const char *const words[] = { "ppa", "surplus", "fit-special", "bilateral" };
    return (size_t)k < MIZO_PURCHASE_KINDS ? words[k] : "";
}

const char *mizo_measure_word(mizo_purchase_measure m)
{
    static const char *const words[] = { "generation", "export", "self-use" };
    return (size_t)m < MIZO_MEASURE_COUNT ? words[m] : "";
}

const mizo_issuer *mizo_issuer_on(const mizo_region *r, mizo_day d)
{
    for (size_t i = 0; i < r->nissuer; i++)
        if (d >= r->issuer[i].from && d < r->issuer[i].to)
            return &r->issuer[i];
    return NULL;
}

const mizo_bank *mizo_bank_on(const mizo_region *r, mizo_ref party, mizo_day d)
{
    size_t lo = 0, hi = r->nbank;
    while (lo < hi) { /* past the last row of the party that has begun by then */
        size_t mid = lo + (hi - lo) / 2;
        const mizo_bank *b = &r->bank[mid];
        if (b->party < party || (b->party == party && b->from <= d))
            lo = mid + 1;
        else
            hi = mid;
    }
    const mizo_bank *b = lo ? &r->bank[lo - 1] : NULL;
    return b && b->party == party && d < b->to ? b : NULL;
}

const mizo_ledger *mizo_ledger_of(const mizo_region *r, const char *account)
{
    const mizo_ledger *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < r->nledger; i++) {
        size_t n = strlen(r->ledger[i].account);
        bool fits = strncmp(account, r->ledger[i].account, n) == 0 && (!account[n] || account[n] == ':');
        if (fits && (!best || n > most)) {
            best = &r->ledger[i];
            most = n;
        }
    }
    return best;
}

bool mizo_party_registered(const mizo_party *p, mizo_day d)
{
    return *p->invoice_number && d >= p->from && d < p->to;
}
