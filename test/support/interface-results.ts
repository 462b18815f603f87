/** Past runs on a machine's disk before it is started: made up, but kept and shown as real ones are. */
import type { RunResult } from '../../core/contract/run-result.ts';
import { sampleComparison, sampleSimulation } from '../main/report/sample-results.ts';
import type { Room } from './interface-machines.ts';

export interface KeptRun {
  readonly title: string;
  readonly result: RunResult;
}

export async function keepRuns(room: Room, name: string, runs: readonly KeptRun[]): Promise<void> {
  const store = await room.store(name);
  for (const { title, result } of runs) store.saveExperiment(result, title);
  store.close();
}

const day = 24 * 60 * 60_000;

function daysAgo<Result extends RunResult>(result: Result, days: number): Result {
  const startedAt = new Date(Date.now() - days * day).toISOString();
  return result.kind === 'comparison'
    ? { ...result, startedAt, simulation: { ...result.simulation, startedAt } }
    : { ...result, startedAt };
}

/** The reference experiment, and what people try after it. */
export function someRuns(): readonly KeptRun[] {
  return [
    { title: 'Reference experiment', result: daysAgo(sampleComparison(), 0.01) },
    {
      title: 'Six leave in every round',
      result: daysAgo(sampleSimulation({ settings: { drop: 0.3, seed: 7 } }), 2),
    },
    {
      title: 'No protection',
      result: daysAgo(sampleSimulation({ settings: { masks: false, signatures: false } }), 5),
    },
    {
      title: '<img src=x onerror=alert(1)><b class="smuggled">bold</b>',
      result: daysAgo(sampleSimulation({ settings: { partition: 'dirichlet:0.1', seed: 3 } }), 6),
    },
    {
      title: 'Aborted early',
      result: daysAgo(sampleSimulation({ roundsDone: 2, ended: 'too-few-clients' }), 9),
    },
    {
      title: 'Aborted at once',
      result: daysAgo(sampleSimulation({ roundsDone: 0, ended: 'too-few-clients' }), 9),
    },
  ];
}

export function manyRuns(count: number): readonly KeptRun[] {
  return Array.from({ length: count }, (_, index) => ({
    title: `Run number ${index + 1}`,
    result: daysAgo(sampleSimulation({ settings: { seed: index + 1 } }), index + 1),
  }));
}
