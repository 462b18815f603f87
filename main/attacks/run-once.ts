/** One attack from its request to its report, where nobody but the caller watches. */
import type { AttackReport, AttackStep } from '../../core/contract/attacks/attack-report.ts';
import type { AttackRequest } from '../../core/contract/attacks/attack-request.ts';
import type { EngineChoice } from '../../core/contract/engines.ts';
import { foldAttack, openAttack } from '../../core/watching/attack-view.ts';
import type { SpeedsOfMachine } from '../compute/engine-speeds.ts';
import { attackJob, type ChosenTarget } from './material.ts';
import { attackReport } from './report.ts';
import { runAttackProcess } from './run-attack-process.ts';

export interface RunOnceOptions {
  readonly request: AttackRequest;
  /** With defaults filled in. */
  readonly settings: AttackRequest['settings'];
  readonly target: ChosenTarget;
  /** undefined: whatever is fastest. */
  readonly engine: EngineChoice | undefined;
  /** undefined: engines are taken to be as fast as they usually are. */
  readonly speeds: SpeedsOfMachine | undefined;
  readonly version: string;
  /** Cancels at once. */
  readonly signal: AbortSignal;
  readonly onStep?: (step: AttackStep) => void;
}

/** Rejects as a RunningAttack's `done` does, with AttackStopped where it was cancelled. */
export async function runAttackOnce(options: RunOnceOptions): Promise<AttackReport> {
  const { request, settings, target, engine, speeds, version, signal, onStep } = options;
  let view = openAttack('', request);
  const startedAt = new Date().toISOString();
  const running = runAttackProcess(
    {
      ...attackJob(request, settings, target),
      dataset: target.dataset,
      engine,
      speeds,
      background: false,
    },
    (steps) => {
      for (const step of steps) {
        view = foldAttack(view, step);
        onStep?.(step);
      }
    },
  );
  const stop = (): void => void running.stop();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const done = await running.done;
    return attackReport(
      { request, settings, description: target.description, version, startedAt },
      view,
      done,
    );
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
