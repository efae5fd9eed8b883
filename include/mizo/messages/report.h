/* The ids of report.def. */
#ifndef MIZO_MESSAGES_REPORT_H
#define MIZO_MESSAGES_REPORT_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_REPORT = MIZO_MSG_OF_REPORT * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/report.def"
#undef X
};

#endif
