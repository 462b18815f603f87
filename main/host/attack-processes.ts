/**
 * Processes of attacks, one of them ahead of time: loading the data set and the engine takes a second, and a person who
 * presses "run" looks at an empty frame meanwhile. The spare one is kept while somebody is in the lab, and ended a while
 * after.
 */
import type { AttackStep } from '../../core/contract/attacks/attack-report.ts';
import {
  prepareAttackProcess,
  runAttackProcess,
  type RunningAttack,
  type SpareProcess,
} from '../attacks/run-attack-process.ts';
import type { AttackJob, AttackPreparation } from '../compute/channel.ts';

/** Nobody has asked for anything of the lab for so long, ms: its memory is worth more than a second. */
const idleMs = 3 * 60_000;

/** Starting a process takes this one tens of milliseconds. */
const soonMs = 300;

type Preparation = Omit<AttackPreparation, 'kind'>;

export class AttackProcesses {
  #spare: SpareProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #closed = false;

  /** Soon: whoever has just stopped an attack is answered first. */
  prepareSoon(preparation: Preparation): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => {
      this.prepare(preparation);
    }, soonMs);
    this.#soon.unref();
  }

  /** Somebody is in the lab, and may run something. */
  prepare(preparation: Preparation): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#end(), idleMs);
    this.#timer.unref();
    if (this.#fits(preparation)) return;
    void this.#end();
    this.#spare = prepareAttackProcess(preparation);
  }

  run(job: AttackJob, onSteps: (steps: readonly AttackStep[]) => void): RunningAttack {
    clearTimeout(this.#soon);
    if (!this.#fits(job)) return runAttackProcess(job, onSteps);
    const spare = this.#spare!;
    this.#spare = undefined;
    return spare.run(job, onSteps);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#soon);
    await this.#end();
  }

  #fits({ dataset, engine, background }: Preparation): boolean {
    const spare = this.#spare;
    if (spare?.waits !== true) return false;
    const { preparation } = spare;
    return (
      preparation.dataset === dataset &&
      preparation.engine === engine &&
      preparation.background === background
    );
  }

  async #end(): Promise<void> {
    const spare = this.#spare;
    this.#spare = undefined;
    await spare?.end();
  }
}
