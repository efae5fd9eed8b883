/* The ids of base.def. */
#ifndef MIZO_MESSAGES_BASE_H
#define MIZO_MESSAGES_BASE_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_BASE = MIZO_MSG_OF_BASE * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/base.def"
#undef X
};

#endif
