/*
 * Every function and destructor of C that JavaScript may name (see natives.c): the runner's own, with their
 * signatures in types/xs-natives.d.ts, and those of modules/<name>/native, which the build finds by their form
 * (`void xs_name(xsMachine *the)`, `void xs_name_destructor(void *data)`) and lists in modules_table.h.
 */
#include "modules_table.h"

#define VAGUS_NATIVES(NATIVE)                                                        \
  NATIVE(xs_arguments)                                                               \
  NATIVE(xs_environment)                                                             \
  NATIVE(xs_engine)                                                                  \
  NATIVE(xs_exit)                                                                    \
  NATIVE(xs_on_signal)                                                               \
  NATIVE(xs_tether)                                                                  \
  NATIVE(xs_random)                                                                  \
  NATIVE(xs_clock_monotonic)                                                         \
  NATIVE(xs_clock_wall)                                                              \
  NATIVE(xs_timer_set)                                                               \
  NATIVE(xs_timer_repeat)                                                            \
  NATIVE(xs_timer_clear)                                                             \
  NATIVE(xs_socket_listen)                                                           \
  NATIVE(xs_socket_connect)                                                          \
  NATIVE(xs_socket_on)                                                               \
  NATIVE(xs_socket_write)                                                            \
  NATIVE(xs_socket_pause)                                                            \
  NATIVE(xs_socket_port)                                                             \
  NATIVE(xs_socket_close)                                                            \
  NATIVE(xs_file_size)                                                               \
  NATIVE(xs_file_read)                                                               \
  NATIVE(xs_file_write)                                                              \
  NATIVE(xs_file_remove)                                                             \
  NATIVE(xs_folder_make)                                                             \
  NATIVE(xs_heap)                                                                    \
  NATIVE(xs_meter)                                                                   \
  NATIVE(xs_collect)                                                                 \
  NATIVE(xs_resident)                                                                \
  NATIVE(xs_probe)                                                                   \
  NATIVE(xs_probe_get)                                                               \
  NATIVE(xs_probe_live)                                                              \
  MODULES_NATIVES(NATIVE)

#define VAGUS_DESTRUCTORS(DESTRUCTOR) \
  DESTRUCTOR(xs_probe_destructor)     \
  MODULES_DESTRUCTORS(DESTRUCTOR)
