/**
 * One attack, seen from outside of its process. It is given up by ending the process, so that nothing that the attack
 * does can be in the way of that.
 */
import type { AttackStep } from '../../core/contract/attacks/attack-report.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import { type AttackDone, type AttackJob, fromPlainError } from '../compute/channel.ts';
import { startComputeProcess } from '../compute/compute-process.ts';

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

export function runAttackProcess(
  job: AttackJob,
  onSteps: (steps: readonly AttackStep[]) => void,
): RunningAttack {
  const { promise: done, resolve, reject } = Promise.withResolvers<AttackDone>();
  let isOver = false;
  const end = (settle: () => void): void => {
    if (isOver) return;
    isOver = true;
    settle();
    process.kill();
  };
  const process = startComputeProcess((message) => {
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
  });
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

function attackDied(reason: string): FederationError<'attack-died'> {
  return new FederationError(
    'attack-died',
    `Cannot finish the attack, as its process ended (${reason}). Free some memory, then try again.`,
    { details: { reason }, blame: 'machine', action: 'retry' },
  );
}
