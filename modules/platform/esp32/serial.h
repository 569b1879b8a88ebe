/* The serial line of a board, for serial.ts. */
#ifndef VAGUS_SERIAL_H
#define VAGUS_SERIAL_H

#include <stddef.h>

/** Writes all of it and returns when it is out. @returns 0, or -1 where there is no serial line */
int serial_write(const char *bytes, size_t length);

#endif
