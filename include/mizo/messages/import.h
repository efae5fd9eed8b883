/* The ids of import.def. */
#ifndef MIZO_MESSAGES_IMPORT_H
#define MIZO_MESSAGES_IMPORT_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_IMPORT = MIZO_MSG_OF_IMPORT * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/import.def"
#undef X
};

#endif
