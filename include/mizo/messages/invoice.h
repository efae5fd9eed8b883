/* The ids of invoice.def. */
#ifndef MIZO_MESSAGES_INVOICE_H
#define MIZO_MESSAGES_INVOICE_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_INVOICE = MIZO_MSG_OF_INVOICE * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/invoice.def"
#undef X
};

#endif
