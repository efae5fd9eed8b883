/* The ids of yearly.def. */
#ifndef MIZO_MESSAGES_YEARLY_H
#define MIZO_MESSAGES_YEARLY_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_YEARLY = MIZO_MSG_OF_YEARLY * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/yearly.def"
#undef X
};

#endif
