/** A refusal with its name on the bus. */
export class BluezError extends Error {
  readonly errorName: string;
  readonly text: string;

  constructor(errorName: string, text: string) {
    super(text);
    this.errorName = errorName.includes(".") ? errorName : `org.bluez.Error.${errorName}`;
    this.text = text;
  }

  static from(error: unknown): BluezError {
    return error instanceof BluezError ? error : new BluezError("Failed", String(error));
  }
}
