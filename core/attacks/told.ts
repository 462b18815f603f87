/** Work that yields how far it is, 0 .. 1, as a stretch of an attack's progress. */
import type { AttackProgress } from '../contract/attacks/attack-report.ts';

/** Where in the whole the work stands: from .. to of 0 .. 1. */
export interface Stretch {
  readonly stage: string;
  readonly from: number;
  readonly to: number;
  readonly figures?: Readonly<Record<string, number>>;
}

export function progressAt({ stage, from, to, figures = {} }: Stretch, done: number): AttackProgress {
  return { kind: 'progress', done: from + (to - from) * Math.min(Math.max(done, 0), 1), stage, figures };
}

export function* told<Result>(
  work: Generator<number, Result, void>,
  stretch: Stretch,
): Generator<AttackProgress, Result, void> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    yield progressAt(stretch, step.value);
  }
}

export function toldLater<Result>(
  work: AsyncGenerator<number, Result, void>,
  stretch: Stretch,
): AsyncGenerator<AttackProgress, Result, void> {
  return toldBy(work, (done) => progressAt(stretch, done));
}

/** Work that yields anything, each of it told as a step. */
export async function* toldBy<Value, Step, Result>(
  work: AsyncGenerator<Value, Result, void> | Generator<Value, Result, void>,
  tell: (value: Value) => Step,
): AsyncGenerator<Step, Result, void> {
  for (;;) {
    const next = await work.next();
    if (next.done === true) return next.value;
    yield tell(next.value);
  }
}
