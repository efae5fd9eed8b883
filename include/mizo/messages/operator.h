/* The ids of operator.def. */
#ifndef MIZO_MESSAGES_OPERATOR_H
#define MIZO_MESSAGES_OPERATOR_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_OPERATOR = MIZO_MSG_OF_OPERATOR * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/operator.def"
#undef X
};

#endif
