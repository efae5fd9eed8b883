/* duty.h: what is due, what was asked for, told and answered: duties.csv and processes.csv against what people wrote
 * down. docs/mechanisms/duties.md */
#ifndef TOWN_DUTY_H
#define TOWN_DUTY_H

#include "town/note.h"

/* Kinds of notes (docs/formats/records.md). */
extern const note_kind note_duty_done, note_task, note_notice, note_enquiry;

/* ---- the calendar of duties ---- */
typedef enum duty_state { DUTY_DONE, DUTY_LATE, DUTY_SOON, DUTY_AHEAD } duty_state;
extern const char *const duty_state_words[]; /* "done", "late", "soon", "ahead" */

typedef struct duty_item {
    const mizo_duty *row;
    mizo_day from, to; /* the period */
    mizo_day due;
    int days_left; /* below 0: late by so many */
    duty_state state;
    mizo_day done;        /* MIZO_DAY_NONE: not yet */
    char file[NOTE_TEXT]; /* register line that was sent; "" */
    char actor[NOTE_ACTOR];
} duty_item;

/* Every period's due date of [from, until], by date then id; `today` decides what is late. */
MIZO_MUST_USE mizo_err duty_each(town *t, mizo_day from, mizo_day until, mizo_day today,
                                 mizo_err (*fn)(void *arg, const duty_item *i), void *arg);
void duty_item_json(const duty_item *i, json *j); /* as an object */
/* Writes down that the duty of the period with day `in` was done on `on`. file: its register line, or NULL.
 * MIZO_EINPUT: no such duty (with the nearest), none in that period, no such file (said). */
MIZO_MUST_USE mizo_err duty_done(town *t, const char *duty, mizo_day in, mizo_day on, const char *file,
                                 const char *remark, const char *actor, duty_item *out);

/* ---- acts with a standard time ---- */
/* Something asked of the network operator or of us for a contract's point: by when it is to be done. MIZO_EINPUT: no
 * such contract, no row of processes.csv fits (said). */
MIZO_MUST_USE mizo_err duty_task_new(town *t, const char *process, const char *contract, mizo_day asked,
                                     const char *remark, const char *actor, note *out);
MIZO_MUST_USE mizo_err duty_task_done(town *t, const char *id, mizo_day on, const char *actor, note *out);

/* We end a contract on `ends` and told the customer on `sent`. MIZO_EINPUT: told too late (said, with the earliest end
 * that this day allows); nothing is written. proof: register line or a short text. */
MIZO_MUST_USE mizo_err duty_notice(town *t, const char *contract, mizo_day ends, mizo_day sent,
                                   const char *how, const char *proof, const char *actor, note *out);

/* ---- enquiries and complaints ---- */
MIZO_MUST_USE mizo_err duty_enquiry_new(town *t, const char *contract /* or NULL */, const char *kind,
                                        mizo_day asked, const char *question, const char *actor, note *out);
MIZO_MUST_USE mizo_err duty_enquiry_answer(town *t, const char *id, mizo_day on, const char *answer,
                                           const char *actor, note *out);

/* The contract by id; said where there is none. */
MIZO_MUST_USE mizo_err duty_contract(town *t, const char *id, const mizo_contract **out);

#endif
