/* readers.c: the list. The most particular header is asked first. */
#include "metering/readers.h"

const table_reader *const metering_readers[] = { &metering_session, &metering_period, &metering_wide,
                                                 &metering_long, NULL };
