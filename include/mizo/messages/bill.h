/* The ids of bill.def. */
#ifndef MIZO_MESSAGES_BILL_H
#define MIZO_MESSAGES_BILL_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_BILL = MIZO_MSG_OF_BILL * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/bill.def"
#undef X
};

#endif
