/** Commands about the session itself: its keys, its end, the Authority's word, the time. */
import { FRESH_MS, verifyTimeReset } from "../../credential/index.js";
import { VagusError } from "../../error/index.js";
import type { Rights } from "../rights.js";
import type { CommandTarget, Handlers } from "./handler.js";
import { bytes } from "./parameters.js";
import { mayRead } from "./streams.js";

export const REKEY_NONCE_LENGTH = 16;

export const SESSION: Handlers<"rekey" | "close" | "challenge" | "freshness" | "time"> = {
  rekey: {
    needs: [],
    run: (parameters, _, session) => {
      session.rekey(bytes(parameters, "nonce", REKEY_NONCE_LENGTH));
      return null;
    },
  },
  close: {
    needs: [],
    run: (_, { streams }, session) => {
      session.end();
      return streams.finish(mayRead(session));
    },
  },
  challenge: {
    needs: [],
    run: (_, { crypto, nowMs }, { rights }) => rights.challenge(crypto, nowMs),
  },
  freshness: {
    needs: [],
    run: (parameters, { crypto, holder, nowMs }, { rights }) => {
      rights.refresh(crypto, holder, bytes(parameters, "token"), nowMs);
      return FRESH_MS / 1000;
    },
  },
  time: {
    needs: [],
    run: (parameters, target, { rights }) => {
      resetTime(bytes(parameters, "token"), target, rights);
      return null;
    },
  },
};

/** In any session: the token is the Authority's, over a nonce of this one. */
function resetTime(token: Uint8Array, { crypto, holder, nowMs }: CommandTarget, rights: Rights): void {
  const challenge = rights.outstanding(nowMs);
  const { own, anchor } = holder;
  if (own === undefined || anchor === undefined) {
    throw new VagusError(
      "device/unprovisioned",
      `expected a device with a credential, came one that is ${holder.state}`,
    );
  }
  const device = own.credential.subject;
  const seconds = verifyTimeReset(crypto, token, { anchor, device, nonce: challenge.nonce });
  challenge.use();
  holder.floor.reset(seconds, challenge.ageS);
}
