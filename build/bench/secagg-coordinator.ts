/** The coordinator of the secagg benchmark, in a process of its own: its time and its memory are nobody else's. */
import { importIdentity } from '../../core/crypto/rsa.ts';
import { coordinatorStep, createCoordinator } from '../../core/secagg/coordinator.ts';
import type { CoordinatorEnvironment, CoordinatorEvent } from '../../core/secagg/coordinator-events.ts';
import type { CoordinatorState } from '../../core/secagg/coordinator-state.ts';
import { createEpoch } from '../../core/secagg/epoch.ts';
import { identitySigner } from '../../core/secagg/roster.ts';
import { memoryOf } from '../process-memory.ts';
import type { FromCoordinator, ToCoordinator } from './secagg-channel.ts';
import { threadCpuMs } from './table.ts';

let state: CoordinatorState = createCoordinator();
let environment: CoordinatorEnvironment | undefined;
let cpuMs = 0;

function step(event: CoordinatorEvent): FromCoordinator {
  if (environment === undefined) throw new Error('the epoch was not opened');
  const before = threadCpuMs();
  const { state: next, effects } = coordinatorStep(state, event, environment);
  cpuMs += threadCpuMs() - before;
  state = next;
  const sends = effects.filter((effect) => effect.kind === 'send');
  const awaited = effects.findLast((effect) => effect.kind === 'await')?.phase;
  const aggregate = effects.find((effect) => effect.kind === 'aggregate')?.aggregate;
  const aborted = effects.find((effect) => effect.kind === 'abort')?.error;
  return {
    sends: sends.map(({ to, bytes }) => ({ to, bytes })),
    refused: effects.filter((effect) => effect.kind === 'refused').map(({ reason }) => reason),
    ...(awaited ? { awaited } : {}),
    ...(aggregate?.sum instanceof Int32Array
      ? { sum: { survivors: aggregate.u3.length, values: aggregate.sum } }
      : {}),
    ...(aborted ? { aborted: 'reason' in aborted.details ? aborted.details.reason : aborted.code } : {}),
  };
}

function answer(message: ToCoordinator): FromCoordinator {
  switch (message.kind) {
    case 'open': {
      const { roster, parameters, nonces, privateKey, modelHash } = message;
      const signer = identitySigner(0, importIdentity(privateKey));
      environment = { epoch: createEpoch(roster, parameters, nonces), signer };
      return step({ kind: 'begin', round: 1, model: { hash: modelHash, weights: new Uint8Array(0) } });
    }
    case 'message':
    case 'timeout':
      return step(message);
    case 'report':
      return {
        sends: [],
        refused: [],
        costs: { cpuMs, peakMegabytes: memoryOf(process.pid).peakMegabytes },
      };
  }
}

process.on('message', (message: ToCoordinator) => {
  process.send?.(answer(message));
});
process.on('disconnect', () => process.exit());
