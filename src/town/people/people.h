/* people.h: who stands behind a pseudonym, sealed, and how it is forgotten. docs/formats/people.md
 *
 * Books, records, bills and files hold a party id and nothing else. What it means stands here: sealed with a random
 * key of its own (XSalsa20-Poly1305), the key in a file apart. Without the key the sealed bytes say nothing, here and
 * in every copy: erasing drops the key. Who looked, and why, is a record of every look.
 *
 * An id is a party's, or "point:ID": whom the network operator's files name at a supply point. */
#ifndef TOWN_PEOPLE_H
#define TOWN_PEOPLE_H

#include "base/env.h"
#include "mizo/region.h"
#include "store/store.h"
#include "town/town.h"

enum { PERSON_TEXT = 400, PERSON_ID = 48 };

/* UTF-8, blank where unknown. */
typedef struct person {
    char name[PERSON_TEXT], address[PERSON_TEXT];
    char consumer_code[PERSON_TEXT]; /* 22 digits, or the operator's */
    char contact[PERSON_TEXT];       /* telephone, mail */
    char bank[PERSON_TEXT]; /* 0009/シンキン/012/エキマエ/ordinary/7654321/タメシ ハナコ */
} person;

/* Who does it, and why: both are kept. */
typedef struct people_act {
    env *env;
    store *store; /* may write */
    const char *actor, *reason;
    mizo_diags *diags;
    mizo_ms now; /* town_now; 0: the machine's */
} people_act;

/* All return MIZO_EINPUT, said, for a bad id or a blank reason. */

/* Adds a person or writes new particulars over the old ones. After an erasure it is another person: said. */
MIZO_MUST_USE mizo_err people_put(const people_act *a, const char *id, const person *p);
/* Opens one, after the look is on record. MIZO_ENOENT: nobody, or erased: said. */
MIZO_MUST_USE mizo_err people_get(const people_act *a, const char *id, person *out);
/* Drops the key, then the sealed bytes, and keeps the record that it was done. Refused (MIZO_ECONFLICT, said) while
 * the party owes or is owed money: tax law keeps what an open bill needs. after: a day from which it may be done,
 * put on record; MIZO_DAY_NONE: now. today: the region's day. Done twice is done. */
MIZO_MUST_USE mizo_err people_erase(const people_act *a, const char *id, mizo_day after, mizo_day today);

/* Files name people by the hundred: their keys in one go, before the batch; then each within it.
 * An erased person is not sealed again by a file: only people_put, by a person, begins anew. */

/* Makes keys for those of id[0..n) that have none and were not erased. No batch is open. */
MIZO_MUST_USE mizo_err people_keys(const people_act *a, const char *const *id, size_t n);
typedef enum people_sealed { PEOPLE_SAME, PEOPLE_WRITTEN, PEOPLE_ERASED } people_sealed;
/* Within the open batch `of`: what p says over what is sealed; its blank fields leave what stands. What is sealed is
 * compared and shown to nobody: no look is recorded. PEOPLE_ERASED: there is no key, nothing was written. */
MIZO_MUST_USE mizo_err people_seal(const people_act *a, const store_batch *of, const char *id,
                                   const person *p, people_sealed *out);

/* people_erase for a party and for "point:ID" of each point whose last contract is the party's; either may be nobody.
 * MIZO_ECONFLICT (said) also while a run that is not issued yet bills or pays the party: its paper needs a name. A wish
 * for a later day is only noted, whatever is open now. */
MIZO_MUST_USE mizo_err people_erase_party(const people_act *a, town *t, const char *id, mizo_day after,
                                          mizo_day today);
/* MIZO_ECONFLICT, said: the party owes or is owed money. */
MIZO_MUST_USE mizo_err people_may_erase(const people_act *a, const char *id);

/* JSON of {"name", "address", "consumer_code", "contact", "bank"}: texts, all optional. file: for messages. */
MIZO_MUST_USE mizo_err people_parse(const char *bytes, size_t n, const char *file, person *out,
                                    mizo_diags *d);

#endif
