/* match_export.h: mizo match --export: granular certificates into a file. */
#ifndef CLI_MATCH_EXPORT_H
#define CLI_MATCH_EXPORT_H

#include "cli/cli.h"
#include "town/proof/energytag.h"

typedef struct match_export {
    const char *path;  /* .json one object, else CSV; "-" standard output */
    const char *by;    /* one of energytag_step_words, NULL: slot */
    const char *only;  /* "certificates", "consumption"; NULL: both */
    bool json;         /* what was written is told as JSON */
    energytag_ask ask; /* its days, site and pool; the rest is filled */
} match_export;

/* Reads the words. False: `wrong` is the one that is not known. */
bool match_export_read(match_export *x, const char **wrong);
/* Writes the file; a line about it is appended to told. */
MIZO_MUST_USE mizo_err match_export_run(cli *c, town *t, const match_export *x, buf *told);

#endif
