/* module.h: parts of mizo that are loaded at first use, because they bring large libraries along.
 * A module is a shared object of ours in MODULES beside the program (or in $MIZO_MODULES) that
 * exports one constant table. Absent means unsupported, and is said with how to install it. */
#ifndef TOWN_MODULE_H
#define TOWN_MODULE_H

#include "base/fetch.h"
#include "base/unzip.h"
#include "base/xml.h"
#include "mizo/optimize.h"
#include "report/report.h"

/* The linear programming solver of the module mizo-clp. MIZO_EUNSUPPORTED: not here; d says why and
 * what to install. The table lives until the program ends; a second call finds the same one. */
MIZO_MUST_USE mizo_err module_lp(mizo_diags *d, const mizo_lp_solver **out);
/* The same module's interior point, for programs too large for the simplex. */
MIZO_MUST_USE mizo_err module_lp_barrier(mizo_diags *d, const mizo_lp_solver **out);
/* The same of the module mizo-http. From one thread at a time. */
MIZO_MUST_USE mizo_err module_http(mizo_diags *d, const fetch_client **out);
/* What makes "pdf" or "xlsx" files: the modules mizo-pdf and mizo-xlsx. */
MIZO_MUST_USE mizo_err module_report(const char *what, mizo_diags *d, const report_maker **out);
/* The XML and zip readers of the module mizo-files. From one thread at a time. */
MIZO_MUST_USE mizo_err module_files(mizo_diags *d, const xml_reader **xml, const zip_reader **zip);

#endif
