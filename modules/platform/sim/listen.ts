/** The SDK's sockets (ECMA-419) as the byte streams of the loopback link. */
import Listener from "embedded:io/socket/listener";
import TCP from "embedded:io/socket/tcp";
import type { ByteStream } from "../loopback/peripheral.js";

const LOOPBACK = "127.0.0.1";

/**
 * Listens on a port, 0 for any that is free. The SDK's listener binds to every address of the machine and cannot be told otherwise
 * (xs_listener_constructor in modules/io/socket/lin/tcp.c), so who comes from another machine is closed at once.
 */
export function listen(
  onConnection: (stream: ByteStream) => void,
  port: number,
): Promise<{ readonly port: number; close(): void }> {
  const listener = new Listener({
    port,
    onReadable(count) {
      for (; count > 0; count--) {
        const socket = this.read();
        if (socket === undefined) return;
        if (socket.remoteAddress === LOOPBACK) onConnection(byteStream(socket));
        else socket.close();
      }
    },
  });
  return Promise.resolve(listener);
}

/**
 * The SDK says how many bytes it takes now, throws where it is given more, and says it anew when all have gone out; it looks at its
 * sockets every 20 ms. What is refused here goes out after its next word.
 */
function byteStream(from: TCP): ByteStream {
  let room = 0;
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    socket.close();
    stream.listener.closed();
  };
  const stream: ByteStream = {
    write: (bytes) => {
      if (!open || bytes.length > room) return false;
      room -= bytes.length;
      socket.write(bytes);
      return true;
    },
    close,
    listener: { data() {}, writable() {}, closed() {} },
  };
  const socket = new TCP({
    from,
    nodelay: true,
    onReadable() {
      if (open) stream.listener.data(new Uint8Array(this.read() as ArrayBuffer));
    },
    onWritable(count) {
      room = count;
      if (open) stream.listener.writable();
    },
    onError: close,
  });
  return stream;
}
