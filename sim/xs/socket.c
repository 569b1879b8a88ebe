/*
 * TCP on the loopback address, never blocking: listeners and connections by number, served by the run loop.
 *
 *   listener    xs_socket_listen(address, port, onConnection(socket))
 *   connection  xs_socket_connect(address, port)
 *   both        xs_socket_on(socket, onData(ArrayBuffer), onWritable(), onClose(error?))
 *
 * Writing takes as many bytes as fit and says how many; when it took fewer than it was given, onWritable tells
 * when there is room again. onWritable comes once after connecting, too. onClose comes once: at the other
 * side's end or with an error, never after xs_socket_close. An open socket keeps the run loop going.
 */
#include "xsmc.h"
#include "runner.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

enum { SOCKET_LIMIT = 64, READ_SIZE = 2048 };
enum { ON_DATA, ON_WRITABLE, ON_CLOSE, CALLBACK_COUNT, ON_CONNECTION = ON_DATA };

typedef struct {
  int file;
  bool listens, connecting, wantsWrite, paused;
  bool has[CALLBACK_COUNT];
  xsSlot callbacks[CALLBACK_COUNT];
} Socket;

static Socket* sockets[SOCKET_LIMIT]; /* a socket's number is its place here, plus 1 */

static Socket* socketArgument(xsMachine* the) {
  xsIntegerValue number = xsmcToInteger(xsArg(0));
  if (number < 1 || number > SOCKET_LIMIT || sockets[number - 1] == NULL) xsRangeError("no open socket %d", number);
  return sockets[number - 1];
}

static struct sockaddr_in addressArgument(xsMachine* the) {
  const char* address = xsmcToString(xsArg(0));
  if (strcmp(address, "127.0.0.1") != 0) xsRangeError("expected the address 127.0.0.1, got %s", address);
  xsIntegerValue port = xsmcToInteger(xsArg(1));
  if (port < 0 || port > 65535) xsRangeError("expected a port from 0 to 65535, got %d", port);
  return (struct sockaddr_in){
      .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* The number of a new socket; 0, and the file closed, when there are too many. */
static int add(int file) {
  for (int i = 0; i < SOCKET_LIMIT; i++) {
    if (sockets[i]) continue;
    Socket* it = calloc(1, sizeof(Socket));
    if (it == NULL) break;
    it->file = file;
    sockets[i] = it;
    return i + 1;
  }
  close(file);
  return 0;
}

static void setCallback(xsMachine* the, Socket* it, int which, int argument) {
  if (it->has[which]) xsForget(it->callbacks[which]);
  it->has[which] = xsmcArgc > argument && xsmcTest(xsArg(argument));
  if (!it->has[which]) return;
  if (!xsmcIsCallable(xsArg(argument))) {
    it->has[which] = false;
    xsTypeError("a socket's callback is not a function");
  }
  it->callbacks[which] = xsArg(argument);
  xsRemember(it->callbacks[which]);
}

static void drop(xsMachine* the, int number) {
  Socket* it = sockets[number - 1];
  for (int i = 0; i < CALLBACK_COUNT; i++)
    if (it->has[i]) xsForget(it->callbacks[i]);
  close(it->file);
  free(it);
  sockets[number - 1] = NULL;
}

static void fail(xsMachine* the, int file, const char* what) {
  int error = errno;
  if (file >= 0) close(file);
  xsUnknownError("%s: %s", what, strerror(error));
}

static int open_(xsMachine* the) {
  int file = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (file < 0) fail(the, file, "no socket");
  return file;
}

void xs_socket_listen(xsMachine* the) {
  struct sockaddr_in address = addressArgument(the);
  int file = open_(the), on = 1;
  setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(file, (struct sockaddr*)&address, sizeof(address)) < 0 || listen(file, 8) < 0)
    fail(the, file, "cannot listen");
  int number = add(file);
  if (number == 0) xsRangeError("too many sockets");
  sockets[number - 1]->listens = true;
  setCallback(the, sockets[number - 1], ON_CONNECTION, 2);
  xsmcSetInteger(xsResult, number);
}

void xs_socket_connect(xsMachine* the) {
  struct sockaddr_in address = addressArgument(the);
  int file = open_(the), on = 1;
  setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (connect(file, (struct sockaddr*)&address, sizeof(address)) < 0 && errno != EINPROGRESS)
    fail(the, file, "cannot connect");
  int number = add(file);
  if (number == 0) xsRangeError("too many sockets");
  sockets[number - 1]->connecting = sockets[number - 1]->wantsWrite = true;
  xsmcSetInteger(xsResult, number);
}

void xs_socket_on(xsMachine* the) {
  Socket* it = socketArgument(the);
  for (int i = 0; i < CALLBACK_COUNT; i++) setCallback(the, it, i, 1 + i);
}

/* xs_socket_write(socket, bytes): how many were taken */
void xs_socket_write(xsMachine* the) {
  Socket* it = socketArgument(the);
  void* bytes;
  xsUnsignedValue length;
  xsmcGetBufferReadable(xsArg(1), &bytes, &length);
  ssize_t put = it->connecting ? 0 : send(it->file, bytes, length, MSG_NOSIGNAL);
  if (put < 0) put = 0; /* full; or broken, which the next poll reports to onClose */
  if ((xsUnsignedValue)put < length) it->wantsWrite = true;
  xsmcSetInteger(xsResult, (xsIntegerValue)put);
}

/* xs_socket_pause(socket, paused): no onData while it is paused */
void xs_socket_pause(xsMachine* the) {
  Socket* it = socketArgument(the);
  it->paused = xsmcToBoolean(xsArg(1));
}

/* xs_socket_port(socket): the local port, for a listener on port 0 */
void xs_socket_port(xsMachine* the) {
  struct sockaddr_in address;
  socklen_t size = sizeof(address);
  if (getsockname(socketArgument(the)->file, (struct sockaddr*)&address, &size) < 0) fail(the, -1, "no port");
  xsmcSetInteger(xsResult, ntohs(address.sin_port));
}

/* xs_socket_close(socket): what was written still goes out */
void xs_socket_close(xsMachine* the) {
  socketArgument(the);
  drop(the, xsmcToInteger(xsArg(0)));
}

int socketCount(void) {
  int count = 0;
  for (int i = 0; i < SOCKET_LIMIT; i++) count += sockets[i] != NULL;
  return count;
}

void socketFill(struct pollfd* entries) {
  for (int i = 0; i < SOCKET_LIMIT; i++) {
    Socket* it = sockets[i];
    if (it == NULL) continue;
    short events = (short)((it->paused ? 0 : POLLIN) | (it->wantsWrite ? POLLOUT : 0));
    *entries++ = (struct pollfd){.fd = it->file, .events = events};
  }
}

/* Calls one of a socket's callbacks with nothing, a new connection's number, bytes, or an error's text. */
static void call(xsMachine* machine, Socket* it, int which, int number, void* bytes, int length, const char* text) {
  if (!it->has[which]) return;
  xsBeginHost(machine);
  xsmcVars(2);
  xsVar(0) = xsAccess(it->callbacks[which]);
  if (number)
    xsmcSetInteger(xsVar(1), number);
  else if (bytes)
    xsmcSetArrayBuffer(xsVar(1), bytes, length);
  else if (text)
    xsmcSetString(xsVar(1), (xsStringValue)text);
  xsCallFunction1(xsVar(0), xsGlobal, xsVar(1));
  xsEndHost(machine);
}

static void end(xsMachine* the, int number, int error) {
  Socket* it = sockets[number - 1];
  xsSlot callback = it->callbacks[ON_CLOSE];
  Socket last = {.has = {[ON_CLOSE] = it->has[ON_CLOSE]}};
  if (last.has[ON_CLOSE]) {
    last.callbacks[ON_CLOSE] = callback;
    xsRemember(last.callbacks[ON_CLOSE]);
  }
  drop(the, number);
  if (!last.has[ON_CLOSE]) return;
  call(the, &last, ON_CLOSE, 0, NULL, 0, error ? strerror(error) : NULL);
  xsForget(last.callbacks[ON_CLOSE]);
}

static void acceptOne(xsMachine* the, Socket* it) {
  int on = 1, file = accept4(it->file, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (file < 0) return;
  setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  int number = add(file);
  if (number) call(the, it, ON_CONNECTION, number, NULL, 0, NULL);
}

static void readSome(xsMachine* the, int number) {
  static uint8_t bytes[READ_SIZE];
  Socket* it = sockets[number - 1];
  ssize_t got = recv(it->file, bytes, sizeof(bytes), 0);
  if (got > 0)
    call(the, it, ON_DATA, 0, bytes, (int)got, NULL);
  else if (got == 0)
    end(the, number, 0);
  else if (errno != EAGAIN && errno != EINTR)
    end(the, number, errno);
}

static void becomeWritable(xsMachine* the, int number) {
  Socket* it = sockets[number - 1];
  it->wantsWrite = false;
  if (it->connecting) {
    int error = 0;
    socklen_t size = sizeof(error);
    getsockopt(it->file, SOL_SOCKET, SO_ERROR, &error, &size);
    it->connecting = false;
    if (error) {
      end(the, number, error);
      return;
    }
  }
  call(the, it, ON_WRITABLE, 0, NULL, 0, NULL);
}

/* A callback may close any socket and open others, so each is looked up again by its file before it is served. */
static int numberOf(int file) {
  for (int i = 0; i < SOCKET_LIMIT; i++)
    if (sockets[i] && sockets[i]->file == file) return i + 1;
  return 0;
}

/* Serves the first socket that has something; promise jobs run before the next. */
void socketServe(xsMachine* the, const struct pollfd* entries, int count) {
  static int first;
  for (int i = 0; i < count; i++) {
    const struct pollfd* entry = &entries[(first + i) % count];
    int number = numberOf(entry->fd);
    if (number == 0 || entry->revents == 0) continue;
    first = (first + i + 1) % count;
    Socket* it = sockets[number - 1];
    /* One that is broken can always be written to, and whoever has something to write would for ever. */
    bool broken = (entry->revents & (POLLERR | POLLHUP)) != 0 && !it->connecting;
    if (it->listens)
      acceptOne(the, it);
    else if ((entry->revents & POLLOUT) && it->wantsWrite && !broken)
      becomeWritable(the, number);
    else
      readSome(the, number);
    return;
  }
}
