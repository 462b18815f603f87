/**
 * One attack, seen from outside of its process. It is given up by ending the process, so that nothing that the attack
 * does can be in the way of that.
 */
import type { AttackStep } from '../../core/contract/attacks/attack-report.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import {
  type AttackDone,
  type AttackJob,
  type AttackPreparation,
  type FromProcess,
  fromPlainError,
} from '../compute/channel.ts';
import { type ComputeProcess, startComputeProcess } from '../compute/compute-process.ts';

export interface RunningAttack {
  /** undefined before it has started. */
  readonly pid: number | undefined;
  /**
   * What it found. Rejects with what loading or the attack threw, with FederationError 'attack-died' where its process
   * ended by itself, and with AttackStopped after stop().
   */
  readonly done: Promise<AttackDone>;
  /** At once. Resolves when the process has ended. */
  stop(): Promise<void>;
}

export class AttackStopped extends Error {
  override readonly name = 'AttackStopped';
}

/** A process that waits for an attack, with all that any needs loaded. */
export interface SpareProcess {
  /** For what it was prepared. */
  readonly preparation: Omit<AttackPreparation, 'kind'>;
  /** False once it has ended, or has been given its attack. */
  readonly waits: boolean;
  /** Once. */
  run(job: AttackJob, onSteps: OnSteps): RunningAttack;
  end(): Promise<void>;
}

type OnSteps = (steps: readonly AttackStep[]) => void;

export function runAttackProcess(job: AttackJob, onSteps: OnSteps): RunningAttack {
  return new AttackProcess().run(job, onSteps);
}

export function prepareAttackProcess(preparation: Omit<AttackPreparation, 'kind'>): SpareProcess {
  const process = new AttackProcess();
  process.prepare(preparation);
  return {
    preparation,
    get waits() {
      return process.waits;
    },
    run: (job, onSteps) => process.run(job, onSteps),
    end: () => process.end(),
  };
}

class AttackProcess {
  readonly #process: ComputeProcess;
  #onMessage: ((message: FromProcess) => void) | undefined;
  #hasEnded = false;

  constructor() {
    this.#process = startComputeProcess((message) => this.#onMessage?.(message));
    void this.#process.ended.then(() => {
      this.#hasEnded = true;
    });
  }

  get waits(): boolean {
    return !this.#hasEnded && this.#onMessage === undefined;
  }

  prepare(preparation: Omit<AttackPreparation, 'kind'>): void {
    this.#process.send({ kind: 'prepare-attack', ...preparation });
  }

  async end(): Promise<void> {
    this.#process.kill();
    await this.#process.ended;
  }

  run(job: AttackJob, onSteps: OnSteps): RunningAttack {
    const { promise: done, resolve, reject } = Promise.withResolvers<AttackDone>();
    const process = this.#process;
    let isOver = false;
    const end = (settle: () => void): void => {
      if (isOver) return;
      isOver = true;
      settle();
      process.kill();
    };
    this.#onMessage = (message) => {
      if (isOver) return;
      switch (message.kind) {
        case 'attack-steps':
          onSteps(message.steps);
          return;
        case 'attack-done':
          end(() => {
            resolve(message);
          });
          return;
        case 'attack-failed':
          end(() => {
            reject(fromPlainError(message.error));
          });
          return;
        default:
          // a pool's
          return;
      }
    };
    process.send(job);
    void process.ended.then((how) => {
      end(() => {
        reject(attackDied(how));
      });
    });
    // whoever stops it need not wait for it
    done.catch(() => undefined);
    return {
      get pid() {
        return process.pid;
      },
      done,
      async stop() {
        end(() => {
          reject(new AttackStopped('the attack was stopped'));
        });
        await process.ended;
      },
    };
  }
}

function attackDied(reason: string): FederationError<'attack-died'> {
  return new FederationError(
    'attack-died',
    `Cannot finish the attack, as its process ended (${reason}). Free some memory, then try again.`,
    { details: { reason }, blame: 'machine', action: 'retry' },
  );
}
