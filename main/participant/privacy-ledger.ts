/**
 * A participant's ledger in one session: charges every noised vector before it leaves, over all sessions of this identity
 * with the same data, and says when the next would go past the person's own budget.
 *
 * **The same data** is what has the same digest, or lies in the same folder, or is drawings of this machine: a folder to
 * which an image was added is another by its digest and the same by its place, so that nothing is begun anew by accident.
 * Every one of these is an account, and a vector is charged to all that it was trained on.
 *
 * Does not protect against a data folder that is brought back from a backup: what was charged since is forgotten.
 */
import type { SessionEventBody } from '../../core/contract/session-event.ts';
import {
  charge,
  type Charge,
  type LedgerEntry,
  type PrivacyBudget,
  releasesLeft,
  spentOn,
} from '../../core/privacy/ledger.ts';
import type { PrivacyPlan } from '../../core/privacy/mechanism.ts';
import { PrivacyLedgerCurve } from '../../core/privacy/accountant.ts';
import { noiseOf } from '../session/privacy-plan-event.ts';
import type { ParticipantData } from '../session/own-data.ts';
import type { Store } from '../storage/store.ts';

export type LedgerStore = Pick<Store, 'chargePrivacy' | 'privacyCharges'>;

export interface PrivacyLedgerOptions {
  readonly store: LedgerStore;
  /** Fingerprint of the own key, hexadecimal. */
  readonly identity: string;
  readonly data: Pick<ParticipantData, 'base' | 'source' | 'drawings'>;
  readonly session: string;
  readonly plan: PrivacyPlan;
  /** Largest epsilon; undefined: none. */
  readonly budget: number | undefined;
}

type Refused = Extract<Charge, { outcome: 'refused' }>;

export class PrivacyLedger {
  readonly #options: PrivacyLedgerOptions;
  readonly #accounts: readonly string[];
  readonly #budget: PrivacyBudget;

  constructor(options: PrivacyLedgerOptions) {
    this.#options = options;
    this.#accounts = accountsOf(options.data);
    this.#budget = { epsilon: options.budget ?? Infinity, delta: options.plan.delta };
  }

  /** Charged to all accounts, and on disk, when it returns; or to none, with why. */
  charge(round: number, attempt: number, vectorDigest: string): { readonly refused: Refused } | undefined {
    const { store, identity, session, plan } = this.#options;
    const entries: LedgerEntry[] = [];
    for (const dataset of this.#accounts) {
      const entry = { identity, dataset, session, round, attempt, vectorDigest, release: plan.round };
      const outcome = charge(store.privacyCharges(identity, dataset), entry, this.#budget);
      if (outcome.outcome === 'refused') return { refused: outcome };
      if (outcome.outcome === 'charged') entries.push(outcome.entry);
    }
    store.chargePrivacy(entries, new Date().toISOString());
    return undefined;
  }

  /** Epsilon of the account on which most is spent. */
  get spent(): number {
    const { store, identity, plan } = this.#options;
    return Math.max(
      ...this.#accounts.map(
        (dataset) =>
          spentOn(store.privacyCharges(identity, dataset), { identity, dataset }, plan.delta).epsilon,
      ),
    );
  }

  /** What the rounds from here on come to, for the person's screen before the first. */
  planned(roundsLeft: number): Extract<SessionEventBody, { type: 'privacy-plan' }> {
    const { store, identity, plan, budget } = this.#options;
    const charges = this.#accounts.map((dataset) => store.privacyCharges(identity, dataset));
    const epsilons = charges.map((entries) => {
      const curve = new PrivacyLedgerCurve();
      for (const { release } of entries) curve.add(release);
      return curve.add(plan.round, roundsLeft).spent(plan.delta).epsilon;
    });
    const within = this.#accounts.map((dataset, index) =>
      releasesLeft(charges[index]!, { identity, dataset }, plan.round, this.#budget, roundsLeft),
    );
    return {
      type: 'privacy-plan',
      epsilon: Math.max(...epsilons),
      ...noiseOf(plan),
      spent: this.spent,
      budget: budget ?? null,
      roundsWithin: Math.min(...within),
    };
  }
}

/** Under which names the data of a session is known. */
export function accountsOf({ base, source, drawings }: PrivacyLedgerOptions['data']): readonly string[] {
  const accounts = [`digest ${base.digest}`];
  if (typeof source === 'string' && source !== 'mnist') accounts.push(`folder ${source}`);
  if (drawings > 0) accounts.push('drawings');
  return accounts;
}
