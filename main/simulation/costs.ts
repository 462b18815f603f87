/** What a round costs: processor time and traffic, by phase of the protocol and by party. */
import { costPhases, type CostPhase, type PhaseResult } from '../../core/contract/run-result.ts';
import { peekType } from '../../core/wire/envelope.ts';
import { messageTypes } from '../../core/wire/messages.ts';
import { threadCpuMs } from '../compute/thread-cpu-ms.ts';

export type { CostPhase };

/** The phase that a message's costs count to: what comes after unmasking, and what nobody can read, to 'aggregate'. */
export function costPhaseOf(bytes: Uint8Array): CostPhase {
  const type = peekType(bytes);
  const phase = type.ok ? messageTypes[type.value].phase : 'aggregate';
  return phase === 'session' ? 'aggregate' : phase;
}

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
  /** By phase, the means over the clients named, such as those that finished the round; over all by default. */
  phases(clients?: readonly number[]): readonly PhaseResult[];
  /** Sums over the phases, of each client named. */
  clients(clients?: readonly number[]): readonly Readonly<Cost>[];
  coordinatorMs(): number;
}

export function createCostMeter(clients: number): CostMeter {
  const fresh = (): Cost => ({ cpuMs: 0, bytesUp: 0, bytesDown: 0 });
  const costs = new Map(
    costPhases.map((phase) => [phase, Array.from({ length: clients + 1 }, fresh)] as const),
  );
  const of = (party: number, phase: CostPhase): Cost => costs.get(phase)![party]!;
  const everyone = Array.from({ length: clients }, (_, index) => index + 1);
  const meanOver = (counted: readonly number[], phase: CostPhase, field: keyof Cost): number =>
    counted.reduce((sum, client) => sum + of(client, phase)[field], 0) / Math.max(1, counted.length);

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
    phases: (counted = everyone) =>
      costPhases.map((phase) => ({
        phase,
        clientMs: meanOver(counted, phase, 'cpuMs'),
        coordinatorMs: of(0, phase).cpuMs,
        bytesUp: meanOver(counted, phase, 'bytesUp'),
        bytesDown: meanOver(counted, phase, 'bytesDown'),
      })),
    clients: (counted = everyone) =>
      counted.map((client) => {
        const total = fresh();
        for (const phase of costPhases) {
          const cost = of(client, phase);
          total.cpuMs += cost.cpuMs;
          total.bytesUp += cost.bytesUp;
          total.bytesDown += cost.bytesDown;
        }
        return total;
      }),
    coordinatorMs: () => costPhases.reduce((sum, phase) => sum + of(0, phase).cpuMs, 0),
  };
}

/** Of values that are not negative; 0 where there are none. */
export function meanAndMax(values: readonly number[]): { readonly mean: number; readonly max: number } {
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length),
    max: Math.max(0, ...values),
  };
}
