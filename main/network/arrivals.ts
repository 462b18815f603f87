/**
 * How many may come, and how fast: decided on the TCP connection, before a byte is read or a handshake computed.
 *
 * A stranger is a connection that has not been admitted yet; admitted participants are never turned away for what
 * strangers do. Limits per address keep one machine from taking all places; they are wide enough for a whole lecture
 * hall behind one address.
 */
import { addressKey } from './addresses.ts';

export interface ArrivalLimits {
  /** Open at once, admitted or not. */
  readonly connections: number;
  readonly strangers: number;
  readonly strangersPerAddress: number;
  /** New connections of one address at once ... */
  readonly burstPerAddress: number;
  /** ... and on average. */
  readonly perSecondPerAddress: number;
}

export const defaultArrivalLimits: ArrivalLimits = {
  connections: 1024,
  strangers: 768,
  strangersPerAddress: 512,
  burstPerAddress: 640,
  // a handshake costs a coordinator about 1 ms of its one thread
  perSecondPerAddress: 50,
};

export interface Place {
  /** No longer a stranger. */
  admit(): void;
  /** The connection is gone. */
  leave(): void;
}

interface AddressState {
  strangers: number;
  tokens: number;
  /** When `tokens` was counted, ms. */
  at: number;
}

/** Addresses that are remembered before those with nothing to remember are forgotten. */
const SWEEP_AT = 1024;

/** `now`: ms of a clock that never goes back. */
export function createArrivals(
  limits: ArrivalLimits,
  now: () => number,
): { enter(address: string): Place | undefined } {
  const addresses = new Map<string, AddressState>();
  let connections = 0;
  let strangers = 0;
  let sweepAt = SWEEP_AT;

  const refill = (state: AddressState): void => {
    const at = now();
    state.tokens = Math.min(
      limits.burstPerAddress,
      state.tokens + ((at - state.at) / 1000) * limits.perSecondPerAddress,
    );
    state.at = at;
  };

  const stateOf = (key: string): AddressState => {
    const known = addresses.get(key);
    if (known !== undefined) return known;
    if (addresses.size >= sweepAt) {
      for (const [otherKey, other] of addresses) {
        refill(other);
        if (other.strangers === 0 && other.tokens >= limits.burstPerAddress) addresses.delete(otherKey);
      }
      sweepAt = Math.max(SWEEP_AT, 2 * addresses.size);
    }
    const state = { strangers: 0, tokens: limits.burstPerAddress, at: now() };
    addresses.set(key, state);
    return state;
  };

  return {
    enter(address) {
      const state = stateOf(addressKey(address));
      refill(state);
      if (
        state.tokens < 1 ||
        connections >= limits.connections ||
        strangers >= limits.strangers ||
        state.strangers >= limits.strangersPerAddress
      ) {
        return undefined;
      }
      state.tokens -= 1;
      state.strangers += 1;
      connections += 1;
      strangers += 1;
      let stranger = true;
      let here = true;
      const admit = (): void => {
        if (!stranger) return;
        stranger = false;
        state.strangers -= 1;
        strangers -= 1;
      };
      return {
        admit,
        leave() {
          if (!here) return;
          here = false;
          admit();
          connections -= 1;
        },
      };
    },
  };
}
