/**
 * The two globals by which code on XS reaches C, in the form of the current Moddable SDK, and the functions that
 * the headless runner (sim/xs) offers through them. Buffers given to a native may be an ArrayBuffer or a
 * Uint8Array; buffers that come back are ArrayBuffers. A native throws Error, RangeError or TypeError.
 */

/** What the natives read bytes from. */
type NativeBytes = ArrayBuffer | Uint8Array;

/** The natives of the headless runner, by name. A module's own C has its types beside its use. */
interface XsNatives {
  /** The program's arguments, without the runner's options and the bundle's name. */
  xs_arguments(): string[];
  xs_environment(name: string): string | undefined;
  /** The engine's name and version: "XS 13.3.0". */
  xs_engine(): string;
  /** Ends the process with a code from 0 to 255. */
  xs_exit(code: number): never;
  /** From now on the program ends, with 0, when its standard input does. */
  xs_tether(): void;
  /** SIGINT and SIGTERM go to the callback from now on, instead of ending the process; undefined undoes it. */
  xs_on_signal(callback: ((signal: "SIGINT" | "SIGTERM") => void) | undefined): void;
  /** At most 65,536 bytes from getrandom(2). */
  xs_random(length: number): ArrayBuffer;
  /** Milliseconds of a clock that never goes back, with fractions. */
  xs_clock_monotonic(): number;
  /** Milliseconds since 1970, with fractions. */
  xs_clock_wall(): number;

  /** As setTimeout: an id above 0. At least 1 ms; at most 4 arguments. */
  xs_timer_set<A extends unknown[]>(callback: (...args: A) => void, milliseconds: number, ...args: A): number;
  /** As setInterval. */
  xs_timer_repeat<A extends unknown[]>(
    callback: (...args: A) => void,
    milliseconds: number,
    ...args: A
  ): number;
  /** Clears either; an id that is no more does nothing. */
  xs_timer_clear(id: number | undefined): void;

  /** Listens on 127.0.0.1 (any other address throws RangeError); port 0 is any free port. Returns a socket. */
  xs_socket_listen(address: string, port: number, onConnection: (socket: number) => void): number;
  /** Connects to 127.0.0.1. onWritable tells when it has, onClose (with an error) when it could not. */
  xs_socket_connect(address: string, port: number): number;
  /**
   * Sets a connection's callbacks. `onData` gets at most 2,048 bytes at a time. `onWritable` comes once when connected, and
   * once each time that a write did not take all and there is room again. `onClose` comes once: at the other
   * side's end (undefined) or with an error's text, never after xs_socket_close; the socket's number is gone by then.
   */
  xs_socket_on(
    socket: number,
    onData?: (bytes: ArrayBuffer) => void,
    onWritable?: () => void,
    onClose?: (error?: string) => void,
  ): void;
  /** How many of the bytes were taken, from 0 on; never blocks. */
  xs_socket_write(socket: number, bytes: NativeBytes): number;
  /** While paused there is no onData, and the other side is slowed down. */
  xs_socket_pause(socket: number, paused: boolean): void;
  /** The local port. */
  xs_socket_port(socket: number): number;
  /** Closes a connection or a listener; what was taken for writing still goes out. Open sockets keep the program running. */
  xs_socket_close(socket: number): void;

  /** Bytes, or undefined for a missing file. */
  xs_file_size(path: string): number | undefined;
  /** The file, or a range of it (shorter at the file's end); undefined for a missing file. */
  xs_file_read(path: string, offset?: number, length?: number): ArrayBuffer | undefined;
  /**
   * Without an offset replaces the file; with one overwrites that range in place. Makes the file if there is none.
   * `sync` waits until it is on the disk.
   */
  xs_file_write(path: string, bytes: NativeBytes, offset?: number, sync?: boolean): void;
  /** False where there was none. */
  xs_file_remove(path: string): boolean;
  /** Does nothing where there is one. Its parent must be there. */
  xs_folder_make(path: string): void;

  /** Slots and bytes of chunks in use, uncollected garbage included. */
  xs_heap(): { slots: number; chunkBytes: number };
  /** Byte codes executed since the start. */
  xs_meter(): number;
  /** Collects garbage. */
  xs_collect(): void;
  /** Takes what is in use now as resident (see `vagus-xs --help`, --measure), instead of what was after loading. */
  xs_resident(): void;

  /** A native class for the runner's tests. */
  xs_probe(this: object, value: number): void;
  xs_probe_get(this: object): number;
  xs_probe_live(): number;
}

/** A function of C by its name: `native("xs_name").call(this, …)`. Throws ReferenceError for a name that is not bound. */
declare function native<N extends keyof XsNatives>(name: N): XsNatives[N];
/** The same for a native of a module's own, with its type: `native<(length: number) => ArrayBuffer>("xs_name")`. */
declare function native<F extends (...args: never[]) => unknown>(name: string): F;

/**
 * A class whose objects carry host data of C, freed by the named destructor (`void name(void* data)`) when they
 * are collected: `class Key extends Native("xs_key_destructor") { constructor() { super(); native("xs_key").call(this); } }`
 */
declare function Native(destructor: string): new () => object;
