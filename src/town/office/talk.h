/* talk.h: recruiting: firms that were invited, how far each came, what each objects to and what comes next (kind `recruit`,
 * office.h). docs/mechanisms/office.md */
#ifndef TOWN_OFFICE_TALK_H
#define TOWN_OFFICE_TALK_H

#include "base/json.h"
#include "report/report.h"
#include "town/office/office.h"

enum { TALK_STAGES = 6, TALK_DECLINED = TALK_STAGES - 1 };
extern const char
    *const talk_stages[TALK_STAGES + 1]; /* invited, visited, interested, agreed, joined, declined */

typedef struct talk_objection {
    char text[NOTE_TEXT];
    int64_t firms, declined; /* of them */
} talk_objection;

/* What is to be done next with a firm that has neither joined nor declined. */
typedef struct talk_next {
    char id[MIZO_ID_MAX], name[NOTE_TEXT], step[NOTE_TEXT], by[NOTE_TEXT];
    int stage;
    mizo_day day; /* MIZO_DAY_NONE: none is set */
} talk_next;

typedef struct talk_funnel {
    mizo_day today;
    int64_t rows, at[TALK_STAGES], reached[TALK_STAGES];
    mizo_wh potential_wh[TALK_STAGES];  /* of those that are at it */
    int64_t overdue;                    /* the next step's day is past */
    int64_t stuck;                      /* neither joined nor declined, and without a next step */
    int64_t visited_said, invited_said; /* as published (indicators interviewed, invited); -1: nothing */
    talk_objection *objection;          /* [nobjection] by how many firms */
    size_t nobjection, objection_cap;
    talk_next *next; /* [nnext] by day */
    size_t nnext, next_cap;
} talk_funnel;

/* Who declined had come as far as the visit, if one is on record. */
MIZO_MUST_USE mizo_err talk_funnel_make(town *t, mizo_day today, talk_funnel *out);
void talk_funnel_free(talk_funnel *f);
/* Of those who reached the stage before, who came to this one: hundredths of a percent, half up; -1: nobody. */
int64_t talk_conversion_bp(const talk_funnel *f, int stage);
void talk_funnel_json(const talk_funnel *f, json *j); /* members of the object that is open */
void talk_funnel_doc(const talk_funnel *f, bool ja, report *p);

#endif
