/* document.h: a document as the file that a person names. */
#ifndef CLI_DOCUMENT_H
#define CLI_DOCUMENT_H

#include "cli/cli.h"
#include "town/report_file.h"

/* By the ending of the path: .pdf .xlsx .html .csv .txt. MIZO_EINPUT: another ending; else what could not be made or
 * written; all said. */
MIZO_MUST_USE mizo_err cli_document(cli *c, const char *path, const report *r);
/* The same in a format of its own, whatever the path ends in. */
MIZO_MUST_USE mizo_err cli_document_as(cli *c, const char *path, report_format f, const report *r);

#endif
