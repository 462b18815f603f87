/**
 * Training of a simulated round's clients in the compute processes, as early as possible: when nobody's coin decides,
 * all who will send a vector start as soon as the model is there, while the keys are being agreed on, so that the cores
 * never wait for the protocol.
 */
import {
  leftOutVector,
  localTrainingTask,
  localUpdate,
  type NoisedTurn,
} from '../../core/fedavg/local-update.ts';
import type { InputVector } from '../../core/secagg/client-events.ts';
import { privacyPlanOf } from '../../core/secagg/privacy-plan.ts';
import { unselectedVector } from '../../core/secagg/quantise.ts';
import type { TrainingReport } from '../compute/pool.ts';
import type { CostMeter } from './costs.ts';
import { TrainingMeter, type OnProgress } from './progress.ts';
import type { Vanishing } from './room.ts';
import type { RoundInput, RoundInputs } from './round-inputs.ts';
import type { Workbench } from './workbench.ts';

export class LocalTraining {
  readonly #bench: Workbench;
  readonly #round: number;
  /** [d], where training starts. */
  readonly #weights: Float32Array;
  readonly #signal: AbortSignal;
  readonly #meter: TrainingMeter;
  readonly #inputs = new Map<number, RoundInput>();
  readonly #running = new Map<number, Promise<TrainingReport>>();
  #cpuMs = 0;
  #endedAt = performance.now();

  constructor(
    bench: Workbench,
    round: number,
    weights: Float32Array,
    { onProgress, signal }: { readonly onProgress: OnProgress; readonly signal: AbortSignal },
  ) {
    this.#bench = bench;
    this.#round = round;
    this.#weights = weights;
    this.#signal = signal;
    const examples = bench.parts.reduce((sum, part) => sum + part.length, 0) * bench.parameters.epochs;
    this.#meter = new TrainingMeter('round', examples, onProgress);
  }

  /** What the clients put in so far. */
  get inputs(): RoundInputs {
    return this.#inputs;
  }

  /** Processor time of the steps whose results were used, ms. */
  get cpuMs(): number {
    return this.#cpuMs;
  }

  /** When the last client had trained, on the clock of performance.now(). */
  get endedAt(): number {
    return this.#endedAt;
  }

  /** Starts training for an attempt. Where coins decide who trains, only the client knows: then it waits to be asked. */
  start(vanishing: Vanishing): void {
    const { fraction, clients } = this.#bench.parameters;
    if (fraction < 1) return;
    for (let client = 1; client <= clients; client += 1) {
      const phase = vanishing.get(client);
      const sendsVector = phase === undefined || phase === 'statement' || phase === 'unmask';
      // what goes wrong is told to makeVector()
      if (sendsVector && !this.#inputs.has(client)) this.#train(client).catch(() => undefined);
    }
  }

  /**
   * A client's local training and quantisation; turn: under differential privacy, where what is made once is what every
   * attempt of the round sends. Rejects as ComputePool's train() does.
   */
  async makeVector(client: number, costs: CostMeter, turn?: NoisedTurn): Promise<InputVector> {
    const { result, cpuMs } = await this.#train(client);
    const made = this.#inputs.get(client);
    if (turn !== undefined && made !== undefined) return made.vector;
    this.#cpuMs += cpuMs;
    this.#endedAt = performance.now();
    const input = costs.time(client, 'masked-input', () =>
      localUpdate(this.#bench.parameters, this.#weights, result, client, this.#round, turn),
    );
    this.#inputs.set(client, input);
    return input.vector;
  }

  /** What a client sends that its own coin left out of the round: zeros, or under differential privacy noise alone. */
  leaveOut(client: number, costs: CostMeter, turn?: NoisedTurn): InputVector {
    const made = this.#inputs.get(client);
    if (turn !== undefined && made !== undefined) return made.vector;
    const { parameters, parameterCount } = this.#bench;
    const update = new Float32Array(parameterCount);
    const vector =
      turn === undefined
        ? unselectedVector(parameters)
        : costs.time(client, 'masked-input', () => leftOutVector(privacyPlanOf(parameters)!, turn.random));
    this.#inputs.set(client, { update, weight: 0, vector });
    return vector;
  }

  #train(client: number): Promise<TrainingReport> {
    const running = this.#running.get(client);
    if (running) return running;
    const { parameters, parts, pool } = this.#bench;
    const report = pool.train(
      localTrainingTask(parameters, this.#weights, parts[client - 1]!, client, this.#round),
      {
        signal: this.#signal,
        onProgress: ({ examplesDone }) => this.#meter.update(client, examplesDone),
      },
    );
    this.#running.set(client, report);
    return report;
  }
}
