/* note.h: what a person writes down at the desk: records of a few short texts, dates and words.
 *
 * A kind of note is a table of fields. A note is a record of the store of that kind (docs/formats/records.md): every
 * version is kept with its batch, which says who and when. Texts are one line and hold no person's name: a note
 * speaks of contracts, parties and points by their ids. */
#ifndef TOWN_NOTE_H
#define TOWN_NOTE_H

#include "base/json.h"
#include "town/town.h"

enum { NOTE_FIELDS = 20, NOTE_TEXT = 1200, NOTE_ACTOR = 96 };

typedef enum note_type { NOTE_LINE, NOTE_WORD, NOTE_DAY, NOTE_YES, NOTE_NUMBER, NOTE_YEAR } note_type;

typedef struct note_field {
    const char *name;
    note_type type; /* NOTE_WORD: [a-z0-9-]{1,40}; NOTE_DAY: YYYY-MM-DD; NOTE_YES: "yes" or "";
                        NOTE_NUMBER: a decimal with at most 6 places; NOTE_YEAR: a fiscal year */
    bool needed;
} note_field;

typedef struct note_kind {
    const char *name;              /* of the record */
    note_field field[NOTE_FIELDS]; /* ended by a NULL name */
} note_kind;

typedef struct note {
    const note_kind *kind;
    char id[MIZO_ID_MAX];
    char value[NOTE_FIELDS][NOTE_TEXT]; /* in the order of the kind's fields; "" blank */
    int64_t version, batch;             /* out */
    char actor[NOTE_ACTOR];             /* out: who wrote this version */
    mizo_ms at;                         /* out: when */
} note;

void note_begin(note *n, const note_kind *kind, const char *id);
/* value NULL: blank. Too long or unknown: note_put says it. */
void note_set(note *n, const char *field, const char *value);
void note_set_day(note *n, const char *field, mizo_day day); /* MIZO_DAY_NONE: blank */
const char *note_get(const note *n, const char *field);
mizo_day note_day(const note *n, const char *field); /* MIZO_DAY_NONE: blank */
/* A number in units of 10^-digits, what is finer rounded; 0: blank. */
int64_t note_number(const note *n, const char *field, int digits, mizo_round how);

/* Fields that are missing or wrong, all said: at the file and line of at, and the column[] of each field (NULL: the file
 * is not known by columns). but: a field that is judged elsewhere; NULL. MIZO_EINPUT: some are. */
MIZO_MUST_USE mizo_err note_check(const town *t, const note *n, mizo_place at, const int *column,
                                  const char *but);
/* 平成35 is no year of its era: a year was mistyped. The year that it would be; 0: it is none at all. */
int note_era_overrun(const char *s);
void note_say_era(const town *t, const char *said, int fy, mizo_place at);

/* Writes it as the next version, in a batch of its own. MIZO_EINPUT: fields that are missing or wrong, all said. */
MIZO_MUST_USE mizo_err note_put(town *t, const note *n, const char *actor);
/* The same in a batch that is open. */
MIZO_MUST_USE mizo_err note_put_open(town *t, const note *n);
/* MIZO_ENOENT: none of that id (not said). */
MIZO_MUST_USE mizo_err note_find(town *t, const note_kind *kind, const char *id, note *out);
/* Every note of a kind, the newest version of each, by id. An error of fn ends it. */
MIZO_MUST_USE mizo_err note_scan(town *t, const note_kind *kind, mizo_err (*fn)(void *arg, const note *n),
                                 void *arg);
/* A free id: prefix-0001, -0002 ... */
MIZO_MUST_USE mizo_err note_next_id(town *t, const note_kind *kind, const char *prefix,
                                    char out[MIZO_ID_MAX]);
/* Its fields as members of the object that is open, then version, who and at. */
void note_json(const note *n, int offset, json *j);

#endif
