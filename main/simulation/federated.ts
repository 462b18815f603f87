/**
 * Federated training on one machine: the room's machines run the protocol, compute processes train for the clients,
 * the coordinator averages and evaluates. Training of a round starts as soon as the model is announced, while the keys
 * are being agreed on, so that the cores never wait for the protocol.
 */
import {
  isUnusual,
  type ProtocolEvent,
  type RoundResult,
  type SimulationResult,
  type UnusualEvent,
} from '../../core/contract/run-result.ts';
import type { FederationError } from '../../core/errors/federation-error.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import { classificationMetrics, reachesTarget } from '../../core/fedavg/metrics.ts';
import { applyMeanUpdate, initialServerState } from '../../core/fedavg/server-optimiser.ts';
import { initialWeights } from '../../core/model/initial-weights.ts';
import { modelSha256 } from '../../core/model/model-hash.ts';
import { randomStream, streamState } from '../../core/random/stream.ts';
import { createClient } from '../../core/secagg/client.ts';
import { nothingStored } from '../../core/secagg/client-session.ts';
import type { InputVector } from '../../core/secagg/client-events.ts';
import { modelHash } from '../../core/secagg/context.ts';
import { createCoordinator } from '../../core/secagg/coordinator.ts';
import type { Aggregate, Model } from '../../core/secagg/coordinator-events.ts';
import { floatVector, readFloatSum } from '../../core/secagg/float-vector.ts';
import { defaultFloors } from '../../core/secagg/floors.ts';
import type { RoundParameters } from '../../core/secagg/parameters.ts';
import { planParameters } from '../../core/secagg/plan-parameters.ts';
import {
  type AggregatedUpdate,
  clientWeight,
  dequantise,
  quantise,
  unselectedVector,
} from '../../core/secagg/quantise.ts';
import type { TrainingReport } from '../compute/pool.ts';
import { createCostMeter, type CostMeter } from './costs.ts';
import { CancelledError, TrainingMeter, type OnProgress } from './progress.ts';
import { createRoom, type AttemptOutcome, type RefusedMessage, type Room, type Vanishing } from './room.ts';
import { isExactSum, quantisationError, type RoundInput } from './round-inputs.ts';
import { openSimulatedEpoch } from './simulated-epoch.ts';
import { drawVanishing } from './vanishing.ts';
import { describeEnvironment, describeWorkbench, type Workbench } from './workbench.ts';

/** Attempts at one round before the run ends: whoever vanished is back in each. */
const mostAttempts = 3;

export interface RunOptions {
  readonly version: string;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/** Parameters of the run, planned from its settings and what they brought. Throws 'invalid-setting'. */
export function planRun(bench: Workbench): RoundParameters {
  return planParameters(bench.settings, {
    parameterCount: bench.parameterCount,
    largestCount: Math.max(...bench.parts.map((part) => part.length)),
    datasetDigest: bench.dataset.digest,
  });
}

/**
 * Runs all rounds. Cancelled after a round, it returns what is finished; before that it throws CancelledError. Throws
 * FederationError when training itself fails.
 */
export async function runFederated(bench: Workbench, options: RunOptions): Promise<SimulationResult> {
  return new Federation(bench, planRun(bench), options).run();
}

type Ended = Pick<SimulationResult, 'ended'>;

class Federation {
  readonly #bench: Workbench;
  readonly #parameters: RoundParameters;
  readonly #options: RunOptions;
  readonly #startedAt = performance.now();
  readonly #events: UnusualEvent[] = [];
  readonly #rounds: RoundResult[] = [];
  #weights: Float32Array<ArrayBuffer>;
  #serverState;
  #trainingCpuMs = 0;
  // of the round under way
  #inputs = new Map<number, RoundInput>();
  #refused: RefusedMessage[] = [];
  #training = new Map<number, Promise<TrainingReport>>();
  #meter: TrainingMeter | undefined;
  #trainedAt = 0;

  constructor(bench: Workbench, parameters: RoundParameters, options: RunOptions) {
    this.#bench = bench;
    this.#parameters = parameters;
    this.#options = options;
    this.#weights = Float32Array.from(initialWeights(bench.topology, bench.settings.seed));
    this.#serverState = initialServerState(parameters.serverOptimiser, bench.parameterCount);
  }

  async run(): Promise<SimulationResult> {
    const startedAt = new Date().toISOString();
    const room = await this.#openRoom();
    let end: Ended = {};
    for (let round = 1; round <= this.#parameters.rounds && end.ended === undefined; round += 1) {
      try {
        end = await this.#round(room, round);
      } catch (error) {
        if (!this.#options.signal.aborted) throw error;
        if (this.#rounds.length === 0) throw new CancelledError('cancelled before the first round ended');
        end = { ended: 'cancelled' };
      }
    }
    return this.#result(startedAt, end);
  }

  async #openRoom(): Promise<Room> {
    const { settings, architecture } = this.#bench;
    const { onProgress } = this.#options;
    const { epoch, signers, words } = await openSimulatedEpoch(
      this.#parameters,
      settings.rsaBits,
      (done, total) => {
        onProgress({ kind: 'identities', done, total });
      },
    );
    onProgress({ kind: 'words', words });
    const [coordinatorSigner, ...clientSigners] = signers;
    const floors = {
      ...defaultFloors,
      demonstration: this.#parameters.demonstration,
      tolerate: settings.tolerate,
    };
    const coordinatorEnvironment = { epoch, signer: coordinatorSigner! };
    return createRoom({
      coordinator: { state: createCoordinator(), environment: coordinatorEnvironment },
      clients: clientSigners.map((signer, index) => {
        const environment = { epoch, client: index + 1, signer, random: systemRandom, architecture };
        return { state: createClient(environment, floors, nothingStored).state, environment };
      }),
      train: (client, costs) => this.#makeVector(client, costs),
      observer: {
        event: (event) => {
          this.#note(event);
        },
        refused: (refused) => this.#refused.push(refused),
      },
    });
  }

  /** A result keeps what was unusual: what everyone does in every round is in the rounds' counts. */
  #note(event: ProtocolEvent): void {
    if (isUnusual(event)) this.#events.push(event);
    this.#options.onProgress({ kind: 'protocol', event });
  }

  /** One round, all its attempts. Says how the run ended, if it did. */
  async #round(room: Room, round: number): Promise<Ended> {
    const { settings, parts } = this.#bench;
    const startedAt = performance.now();
    const costs = createCostMeter(settings.clients);
    this.#options.onProgress({ kind: 'round-started', round, rounds: this.#parameters.rounds });
    this.#inputs = new Map();
    this.#refused = [];
    this.#training = new Map();
    this.#trainedAt = startedAt;
    const total = parts.reduce((sum, part) => sum + part.length, 0) * settings.epochs;
    this.#meter = new TrainingMeter(
      `Round ${round} of ${this.#parameters.rounds}`,
      total,
      this.#options.onProgress,
    );

    const dropped = new Set<number>();
    let outcome: AttemptOutcome;
    let attempt = 0;
    do {
      attempt += 1;
      const vanishing = drawVanishing(settings, round, attempt);
      for (const client of vanishing.keys()) dropped.add(client);
      this.#startTraining(round, vanishing);
      const start =
        attempt === 1
          ? ({ kind: 'begin', round, model: this.#model(true) } as const)
          : ({ kind: 'retry' } as const);
      outcome = await room.attempt(start, vanishing, costs);
    } while (outcome.kind === 'abort' && outcome.retry !== 'burnt' && attempt < mostAttempts);
    const trainMs = this.#trainedAt - startedAt;
    if (outcome.kind === 'abort') return { ended: abortReason(outcome.error) };

    const { aggregate } = outcome;
    this.#addUnselected(aggregate);
    const { update, checks } = this.#readAggregate(aggregate, costs);
    room.publish(this.#model(false), costs);
    const evaluationStartedAt = performance.now();
    const evaluation = await this.#evaluate();
    const now = performance.now();
    const clients = costs.clients();
    const result: RoundResult = {
      round,
      attempts: attempt,
      accuracy: evaluation.accuracy,
      f1Weighted: evaluation.f1Weighted,
      loss: evaluation.loss,
      clients: {
        advertised: aggregate.u1.length,
        shared: aggregate.u2.length,
        masked: aggregate.u3.length,
        unmasked: aggregate.u4.length,
      },
      dropped: [...dropped].sort((left, right) => left - right),
      refused: this.#refused,
      ...checks,
      clippedRate: update.clippedShare,
      bytesUpPerClient: meanAndMax(clients.map(({ bytesUp }) => bytesUp)),
      bytesDownPerClient: meanAndMax(clients.map(({ bytesDown }) => bytesDown)),
      ms: {
        train: trainMs,
        client: meanAndMax(clients.map(({ cpuMs }) => cpuMs)).mean,
        coordinator: costs.coordinatorMs(),
        evaluate: now - evaluationStartedAt,
        total: now - startedAt,
      },
      phases: costs.phases(),
      confusion: evaluation.confusion,
      reported: {
        loss: update.loss,
        accuracy: update.accuracy,
        examples: update.weightSum,
        selected: update.selected,
      },
    };
    this.#rounds.push(result);
    this.#options.onProgress({ kind: 'round-finished', result });
    return reachesTarget(result.accuracy, settings.target) ? { ended: 'target' } : {};
  }

  /** Where coins decide, whoever is in U3 without having trained was left out by its own coin: it sent zeros. */
  #addUnselected({ u3 }: Aggregate): void {
    if (this.#parameters.fraction === 1) return;
    const update = new Float32Array(this.#bench.parameterCount);
    const vector = unselectedVector(this.#parameters);
    for (const client of u3)
      if (!this.#inputs.has(client)) this.#inputs.set(client, { update, weight: 0, vector });
  }

  /** The coordinator's part after unmasking, and the checks that only a simulation can make. */
  #readAggregate(
    aggregate: Aggregate,
    costs: CostMeter,
  ): {
    readonly update: AggregatedUpdate;
    readonly checks: Pick<RoundResult, 'exactSum' | 'quantisationError'>;
  } {
    const parameters = this.#parameters;
    const { sum } = aggregate;
    const update = costs.time(0, 'aggregate', () => {
      const read =
        sum instanceof Int32Array
          ? dequantise(sum, parameters)
          : readFloatSum(sum, parameters.parameterCount, parameters.weightCap);
      if (read.meanUpdate) {
        const step = applyMeanUpdate(
          parameters.serverOptimiser,
          this.#serverState,
          this.#weights,
          read.meanUpdate,
        );
        this.#weights = step.weights;
        this.#serverState = step.state;
      }
      return read;
    });
    return {
      update,
      checks: {
        exactSum: isExactSum(aggregate, this.#inputs, parameters.bits),
        quantisationError: parameters.quantisation
          ? quantisationError(update.meanUpdate, aggregate, this.#inputs, parameters)
          : null,
      },
    };
  }

  /** Where coins decide who trains, only the client itself knows: then training waits for it to ask. */
  #startTraining(round: number, vanishing: Vanishing): void {
    if (this.#parameters.fraction < 1) return;
    for (let client = 1; client <= this.#parameters.clients; client += 1) {
      const phase = vanishing.get(client);
      const trains = phase === undefined || phase === 'statement' || phase === 'unmask';
      if (trains && !this.#inputs.has(client)) void this.#trained(client, round).catch(() => undefined);
    }
  }

  #trained(client: number, round: number): Promise<TrainingReport> {
    const running = this.#training.get(client);
    if (running) return running;
    const { settings, parts, pool } = this.#bench;
    const report = pool.train(
      {
        weights: this.#weights,
        indices: parts[client - 1]!,
        epochs: settings.epochs,
        batchSize: settings.batch,
        optimiser: this.#parameters.optimiser,
        proximalMu: settings.prox,
        shuffleState: streamState(settings.seed, 'shuffle', client, round),
        dropoutState: streamState(settings.seed, 'dropout', client, round),
      },
      {
        signal: this.#options.signal,
        onProgress: ({ examplesDone }) => this.#meter?.update(client, examplesDone),
      },
    );
    this.#training.set(client, report);
    return report;
  }

  /** A client's local training and quantisation. */
  async #makeVector(client: number, costs: CostMeter): Promise<InputVector> {
    const { settings } = this.#bench;
    const parameters = this.#parameters;
    const round = this.#rounds.length + 1;
    const { result, cpuMs } = await this.#trained(client, round);
    this.#trainingCpuMs += cpuMs;
    this.#trainedAt = performance.now();
    const before = this.#weights;
    const input = costs.time(client, 'masked-input', () => {
      const update = result.weights.map((value, index) => value - before[index]!);
      const weight = clientWeight(result.examples, parameters.weights, parameters.weightCap);
      const contribution = { update, weight, loss: result.loss, accuracy: result.accuracy };
      const vector = parameters.quantisation
        ? quantise(contribution, parameters, randomStream(settings.seed, 'rounding', client, round)).vector
        : floatVector(contribution, parameters.weightCap);
      return { update, weight, vector };
    });
    this.#inputs.set(client, input);
    return input.vector;
  }

  async #evaluate(): Promise<{
    readonly accuracy: number;
    readonly f1Weighted: number;
    readonly loss: number;
    readonly confusion: readonly number[];
  }> {
    const { lossSum, confusion, count } = await this.#bench.pool.evaluate(this.#weights, {
      signal: this.#options.signal,
    });
    const { accuracy, f1Weighted } = classificationMetrics(confusion);
    return { accuracy, f1Weighted, loss: lossSum / count, confusion: [...confusion] };
  }

  #model(withWeights: boolean): Model {
    const weights = new Uint8Array(this.#weights.buffer);
    return {
      hash: modelHash(this.#bench.architecture, weights),
      weights: withWeights ? weights : new Uint8Array(0),
    };
  }

  async #result(startedAt: string, end: Ended): Promise<SimulationResult> {
    const parameters = this.#parameters;
    const last = this.#rounds.at(-1) ?? (await this.#evaluate());
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const environment = describeEnvironment(this.#options.version);
    return {
      kind: 'simulation',
      startedAt,
      seconds,
      settings: this.#bench.settings,
      resolved: {
        threshold: parameters.threshold,
        graph: parameters.graph,
        neighbours: parameters.neighbours,
        neighbourThreshold: parameters.neighbourThreshold,
        bits: parameters.bits,
        scale: parameters.scale,
        clipBound: parameters.clipBound,
      },
      ...describeWorkbench(this.#bench),
      environment,
      rounds: this.#rounds,
      events: this.#events,
      ...end,
      trainingShare: this.#trainingCpuMs / 1000 / (environment.cores * seconds),
      final: {
        accuracy: last.accuracy,
        f1Weighted: last.f1Weighted,
        modelSha256: modelSha256(this.#bench.topology, this.#weights),
      },
    };
  }
}

function abortReason(error: FederationError): string {
  return 'reason' in error.details ? error.details.reason : error.code;
}

function meanAndMax(values: readonly number[]): { readonly mean: number; readonly max: number } {
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    max: Math.max(...values),
  };
}
