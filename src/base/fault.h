/* fault.h: what readers of archives, XML and workbooks say is wrong, for a reader of Japanese. */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

enum { FAULT_TEXT = 400 };
/* why: of a zip_fault, xml_fault or sheet_fault; one that is not known stays as it is. */
const char *fault_ja(const char *why, char out[FAULT_TEXT]);

#endif
