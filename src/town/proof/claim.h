/* claim.h: a kWh claimed beside the matching: a J-credit or a green certificate over what a roof gave its own house, a
 * certificate over a plant's surplus, a saving. Once: a second claim is refused with the first one's place.
 * docs/mechanisms/matching.md, docs/formats/certificates.md. Records of kind "claim". */
#ifndef TOWN_CLAIM_H
#define TOWN_CLAIM_H

#include "base/json.h"
#include "town/proof/match_report.h"

/* X(NAME, "word", "in Japanese") */
#define CLAIM_KINDS(X)                                                                                       \
    X(CREDIT, "credit", "J-クレジット")         /* of the own roof's use */                                  \
    X(GREEN, "green-power", "グリーン電力証書") /* of the own roof's use */                                  \
    X(SURPLUS, "surplus", "余剰の売却") /* of what a source made and nobody matched: sold with its value */  \
    X(SAVING, "saving", "省エネ")       /* kWh not used, by a measure */

typedef enum claim_kind {
#define X(name, word, ja) CLAIM_##name,
    CLAIM_KINDS(X)
#undef X
        CLAIM_COUNT
} claim_kind;
extern const char *const claim_words[];                  /* ended by NULL */
const char *claim_said(const char *word, bool japanese); /* of a kind: for people; another word stays */

typedef struct claim_want {
    const char *id; /* of the claim: [a-z0-9-] */
    claim_kind kind;
    const char *of;      /* point; of SURPLUS the source */
    const char *measure; /* of SAVING: led, hvac ... */
    mizo_day from, to;   /* [from, to) */
    mizo_wh wh;          /* of SAVING; of others 0: all that is there */
    const char *by, *note;
} claim_want;

typedef struct claim_done {
    mizo_wh wh;
    int posted; /* days with an entry; 0: it was claimed so already */
} claim_done;

/* One batch. MIZO_ECONFLICT: something of it was claimed already, said with its place; nothing is posted.
 * MIZO_EINPUT, MIZO_ENOENT (no such point or source, nothing to claim): said. */
MIZO_MUST_USE mizo_err claim_post(town *t, const claim_want *want, const char *actor, claim_done *out);

/* Adds what claims took from use:<point> on the days [from, to) to sum[point].claimed; of claims that were recorded
 * by as_of. */
MIZO_MUST_USE mizo_err claim_sums(store *s, const mizo_region *r, mizo_day from, mizo_day to, mizo_ms as_of,
                                  match_sum *sum);

/* Each claim as it is recorded, by id. */
typedef struct claim_row {
    char id[MIZO_ID_MAX], kind[24], of[MIZO_ID_MAX], measure[MIZO_ID_MAX];
    mizo_day from, to;
    int64_t wh, batch;
} claim_row;
MIZO_MUST_USE mizo_err claim_each(store *s, mizo_err (*fn)(void *arg, const claim_row *c), void *arg);

/* key: all of them as an array. */
MIZO_MUST_USE mizo_err claim_json(store *s, const char *key, json *j);

#endif
