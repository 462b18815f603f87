/** The messages of one real round, the first of each type: what the wire benchmark measures. */
import { runSettingsSchema } from '../../core/contract/run-settings.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import { randomStream } from '../../core/random/stream.ts';
import { clientStep, createClient } from '../../core/secagg/client.ts';
import type { ClientEvent } from '../../core/secagg/client-events.ts';
import { nothingStored } from '../../core/secagg/client-session.ts';
import { modelHash } from '../../core/secagg/context.ts';
import { coordinatorStep, createCoordinator } from '../../core/secagg/coordinator.ts';
import type { CoordinatorEvent } from '../../core/secagg/coordinator-events.ts';
import type { Epoch } from '../../core/secagg/epoch.ts';
import { defaultFloors } from '../../core/secagg/floors.ts';
import { planParameters } from '../../core/secagg/plan-parameters.ts';
import { quantise } from '../../core/secagg/quantise.ts';
import { peekType, type Signer } from '../../core/wire/envelope.ts';
import type { MessageType } from '../../core/wire/messages.ts';
import { openSimulatedEpoch } from '../../main/simulation/simulated-epoch.ts';

export interface CapturedRound {
  readonly epoch: Epoch;
  /** The coordinator's first. */
  readonly signers: readonly Signer[];
  /** In the order in which their types were first sent. */
  readonly messages: ReadonlyMap<MessageType, Uint8Array>;
}

/** A round of `clients` clients and a model of `parameterCount` parameters, every protection on, without training. */
export async function captureRound(clients: number, parameterCount: number): Promise<CapturedRound> {
  const settings = runSettingsSchema.parse({ clients });
  const parameters = planParameters(settings, { parameterCount, largestCount: 3_000 });
  const { epoch, signers } = await openSimulatedEpoch(parameters, settings.rsaBits, () => undefined);
  const stream = randomStream(1, 'bench');
  const update = Float32Array.from({ length: parameterCount }, () => (stream.nextFloat() - 0.5) * 0.01);
  const { vector } = quantise({ update, weight: 3_000, loss: 0.5, accuracy: 0.9 }, parameters, stream);
  const architecture = new Uint8Array(0);
  const weights = systemRandom.bytes(4 * parameterCount);
  const model = { hash: modelHash(architecture, weights), weights };

  const messages = new Map<MessageType, Uint8Array>();
  const queue: (() => void)[] = [];
  const keep = (bytes: Uint8Array): void => {
    const type = peekType(bytes);
    if (type.ok && !messages.has(type.value)) messages.set(type.value, bytes);
  };
  let coordinator = createCoordinator();
  const seats = epoch.everyone.map((client) => {
    const environment = { epoch, client, signer: signers[client]!, random: systemRandom, architecture };
    return { environment, state: createClient(environment, defaultFloors, nothingStored).state };
  });
  const stepClient = (client: number, event: ClientEvent): void => {
    const seat = seats[client - 1]!;
    const { state, effects } = clientStep(seat.state, event, seat.environment);
    seat.state = state;
    for (const effect of effects) {
      if (effect.kind === 'train') {
        const { round } = effect;
        queue.push(() => stepClient(client, { kind: 'vector', round, vector }));
      }
      if (effect.kind !== 'send') continue;
      const { bytes } = effect;
      keep(bytes);
      queue.push(() => stepCoordinator({ kind: 'message', from: client, bytes }));
    }
  };
  const stepCoordinator = (event: CoordinatorEvent): void => {
    const { state, effects } = coordinatorStep(coordinator, event, { epoch, signer: signers[0]! });
    coordinator = state;
    for (const effect of effects) {
      if (effect.kind !== 'send') continue;
      keep(effect.bytes);
      for (const client of effect.to)
        queue.push(() => stepClient(client, { kind: 'message', bytes: effect.bytes }));
    }
  };
  const settle = (): void => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) next();
  };
  stepCoordinator({ kind: 'begin', round: 1, model });
  settle();
  stepCoordinator({ kind: 'publish', model });
  settle();
  return { epoch, signers, messages };
}
