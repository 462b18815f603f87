/** How far an attack of several stages is, as one number. */
import type { AttackProgress } from '../contract/attacks/attack-report.ts';

/** done: 0 .. 1, of that stage. */
export type TellStage = (stage: string, done: number, figures?: AttackProgress['figures']) => AttackProgress;

/** Stages in their order, with the time that each takes in proportion to the others. */
export function stagesOf(times: Readonly<Record<string, number>>): TellStage {
  const total = Object.values(times).reduce((sum, time) => sum + time, 0);
  const starts = new Map<string, number>();
  let start = 0;
  for (const [stage, time] of Object.entries(times)) {
    starts.set(stage, start);
    start += time;
  }
  return (stage, done, figures = {}) => {
    const from = starts.get(stage);
    if (from === undefined) throw new RangeError(`there is no stage ${stage}`);
    return { kind: 'progress', stage, done: (from + done * times[stage]!) / total, figures };
  };
}
