/*
 * Every function and destructor of C that JavaScript may name (see natives.c). A module's own C, in
 * modules/<name>/native, joins by adding its names here.
 */
#define VAGUS_NATIVES(NATIVE)                                                                           \
  RUNNER_NATIVES(NATIVE)

#define VAGUS_DESTRUCTORS(DESTRUCTOR)                                                                   \
  RUNNER_DESTRUCTORS(DESTRUCTOR)

/* clear names for the runner's own; types/xs-natives.d.ts has their signatures */
#define RUNNER_NATIVES(NATIVE)                                                                          \
  NATIVE(xs_arguments)                                                                                  \
  NATIVE(xs_environment)                                                                                \
  NATIVE(xs_exit)                                                                                       \
  NATIVE(xs_on_signal)                                                                                  \
  NATIVE(xs_random)                                                                                     \
  NATIVE(xs_clock_monotonic)                                                                            \
  NATIVE(xs_clock_wall)                                                                                 \
  NATIVE(xs_timer_set)                                                                                  \
  NATIVE(xs_timer_repeat)                                                                               \
  NATIVE(xs_timer_clear)                                                                                \
  NATIVE(xs_socket_listen)                                                                              \
  NATIVE(xs_socket_connect)                                                                             \
  NATIVE(xs_socket_on)                                                                                  \
  NATIVE(xs_socket_write)                                                                               \
  NATIVE(xs_socket_pause)                                                                               \
  NATIVE(xs_socket_port)                                                                                \
  NATIVE(xs_socket_close)                                                                               \
  NATIVE(xs_file_size)                                                                                  \
  NATIVE(xs_file_read)                                                                                  \
  NATIVE(xs_file_write)                                                                                 \
  NATIVE(xs_file_remove)                                                                                \
  NATIVE(xs_folder_make)                                                                                \
  NATIVE(xs_heap)                                                                                       \
  NATIVE(xs_meter)                                                                                      \
  NATIVE(xs_collect)                                                                                    \
  NATIVE(xs_resident)                                                                                   \
  NATIVE(xs_probe)                                                                                      \
  NATIVE(xs_probe_get)                                                                                  \
  NATIVE(xs_probe_live)

#define RUNNER_DESTRUCTORS(DESTRUCTOR) DESTRUCTOR(xs_probe_destructor)
