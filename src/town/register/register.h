/* register.h: the register of files: every file that was sent or received has a line.
 *
 * A line is a record of kind `file` (docs/formats/records.md): which way, kind, period, version, hash, who, when,
 * and what the other side answered. A newer file never hides an older one: versions count up among the lines of
 * one way, kind, other side and period. The bytes are kept as they were, packed with zstd, under their hash in
 * DIR/files beside the store, and are durable before the line is: docs/mechanisms/register.md says why. Of some files
 * the hash alone is kept. Files that were refused count up by themselves: they hide none that was taken in.
 *
 * The same bytes of one way, kind, other side and period have one line: putting them again finds it.
 *
 *     register_line line;
 *     MIZO_TRY(register_put(t, &(register_file){ .kind = "plan-demand", .name = "...xml", .sent = true, .with = "occto",
 *         .from = day, .to = day + 1, .actor = actor, .at = now, .bytes = p, .n = n }, &line));
 */
#ifndef TOWN_REGISTER_H
#define TOWN_REGISTER_H

#include "base/hash.h"
#include "town/town.h"

enum {
    REGISTER_ID = 40,    /* "20260401-3a9c2e17b4d0-001": first day, which lines count together, version */
    REGISTER_WORD = 41,  /* [a-z0-9-]{1,40} */
    REGISTER_NAME = 200, /* of a file, without its directory */
    REGISTER_ACTOR = 96,
    REGISTER_ANSWER = 250
};
#define REGISTER_MOST ((size_t)256 << 20) /* bytes of one file */

/* What is put in. Strings are borrowed. */
typedef struct register_file {
    const char *kind;  /* [a-z0-9-]{1,40}: "plan-demand", "jepx-bids", "operator-daily", "invoice" ... */
    const char *name;  /* the file's own name; a path before it is cut */
    bool sent;         /* otherwise received */
    const char *with;  /* the other side, [a-z0-9-]{1,40}: a party's id, "occto", "jepx", "operator" */
    mizo_day from, to; /* period that it speaks of, [from, to) */
    const char
        *of; /* which of several files of that kind and period it is, or NULL: there is one, in versions */
    const char *actor; /* who sends it or brings it */
    mizo_ms at;        /* when; 0: the clock of the town */
    const char *note;  /* one line for people, or NULL; no personal data */
    bool refused;      /* it came and nothing of it was taken in; `note` says why */
    const void *bytes; /* [n] as they were sent or came; NULL: only `hash` is kept of them */
    size_t n;
    /* The hash of the bytes as they came, where what is kept is not them: personal data is taken out of a file
     * before it is kept (docs/formats/operator-files.md). NULL: the hash of the bytes. */
    const char *hash;
} register_file;

/* What the other side said: accepted, refused with a reason, a number of receipt. */
typedef struct register_answer {
    char text[REGISTER_ANSWER];
    char actor[REGISTER_ACTOR]; /* who wrote it down */
    mizo_ms at;
} register_answer;

/* A line as it stands. */
typedef struct register_line {
    char id[REGISTER_ID];
    char kind[REGISTER_WORD], with[REGISTER_WORD];
    char name[REGISTER_NAME], actor[REGISTER_ACTOR], note[REGISTER_ANSWER];
    char hash[HASH_TEXT]; /* BLAKE2b-256 of the file as it was sent or came */
    char kept
        [HASH_TEXT]; /* of the bytes that are kept: another where personal data was taken out; "": none are */
    bool sent, refused;
    mizo_day from, to;
    int version; /* from 1, among the same way, kind, other side and period */
    bool newest; /* no later version */
    int64_t n;   /* bytes as kept */
    mizo_ms at;
    int nanswer;            /* how many there are */
    register_answer answer; /* the last of them; text "" if none */
    bool again;             /* out of register_put: the same bytes had a line already */
} register_line;

/* Puts a file and its line; a batch is open on t->store. The bytes are on the disk when it returns. A batch that is
 * rolled back leaves at most bytes without a line, which do no harm.
 * MIZO_EINPUT: a word, a name or a period that cannot be (said); MIZO_EFULL, MIZO_EIO: the bytes could not be kept
 * (said); the store's errors. */
MIZO_MUST_USE mizo_err register_put(town *t, const register_file *f, register_line *out);
/* The same in a batch of its own. */
MIZO_MUST_USE mizo_err register_put_now(town *t, const register_file *f, register_line *out);

/* A line for a file of which nothing was taken in, once all of it was rolled back: its hash, whose bytes (or f->hash) are
 * given, and as a note how many faults there were (faults; 0: those in t->diags after the first `said`) with the first
 * one's name and line: its words may quote the file. No bytes are kept. A period that is not known (from = to) is the day on
 * which it came. In a batch of its own. */
MIZO_MUST_USE mizo_err register_refuse(town *t, const register_file *f, size_t said, int64_t faults,
                                       register_line *out);

/* Writes down what the other side said of a file, in a batch of its own. Earlier answers are kept.
 * MIZO_ENOENT: no such line (said). MIZO_EINPUT: the text is empty, too long or has line breaks (said). */
MIZO_MUST_USE mizo_err register_answer_put(town *t, const char *id, const char *text, const char *actor,
                                           register_line *out);

/* Which lines: NULL or false means any. */
typedef struct register_ask {
    const char *kind, *with;
    bool of_day; /* those whose period has `day` in it */
    mizo_day day;
    bool newest; /* only the newest of each period */
} register_ask;

/* Every line that is asked for, by the first day of its period, then by its versions. fn returns an error to stop. */
MIZO_MUST_USE mizo_err register_scan(town *t, const register_ask *ask,
                                     mizo_err (*fn)(void *arg, const register_line *line), void *arg);
/* MIZO_ENOENT: none (said). */
MIZO_MUST_USE mizo_err register_get(town *t, const char *id, register_line *out);
/* The bytes that are kept of a line, appended to out; they are checked against their hash. MIZO_EINPUT: none are
 * kept (said). MIZO_ENOENT: the file is gone from DIR/files; MIZO_ESTORE: it is not what it was (both said). */
MIZO_MUST_USE mizo_err register_bytes(town *t, const register_line *line, buf *out);
/* Looks at every line's bytes: each that is gone or damaged is said. *lines, *bad are counts. */
MIZO_MUST_USE mizo_err register_verify(town *t, int64_t *lines, int64_t *bad);

#endif
