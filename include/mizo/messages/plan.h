/* The ids of plan.def. */
#ifndef MIZO_MESSAGES_PLAN_H
#define MIZO_MESSAGES_PLAN_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_PLAN = MIZO_MSG_OF_PLAN * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/plan.def"
#undef X
};

#endif
