/* The ids of match.def. */
#ifndef MIZO_MESSAGES_MATCH_H
#define MIZO_MESSAGES_MATCH_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_MATCH = MIZO_MSG_OF_MATCH * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/match.def"
#undef X
};

#endif
