import { STATUS, StatusList } from "../../modules/cwt/index.js";
import { VagusError } from "../../modules/error/index.js";
import { hexOf } from "./kid.js";
import type { HubRevokedEvent, IssuedEvent, LedgerEvent, ListEvent } from "./ledger.js";
import { chooseForList, type RevokedKey } from "./revoked.js";

/** A status list has room for at least so many credentials that are yet to be issued. */
const STATUS_ROOM = 1024;

/** A list that has more keys to name than a device keeps. */
export interface OverfullList {
  readonly audience: string;
  readonly keys: number;
  /** The kids that are not on it. */
  readonly left: readonly string[];
}

/** Lists that have to go out, and those that cannot say all that they should. */
export interface DueLists {
  readonly lists: readonly ListEvent[];
  readonly overfull: readonly OverfullList[];
}

/** What the Authority issued and took back: a pure function of its ledger. Look-ups take the same time however many there are. */
export class Registry {
  readonly #issued: IssuedEvent[] = [];
  readonly #byKid = new Map<string, number | number[]>();
  readonly #bySubject = new Map<string, number | number[]>();
  readonly #revoked = new Map<number, number>();
  readonly #revokedKids = new Set<string>();
  readonly #hubs: HubRevokedEvent[] = [];
  /** Keys that their device has purged. */
  readonly #ended = new Set<string>();
  readonly #lists = new Map<string, ListEvent>();
  /** For each group those groups whose list its devices keep: a device keeps one, of the first that it names. */
  readonly #keepers = new Map<string, Set<string>>();
  #statusList = 0;

  /** Takes note of an event. @throws VagusError `host/ledger` for one that cannot come here; nothing is changed then */
  apply(event: LedgerEvent): void {
    if ("issued" in event) this.#issue(event);
    else if ("revoked" in event) this.#revoke(event.revoked, event.at);
    else if ("hub" in event) {
      this.#hubs.push(event);
      this.#revokedKids.add(event.hub);
    } else if ("ended" in event) this.#end(event.ended);
    else if ("list" in event) {
      expect(event.epoch > this.epoch(event.list), `an epoch above ${this.epoch(event.list)}`, event.epoch);
      this.#lists.set(event.list, event);
    } else {
      expect(event.statusList > this.#statusList, `an iat above ${this.#statusList}`, event.statusList);
      this.#statusList = event.statusList;
    }
  }

  /** How many credentials there are; the next one's number. */
  get size(): number {
    return this.#issued.length;
  }

  get revokedCount(): number {
    return this.#revoked.size;
  }

  /** The `iat` of the newest status list, 0 before there was one. */
  get statusListIssued(): number {
    return this.#statusList;
  }

  at(index: number): IssuedEvent | undefined {
    return this.#issued[index];
  }

  /** All credentials of a key. */
  ofKey(kid: string): IssuedEvent[] {
    return this.#those(this.#byKid.get(kid));
  }

  ofSubject(subject: string): IssuedEvent[] {
    return this.#those(this.#bySubject.get(subject));
  }

  /**
   * All credentials of those who hold these: of their keys and, as a device may have changed its key, of the devices that
   * they name.
   */
  ofHolders(credentials: readonly IssuedEvent[]): IssuedEvent[] {
    const found = new Set(credentials);
    for (const one of found) {
      for (const same of this.ofKey(one.kid)) found.add(same);
      for (const same of this.#ofDevice(one)) found.add(same);
    }
    return [...found].sort((a, b) => a.issued - b.issued);
  }

  /** Are all these groups known to be without this hub, until then? */
  isHubRevoked(hub: string, aud: readonly string[], exp: number): boolean {
    const known = this.#hubs.filter((one) => one.hub === hub && one.exp >= exp);
    return aud.every((group) => known.some((one) => one.aud.includes(group)));
  }

  /** Has the device said that this key is gone? */
  isEnded(kid: string): boolean {
    return this.#ended.has(kid);
  }

  /** The credentials that are gone with this key of a device: its own, and those of the keys that the device had before. */
  endingWith(kid: string): IssuedEvent[] {
    const own = this.ofKey(kid).filter(({ kind }) => kind === "device");
    const last = Math.max(...own.map(({ issued }) => issued));
    const gone = new Set(own);
    for (const one of own) {
      for (const other of this.#ofDevice(one)) {
        if (this.ofKey(other.kid).every(({ issued }) => issued <= last)) gone.add(other);
      }
    }
    return [...gone];
  }

  /** Is this credential revoked? */
  isRevoked(index: number): boolean {
    return this.#revoked.has(index);
  }

  /** Is any credential of this key revoked? */
  isKeyRevoked(kid: string): boolean {
    return this.#revokedKids.has(kid);
  }

  /** Of the newest list for this audience, 0 before there was one. */
  epoch(audience: string): number {
    return this.#lists.get(audience)?.epoch ?? 0;
  }

  list(audience: string): ListEvent | undefined {
    return this.#lists.get(audience);
  }

  get lists(): readonly ListEvent[] {
    return [...this.#lists.values()];
  }

  /**
   * The lists that a device could not do without any more: some key is revoked and not on the newest one. Each has the keys
   * that are revoked and have a credential which has not ended at `now`, but for those that their device has purged; where
   * they are more than a device keeps, as many of them.
   */
  due(now: number): DueLists {
    const lists: ListEvent[] = [];
    const overfull: OverfullList[] = [];
    for (const [audience, keys] of this.#wanted(now)) {
      const newest = this.#lists.get(audience);
      const listed = new Set(newest?.kids);
      const { chosen, left } = chooseForList([...keys.values()]);
      if (left.length > 0) overfull.push({ audience, keys: keys.size, left });
      if (chosen.every((kid) => listed.has(kid))) continue;
      const at = Math.max(now, newest?.at ?? 0);
      lists.push({ list: audience, epoch: this.epoch(audience) + 1, at, kids: chosen.sort() });
    }
    return { lists, overfull };
  }

  /** One bit for each credential, and room for more (draft-ietf-oauth-status-list). */
  statusList(): StatusList {
    const list = StatusList.empty(1, Math.ceil((this.size + STATUS_ROOM) / STATUS_ROOM) * STATUS_ROOM);
    for (const index of this.#revoked.keys()) list.set(index, STATUS.invalid);
    return list;
  }

  #issue(event: IssuedEvent): void {
    const index = this.size;
    expect(event.issued === index, `the credential ${index}`, event.issued);
    expect(!this.#revokedKids.has(event.kid), "a key that holds", `${hexOf(event.kid)}, which is revoked`);
    this.#issued.push(event);
    note(this.#byKid, event.kid, index);
    note(this.#bySubject, event.sub, index);
    if (event.kind !== "device") return;
    for (const group of event.aud) {
      const keepers = this.#keepers.get(group);
      if (keepers === undefined) this.#keepers.set(group, new Set([event.aud[0]]));
      else keepers.add(event.aud[0]);
    }
  }

  #revoke(index: number, at: number): void {
    const credential = this.#issued[index];
    expect(credential !== undefined, `a credential below ${this.size}`, index);
    expect(!this.#revoked.has(index), "one that holds", `${index}, which is revoked`);
    this.#revoked.set(index, at);
    this.#revokedKids.add(credential.kid);
  }

  /** Each key once a list; one that is a programmer's too counts as that. */
  #wanted(now: number): Map<string, Map<string, RevokedKey>> {
    const wanted = new Map<string, Map<string, RevokedKey>>();
    for (const key of this.#revokedKeys()) {
      if (key.expires <= now || this.#ended.has(key.kid)) continue;
      for (const list of key.audience) {
        const keys = wanted.get(list);
        if (keys === undefined) wanted.set(list, new Map([[key.kid, key]]));
        else if (keys.get(key.kid)?.device !== false) keys.set(key.kid, key);
      }
    }
    return wanted;
  }

  *#revokedKeys(): Generator<RevokedKey> {
    for (const [index, at] of this.#revoked) {
      const { kid } = this.#issued[index];
      const credentials = this.ofKey(kid);
      yield {
        ...{ kid, at },
        device: credentials.every(({ kind }) => kind === "device"),
        expires: Math.max(...credentials.map(({ exp }) => exp)),
        audience: [...new Set(credentials.flatMap((one) => this.#listsFor(one)))],
      };
    }
    for (const { hub, aud, exp, at } of this.#hubs) {
      const audience = [...new Set(aud.flatMap((one) => this.#listsAt(one)))];
      yield { kid: hub, at, device: false, expires: exp, audience };
    }
  }

  /** The device's own, and those of the keys that it had before and after. */
  #ofDevice({ kind, sub }: IssuedEvent): IssuedEvent[] {
    return kind === "device" ? this.ofSubject(sub).filter((other) => other.kind === "device") : [];
  }

  #end(kid: string): void {
    const gone = this.endingWith(kid);
    expect(gone.length > 0, "a device's key", hexOf(kid));
    expect(!this.#ended.has(kid), "a key that its device has", `${hexOf(kid)}, which is gone`);
    for (const one of gone) {
      expect(this.#revoked.has(one.issued), `credential ${one.issued} to be revoked first`, "its end");
    }
    for (const one of gone) this.#ended.add(one.kid);
  }

  /** A device finds itself on its own list; a programmer is to be found on that of each device that it may talk to. */
  #listsFor({ kind, aud }: IssuedEvent): string[] {
    return kind === "device" ? [aud[0]] : aud.flatMap((audience) => this.#listsAt(audience));
  }

  /** The lists that the devices of a group keep; or that one device keeps, where it is named by its subject. */
  #listsAt(audience: string): string[] {
    const device = this.ofSubject(audience).flatMap(({ kind, aud }) => (kind === "device" ? [aud[0]] : []));
    return device.length > 0 ? device : [audience, ...(this.#keepers.get(audience) ?? [])];
  }

  #those(indices: number | number[] | undefined): IssuedEvent[] {
    if (indices === undefined) return [];
    return (typeof indices === "number" ? [indices] : indices).map((index) => this.#issued[index]);
  }
}

/** Most names have one credential: then there is no array. */
function note(map: Map<string, number | number[]>, name: string, index: number): void {
  const before = map.get(name);
  if (before === undefined) map.set(name, index);
  else if (typeof before === "number") map.set(name, [before, index]);
  else before.push(index);
}

function expect(held: boolean, expected: string, came: unknown): asserts held {
  if (!held) throw new VagusError("host/ledger", `expected ${expected}, came ${came}`);
}
