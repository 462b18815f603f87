/** What travels between the clients' process of the secagg benchmark and the coordinator's. */
import type { RoundParameters } from '../../core/secagg/parameters.ts';
import type { Roster } from '../../core/secagg/roster.ts';
import type { Phase } from '../../core/wire/messages.ts';

export type ToCoordinator =
  | {
      readonly kind: 'open';
      readonly roster: Roster;
      readonly parameters: RoundParameters;
      readonly nonces: readonly Uint8Array[];
      /** PKCS#8. */
      readonly privateKey: Uint8Array;
      readonly modelHash: Uint8Array;
    }
  | { readonly kind: 'message'; readonly from: number; readonly bytes: Uint8Array }
  | { readonly kind: 'timeout'; readonly phase: Phase }
  | { readonly kind: 'report' };

/** One answer to every message: whoever sends waits for it, so that no more than one vector is on its way. */
export interface FromCoordinator {
  readonly sends: readonly { readonly to: readonly number[]; readonly bytes: Uint8Array }[];
  readonly awaited?: Phase;
  readonly refused: readonly string[];
  /** The lifted sum over U3. */
  readonly sum?: { readonly survivors: number; readonly values: Int32Array };
  readonly aborted?: string;
  /** Answer to 'report'. */
  readonly costs?: { readonly cpuMs: number; readonly peakMegabytes: number };
}
