/** The ledgers of simulated clients: each begins the run with nothing spent, and ends with it. */
import { plannedEpsilon, type PrivacyPlan } from '../../core/privacy/mechanism.ts';
import type { RoundParameters } from '../../core/secagg/parameters.ts';
import { privacyPlanOf } from '../../core/secagg/privacy-plan.ts';

export class SimulatedBudgets {
  readonly #plan: PrivacyPlan | undefined;
  readonly #budget: number;
  /** By client: the digests of the vectors that it was charged for. */
  readonly #charged = new Map<number, Set<string>>();
  readonly #refused = new Set<number>();

  /** budget: largest epsilon of a client; Infinity without one. */
  constructor(parameters: RoundParameters, budget: number) {
    this.#plan = privacyPlanOf(parameters);
    this.#budget = budget;
  }

  /** False, and nothing charged, when one more vector would go past the budget. */
  charge(client: number, digest: string): boolean {
    const charged = this.#charged.get(client) ?? new Set();
    if (this.#plan === undefined || charged.has(digest)) return true;
    if (plannedEpsilon(this.#plan, charged.size + 1).epsilon > this.#budget) {
      this.#refused.add(client);
      return false;
    }
    this.#charged.set(client, charged.add(digest));
    return true;
  }

  /** How many clients send nothing any more. */
  get refused(): number {
    return this.#refused.size;
  }
}
