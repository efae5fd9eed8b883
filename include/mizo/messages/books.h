/* The ids of books.def. */
#ifndef MIZO_MESSAGES_BOOKS_H
#define MIZO_MESSAGES_BOOKS_H

#include "mizo/messages/rooms.h"

enum {
    MIZO_MSG_ROOM_BOOKS = MIZO_MSG_OF_BOOKS * MIZO_MSG_ROOM,
#define X(id, severity, en, ja) MIZO_MSG_##id,
#include "mizo/messages/books.def"
#undef X
};

#endif
