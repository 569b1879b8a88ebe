/** Mistakes that one could make in the code that outlives the power: each is made, and has to be found. */

export interface Mutant {
  readonly mistake: string;
  /** Below modules/. */
  readonly file: string;
  readonly text: string;
  readonly instead: string;
  /** Where it shows, and with records about to change their sectors or not. */
  readonly operation: string;
  readonly full?: boolean;
  /** How many chips are cut twice, and how many devices do it once more: one in so many. */
  readonly every?: number;
  readonly found: RegExp;
}

export const MUTANTS: readonly Mutant[] = [
  {
    mistake: "a purge leaves the old sector",
    file: "flash/record.ts",
    text: "      this.#erase(current.sector);\n",
    instead: "",
    operation: "credential for a new key",
    found: /sealed key/,
  },
  {
    mistake: "nobody looks at the checksum",
    file: "flash/record.ts",
    text: "!whole || crc32(concat(header.subarray(2, 8), value)) !== toUint(header.subarray(8, 12))",
    instead: "!whole",
    operation: "revocation list, others on it",
    found: /does not open|expected provisioned/,
  },
  {
    mistake: "the next version goes where one was torn",
    file: "flash/record.ts",
    text: "      return { newest, free: SECTOR_SIZE, ...rotIn(header) };",
    instead: "      return { newest, free: offset, ...rotIn(header) };",
    operation: "credential for a new key",
    every: 2,
    found: /0 programmed to 1/,
  },
  {
    mistake: "a full sector is erased for its own next version",
    file: "flash/record.ts",
    text: "blank ?? this.#other(sector)",
    instead: "blank ?? (version.length < 40 ? sector : this.#other(sector))",
    operation: "start",
    full: true,
    found: /does not open.*boot count/,
  },
  {
    mistake: "a sector is retired with its mark",
    file: "flash/record.ts",
    text: "const RETIRED = new Uint8Array(4);",
    instead: "const RETIRED = new Uint8Array(HEADER);",
    operation: "self-revocation by command",
    every: 1,
    found: /does not open.*flash\/corrupt/,
  },
  {
    mistake: "the boot count is not written",
    file: "credential/records.ts",
    text: "  record.write(encode(boot));\n  return boot;",
    instead: "  if (fresh) record.write(encode(boot));\n  return boot;",
    operation: "start",
    found: /boot \d+ behind/,
  },
  {
    mistake: "the old identity is erased before the new one is written",
    file: "credential/identity.ts",
    text: "  const { label, sealed, credential, anchor, since } = identity;",
    instead:
      "  flash.erase(0);\n  flash.erase(1);\n  const { label, sealed, credential, anchor, since } = identity;",
    operation: "credential for the same key",
    found: /another label|came new/,
  },
  {
    mistake: "a purge that was cut off is not ended",
    file: "credential/holder.ts",
    text: "else purgeIdentity(flash);",
    instead: "",
    operation: "self-revocation by command",
    found: /sealed key/,
  },
  {
    mistake: "a device that finds itself on the list keeps its key",
    file: "credential/holder.ts",
    text: "if (holder.own !== undefined && holder.isRevoked(holder.own.kid)) holder.purge();",
    instead: "",
    operation: "revocation list, itself on it",
    found: /expected provisioned, epoch 1/,
  },
  {
    mistake: "the key goes before the list is kept",
    file: "credential/holder.ts",
    text: "    this.#revoked.replace(list, this.root().anchor.kid, this.audience()[0]);\n    if (listed) this.purge();\n",
    instead:
      "    const [group] = this.audience();\n    if (listed) this.purge();\n    this.#revoked.replace(list, this.root().anchor.kid, group as string);\n",
    operation: "revocation list, itself on it",
    found: /expected provisioned, epoch 1/,
  },
  {
    mistake: "a list is kept before its time is",
    file: "credential/holder.ts",
    text: "    this.floor.raise(list.issued);\n    this.#revoked.replace(list, this.root().anchor.kid, this.audience()[0]);\n",
    instead:
      "    this.#revoked.replace(list, this.root().anchor.kid, this.audience()[0]);\n    this.floor.raise(list.issued);\n",
    operation: "revocation list, others on it",
    found: /the list of \d+ is there, and the floor is/,
  },
  {
    mistake: "the list of an Authority that is gone stays",
    file: "credential/holder.ts",
    text: "if (stored.anchor === null) revoked.clear();",
    instead: "",
    operation: "factory reset",
    found: /a new device with the list/,
  },
  {
    mistake: "a floor is believed and not written",
    file: "credential/floor.ts",
    text: "  #set(seconds: number): void {\n    new FlashRecord(this.#flash, SECTOR.floor).write(encode(seconds));\n",
    instead: "  #set(seconds: number): void {\n",
    operation: "freshness",
    found: /expected the floor/,
  },
  {
    mistake: "a token is taken before that is written",
    file: "device/ration-store.ts",
    text: "if (rest.tokens < this.#kept) this.#keep(0);",
    instead: "if (rest.tokens < this.#kept - 1) this.#keep(0);",
    operation: "ration, its first time",
    found: /\d+ handshakes, where \d+ were left/,
  },
  {
    mistake: "a sequence is reserved when it has been used",
    file: "reading/chain.ts",
    text: "const ceiling = writer.sequence + RESERVED;",
    instead: "const ceiling = writer.sequence;",
    operation: "chain reservation",
    found: /not reserved/,
  },
  {
    mistake: "a stream that is not recorded any more is forgotten",
    file: "reading/chain.ts",
    text: "[...marks, ...earlier]",
    instead: "marks",
    operation: "chain reservation, a stream less",
    every: 60,
    found: /not reserved/,
  },
  {
    mistake: "a reservation forgets those of the other streams",
    file: "reading/chain.ts",
    text: "[...marks, ...earlier]",
    instead: "[...marks.slice(-1), ...earlier]",
    operation: "chain reservation, three streams",
    every: 60,
    found: /not reserved/,
  },
];
