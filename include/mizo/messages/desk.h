/* The ids of desk.def. */
#ifndef MIZO_MESSAGES_DESK_H
#define MIZO_MESSAGES_DESK_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_DESK = MIZO_MSG_OF_DESK * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/desk.def"
#undef X
};

#endif
