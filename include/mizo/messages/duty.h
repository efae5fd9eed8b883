/* The ids of duty.def. */
#ifndef MIZO_MESSAGES_DUTY_H
#define MIZO_MESSAGES_DUTY_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_DUTY = MIZO_MSG_OF_DUTY * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/duty.def"
#undef X
};

#endif
