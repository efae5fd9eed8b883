/* The ids of people.def. */
#ifndef MIZO_MESSAGES_PEOPLE_H
#define MIZO_MESSAGES_PEOPLE_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_PEOPLE = MIZO_MSG_OF_PEOPLE * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/people.def"
#undef X
};

#endif
