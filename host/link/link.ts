/** A connection to a device as the programmer sees it. One small interface for every transport. */
export interface CentralLink {
  /** The ATT MTU agreed on, in octets. */
  readonly mtu: number;
  /** Listens to indications of `control` and notifications of `telemetry`; the device starts when both are wanted. */
  subscribe(handlers: LinkHandlers): Promise<void>;
  /** A write request to `control`, at most MTU - 3 bytes; done when the device's stack has answered. */
  write(value: Uint8Array): Promise<void>;
  /** The value of `info`. */
  readInfo(): Promise<Uint8Array>;
  /**
   * Pairs the link with the session's passkey, where this platform can (docs/RADIO.md).
   * @throws VagusError `host/link` where the device refuses, or has another passkey
   */
  pair?(passkey: number): Promise<void>;
  /** Ends the connection. Twice does nothing. */
  close(): void;
}

export interface LinkHandlers {
  control(value: Uint8Array): void;
  telemetry(value: Uint8Array): void;
  /** The connection is gone, whoever ended it. Once. */
  closed(reason: string): void;
}
