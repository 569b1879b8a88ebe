import { SCOPE } from "../../credential/index.js";
import { VagusError } from "../../error/index.js";
import type { Handlers } from "./handler.js";
import { numbers, PARAMETER } from "./parameters.js";

/** The command that reads the audit log. */
export const AUDITING: Handlers<"audit"> = {
  audit: {
    needs: [SCOPE.auditRead],
    run: (parameters, { audit, holder }) => {
      const [which, from, count] = numbers(parameters, 3);
      if (which > 1) throw new VagusError(PARAMETER, `expected events 0 or failures 1, came ${which}`);
      const kind = which === 0 ? "events" : "failures";
      audit.settle(holder.floor.seconds);
      const { number, hash } = audit.head(kind);
      return [audit.read(kind, from, count), number, hash];
    },
  },
};
