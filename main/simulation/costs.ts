/** What a round costs: processor time and traffic, by phase of the protocol and by party. */
import type { PhaseResult } from '../../core/contract/run-result.ts';
import { threadCpuMs } from '../compute/thread-cpu-ms.ts';

export type CostPhase = PhaseResult['phase'];
export const costPhases: readonly CostPhase[] = [
  'advertise-keys',
  'share-keys',
  'masked-input',
  'statement',
  'unmask',
  'aggregate',
];

/** One party: client 1 .. n, or the coordinator as 0. */
interface Cost {
  cpuMs: number;
  bytesUp: number;
  bytesDown: number;
}

export interface CostMeter {
  /** Runs work and books its processor time (of this thread) on a party and a phase. */
  time<Result>(party: number, phase: CostPhase, work: () => Result): Result;
  /** A message from a client to the coordinator. */
  sent(client: number, phase: CostPhase, bytes: number): void;
  /** A message from the coordinator to a client. */
  received(client: number, phase: CostPhase, bytes: number): void;
  phases(): readonly PhaseResult[];
  /** Sums over the phases of each client. */
  clients(): readonly { readonly cpuMs: number; readonly bytesUp: number; readonly bytesDown: number }[];
  coordinatorMs(): number;
}

export function createCostMeter(clients: number): CostMeter {
  const fresh = (): Cost => ({ cpuMs: 0, bytesUp: 0, bytesDown: 0 });
  const costs = new Map(
    costPhases.map((phase) => [phase, Array.from({ length: clients + 1 }, fresh)] as const),
  );
  const of = (party: number, phase: CostPhase): Cost => costs.get(phase)![party]!;
  const meanOver = (phase: CostPhase, field: keyof Cost): number =>
    costs
      .get(phase)!
      .slice(1)
      .reduce((sum, cost) => sum + cost[field], 0) / clients;

  return {
    time(party, phase, work) {
      const before = threadCpuMs();
      try {
        return work();
      } finally {
        of(party, phase).cpuMs += threadCpuMs() - before;
      }
    },
    sent(client, phase, bytes) {
      of(client, phase).bytesUp += bytes;
    },
    received(client, phase, bytes) {
      of(client, phase).bytesDown += bytes;
    },
    phases: () =>
      costPhases.map((phase) => ({
        phase,
        clientMs: meanOver(phase, 'cpuMs'),
        coordinatorMs: of(0, phase).cpuMs,
        bytesUp: meanOver(phase, 'bytesUp'),
        bytesDown: meanOver(phase, 'bytesDown'),
      })),
    clients: () =>
      Array.from({ length: clients }, (_, index) => {
        const total = fresh();
        for (const phase of costPhases) {
          const cost = of(index + 1, phase);
          total.cpuMs += cost.cpuMs;
          total.bytesUp += cost.bytesUp;
          total.bytesDown += cost.bytesDown;
        }
        return total;
      }),
    coordinatorMs: () => costPhases.reduce((sum, phase) => sum + of(0, phase).cpuMs, 0),
  };
}
