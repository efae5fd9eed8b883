/* The ids of files.def. */
#ifndef MIZO_MESSAGES_FILES_H
#define MIZO_MESSAGES_FILES_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_FILES = MIZO_MSG_OF_FILES * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/files.def"
#undef X
};

#endif
