/**
 * A client's own account of what it has given away: one entry for every noised vector that has left, or may have left, its
 * machine. It belongs to an identity and a data set and goes on from session to session; it is written before the
 * vector leaves, and never refunded, as nobody can take a vector back. Pure: whoever keeps the entries flushes them.
 *
 * The same noised vector, sent again in another attempt of its round, costs nothing more: at most one set of survivors per
 * round can be unmasked, so that it enters one sum. Any other vector is charged, also one for the same model.
 *
 * dataset: the digest of where the examples come from. Somebody who names the same examples differently starts an account
 * anew; protects no one against their own machine.
 */
import { FederationError } from '../errors/federation-error.ts';
import { type GaussianRound, type Spent, PrivacyLedgerCurve } from './accountant.ts';

export interface LedgerEntry {
  /** Fingerprint of the identity's key. */
  readonly identity: string;
  readonly dataset: string;
  readonly session: string;
  readonly round: number;
  /** In which it was first sent. */
  readonly attempt: number;
  /** SHA-256 of the noised vector. */
  readonly vectorDigest: string;
  readonly release: GaussianRound;
}

export interface PrivacyBudget {
  readonly epsilon: number;
  readonly delta: number;
}

export type Charge =
  /** To be added to the ledger, and flushed, before the vector leaves. */
  | { readonly outcome: 'charged'; readonly entry: LedgerEntry; readonly spent: Spent }
  | { readonly outcome: 'already-charged'; readonly spent: Spent }
  | {
      readonly outcome: 'refused';
      readonly error: FederationError<'privacy-budget-spent'>;
      readonly spent: Spent;
    };

/** What an identity has spent on a data set, over all its sessions. */
export function spentOn(
  entries: readonly LedgerEntry[],
  account: Pick<LedgerEntry, 'identity' | 'dataset'>,
  delta: number,
): Spent {
  return curveOn(entries, account).spent(delta);
}

/** What is left to do about a vector that is about to leave. spent: afterwards, or as it is where it is refused. */
export function charge(entries: readonly LedgerEntry[], entry: LedgerEntry, budget: PrivacyBudget): Charge {
  const curve = curveOn(entries, entry);
  const before = curve.spent(budget.delta);
  const known = entries.some((other) => isSameVector(other, entry));
  if (known) return { outcome: 'already-charged', spent: before };
  const spent = curve.add(entry.release).spent(budget.delta);
  return spent.epsilon <= budget.epsilon
    ? { outcome: 'charged', entry, spent }
    : { outcome: 'refused', error: budgetSpent(before, spent, budget), spent: before };
}

/** How many more such releases the budget allows, up to `most`. */
export function releasesLeft(
  entries: readonly LedgerEntry[],
  account: Pick<LedgerEntry, 'identity' | 'dataset'>,
  release: GaussianRound,
  budget: PrivacyBudget,
  most: number,
): number {
  const curve = curveOn(entries, account);
  let left = 0;
  while (left < most && curve.add(release).spent(budget.delta).epsilon <= budget.epsilon) left += 1;
  return left;
}

function curveOn(
  entries: readonly LedgerEntry[],
  { identity, dataset }: Pick<LedgerEntry, 'identity' | 'dataset'>,
): PrivacyLedgerCurve {
  const curve = new PrivacyLedgerCurve();
  for (const entry of entries) {
    if (entry.identity === identity && entry.dataset === dataset) curve.add(entry.release);
  }
  return curve;
}

function isSameVector(left: LedgerEntry, right: LedgerEntry): boolean {
  return (
    left.identity === right.identity &&
    left.dataset === right.dataset &&
    left.session === right.session &&
    left.round === right.round &&
    left.vectorDigest === right.vectorDigest
  );
}

function budgetSpent(
  before: Spent,
  after: Spent,
  { epsilon, delta }: PrivacyBudget,
): FederationError<'privacy-budget-spent'> {
  return new FederationError(
    'privacy-budget-spent',
    `Cannot send a vector, as epsilon must stay within ${epsilon} at delta ${delta}, and would be ${after.epsilon.toFixed(2)} after ${before.epsilon.toFixed(2)} so far.`,
    {
      details: { spent: before.epsilon, after: after.epsilon, budget: epsilon, delta },
      blame: 'user',
      action: 'abort',
    },
  );
}
