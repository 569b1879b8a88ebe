/** Where operations are made ready: a chip, two Authorities, and what the device's owner does before the power goes. */
import { toHex } from "../../modules/bytes/index.js";
import { SECTOR, verifyRequest } from "../../modules/credential/index.js";
import { FlashRecord, SECTOR_SIZE } from "../../modules/flash/index.js";
import { Clinic } from "../modules/device/clinic.js";
import type { CheapCrypto } from "./cheap-crypto.js";
import { CHIP_SECTORS, fillLog, LAID, openLog } from "./logged.js";
import { blank, type Image, NorFlash } from "./nor.js";
import { type Running, start, view } from "./subject.js";
import { nothingTold, type Told } from "./told.js";

const DAY = 86_400;
const RECORDS = [
  SECTOR.boot,
  SECTOR.revocation,
  SECTOR.floor,
  SECTOR.ration,
  SECTOR.chain,
  LAID.outcomes,
  LAID.pacing,
];

export class Bench {
  readonly crypto: CheapCrypto;
  readonly clinic: Clinic;
  /** The Authority that takes over from the first. */
  readonly next: Clinic;
  readonly told: Told = nothingTold();
  image: Image = blank(CHIP_SECTORS);
  /** What the device was when it was last on; undefined before it was made. */
  view: string | undefined;
  floor: number | undefined;

  private constructor(crypto: CheapCrypto, clinic: Clinic, next: Clinic) {
    this.crypto = crypto;
    this.clinic = clinic;
    this.next = next;
  }

  static async open(crypto: CheapCrypto): Promise<Bench> {
    return new Bench(crypto, await Clinic.open(crypto), await Clinic.open(crypto, 0xb0));
  }

  /** The device is on, whole and by the book, as long as `act` takes. */
  async on(act: (device: Running) => unknown): Promise<void> {
    const flash = new NorFlash(this.image);
    const device = await start(this.crypto, flash);
    await act(device);
    this.image = flash.image;
    this.told.boot = device.holder.boot;
    this.told.label = toHex(device.holder.label);
    this.view = view(this.crypto, device);
    this.floor = device.holder.floor.seconds;
  }

  /** As many versions in every record that has one as its sector takes, behind a sector full of old ones. */
  fill(roomForBoots: number): void {
    const flash = new NorFlash(this.image);
    for (const sector of RECORDS) {
      const record = new FlashRecord(flash, sector);
      const { value } = record;
      if (value === undefined) continue;
      const before = flash.erases[sector]! + flash.erases[sector + 1]!;
      while (flash.erases[sector]! + flash.erases[sector + 1]! < before + 2) record.write(value);
      const perSector = Math.floor(SECTOR_SIZE / (16 + Math.ceil(value.length / 4) * 4));
      const room = sector === SECTOR.boot ? roomForBoots : 0;
      for (let n = 1; n < perSector - room; n++) record.write(value);
    }
    fillLog(openLog(this.crypto, flash, 0), this.told.logged);
    this.image = flash.image;
  }

  /** A key of the device's own making, and the credential for it. @param curve none for the key that it has */
  async credential(
    { holder }: Running,
    { fresh, authority = this.clinic }: { fresh: boolean; authority?: Clinic },
  ): Promise<Uint8Array> {
    const request = await holder.request(fresh ? "Ed25519" : undefined);
    const { own } = holder;
    const vouching = own && { curve: own.key.curve, publicKey: own.key.publicKey, kid: own.kid };
    const key = verifyRequest(this.crypto, request, vouching);
    const issued = holder.floor.seconds + 60;
    return authority.issueDevice(key, { issued, expires: issued + DAY });
  }
}
