/* paper.h: the papers of a contract, before and after signing, from one template; kept as they were given.
 *
 * A template is a text: "# " the title, "## " a heading, "name :: value" a pair, "> " small print, else paragraphs;
 * a line with {{charges}} alone becomes the table of what the tariff charges. {{contract.id}} and the like are filled
 * in (paper_fields()). What was given is a PDF with a line in the register and a note of the kind `paper`: contract,
 * which paper, hash of the template, hash of the town's model, day, how, who explained, consent. Changing the template
 * changes no paper that was given: its bytes are kept. docs/mechanisms/duties.md */
#ifndef TOWN_PAPER_H
#define TOWN_PAPER_H

#include "report/report.h"
#include "town/duty/duty.h"

extern const note_kind note_paper;
extern const char paper_template[]; /* the built-in one, in Japanese */

typedef struct paper_ask {
    const char *contract;
    bool after;           /* after signing; else before it */
    const char *template; /* its text; NULL: the built-in one */
    size_t n;
    const char *name;            /* of the template's file, for messages; NULL: built in */
    mizo_day day;                /* given on */
    const char *how, *explained; /* by hand, by mail ...; who explained: a user's id */
} paper_ask;

/* The document. MIZO_EINPUT: unknown placeholders, with their lines (all said); no such contract; no issuer then. */
MIZO_MUST_USE mizo_err paper_build(town *t, const paper_ask *a, report **out);
/* Makes the PDF, keeps it and writes the note, in one batch. */
MIZO_MUST_USE mizo_err paper_give(town *t, const paper_ask *a, const char *actor, note *out);
/* The customer agreed on a day. MIZO_EINPUT: before it was given; MIZO_ECONFLICT: agreed already (said). */
MIZO_MUST_USE mizo_err paper_consent(town *t, const char *id, mizo_day on, const char *how, const char *actor,
                                     note *out);
/* Names of the placeholders with commas between. */
void paper_fields(buf *out);

#endif
