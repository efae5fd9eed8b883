/* The ids of close.def. */
#ifndef MIZO_MESSAGES_CLOSE_H
#define MIZO_MESSAGES_CLOSE_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_CLOSE = MIZO_MSG_OF_CLOSE * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/close.def"
#undef X
};

#endif
