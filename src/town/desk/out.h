/* out.h: what goes out of the desk as a file: plans in the operator's XML, values to a parent as CSV, bids. */
#ifndef TOWN_DESK_OUT_H
#define TOWN_DESK_OUT_H

#include "town/desk/desk.h"
#include "town/register/register.h"

/* Writes the file of a plan into the register, in the open batch; its name and hash are set in p. A member's file is
 * the CSV of its 48 values, else the operator's XML. MIZO_EINPUT (said): a code is missing, a slot does not match. */
MIZO_MUST_USE mizo_err desk_out_put(const desk_act *a, desk_plan *p);
/* The 48 values of each member as CSV (docs/formats/desk-files.md), appended. */
void desk_out_csv(const mizo_bg *g, mizo_day day, const desk_plan *p, buf *out);
/* The same as a workbook. MIZO_EUNSUPPORTED (said): its module is not here. */
MIZO_MUST_USE mizo_err desk_out_xlsx(const mizo_bg *g, mizo_day day, const desk_plan *p, mizo_diags *d,
                                     buf *out);
/* The bytes that were filed of a plan, out of the register; xlsx: the workbook that went beside them, or, of a member,
 * made now of what was filed. MIZO_ENOENT (said): nothing was. */
MIZO_MUST_USE mizo_err desk_out_filed(town *t, const mizo_bg *g, mizo_day day, const desk_plan *p, bool xlsx,
                                      register_line *line, buf *out);
/* The plan as the operator's file; appended. name: PLAN_FILE_NAME letters. */
MIZO_MUST_USE mizo_err desk_out_xml(const mizo_region *r, const mizo_bg *g, mizo_day day, const desk_plan *p,
                                    mizo_diags *d, buf *out, char *name);

#endif
