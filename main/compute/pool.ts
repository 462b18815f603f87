/**
 * Compute processes, one per core: they train and evaluate, so that nothing else ever waits for a training step. Jobs
 * are taken in the order in which they were asked for.
 *
 * A process that dies is replaced and its jobs are done again, which gives the same results, as every job starts from
 * its task alone. Evaluation is cut into chunks of fixed size whose sums are added in order, so that the numbers do not
 * depend on how many processes there are.
 */
import type { Dataset, LabelledImages } from '../../core/datasets/dataset.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import type {
  Engine,
  EvaluationResult,
  ModelTopology,
  OnBatch,
  TrainingTask,
} from '../../core/model/engine.ts';
import {
  fromPlainError,
  type Evaluated,
  type FromProcess,
  type Job,
  type JobResult,
  type Trained,
} from './channel.ts';
import { startComputeProcess, type ComputeProcess } from './compute-process.ts';

/** Deaths of processes over the same job after which it is given up. */
const mostDeaths = 3;
/** Jobs that a process holds: one at work and one waiting, so that it never waits for this process to answer. */
const jobsHeld = 2;
/** Test images of one evaluation job. */
const evaluationChunk = 1_000;

export interface PoolOptions {
  readonly processes: number;
  /** 'mnist' or a folder, which each process loads by itself; or the data set itself, where it is small. */
  readonly dataset: string | Dataset;
  /** Training images behind those of the data set. */
  readonly added?: LabelledImages | undefined;
  /** Test images in the data set. */
  readonly testCount: number;
  readonly topology: ModelTopology;
  readonly engine: Engine;
  readonly batchSize: number;
  /** At a lower priority: they give way to what a person sees and does at this machine. Default: false. */
  readonly background?: boolean;
  /** A process died with work at hand, and another takes its place. */
  readonly onReplaced?: (reason: string) => void;
}

export interface JobOptions {
  /** Cancels at once: a process that is at work on the job is ended. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnBatch;
}

export type TrainingReport = Omit<Trained, 'kind'>;

export interface ComputePool {
  readonly engine: Engine;
  readonly processes: number;
  /** Of the processes that are running. */
  readonly pids: readonly number[];
  /**
   * Rejects with the signal's reason when cancelled, with what loading the data or training threw, and with
   * FederationError 'compute-failed' when processes keep dying over the task.
   */
  train(task: TrainingTask, options?: JobOptions): Promise<TrainingReport>;
  /** On all test images; rejects as train() does. */
  evaluate(weights: Float32Array, options?: JobOptions): Promise<EvaluationResult>;
  /** Ends all processes; jobs that are not done are rejected. */
  close(): Promise<void>;
}

interface Pending {
  readonly id: number;
  readonly job: Job;
  readonly onProgress: OnBatch | undefined;
  readonly resolve: (result: JobResult) => void;
  readonly reject: (reason: Error) => void;
  deaths: number;
}

/** Room for one process; empty after a death or a cancellation, until there is work for it again. */
interface Seat {
  process: ComputeProcess | undefined;
  /** The first is being worked on. */
  held: Pending[];
}

/** Processes beyond these would never have work: clients train side by side, and an evaluation is cut into chunks. */
export function usefulProcesses(clients: number, testCount: number): number {
  return Math.max(clients, Math.ceil(testCount / evaluationChunk));
}

/** Starts the processes, which load their data side by side; what goes wrong in that, the first job tells. */
export function createComputePool(options: PoolOptions): ComputePool {
  return new ProcessPool(options);
}

class ProcessPool implements ComputePool {
  readonly engine: Engine;
  readonly processes: number;
  readonly #options: PoolOptions;
  readonly #seats: Seat[];
  #queue: Pending[] = [];
  #nextId = 1;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.engine = options.engine;
    this.processes = options.processes;
    this.#seats = Array.from({ length: options.processes }, () => ({ process: undefined, held: [] }));
    for (const seat of this.#seats) this.#start(seat);
  }

  get pids(): readonly number[] {
    return this.#seats.flatMap((seat) => seat.process?.pid ?? []);
  }

  async train(task: TrainingTask, options: JobOptions = {}): Promise<TrainingReport> {
    return (await this.#submit({ kind: 'train', task }, options)) as Trained;
  }

  async evaluate(weights: Float32Array, options: JobOptions = {}): Promise<EvaluationResult> {
    const { testCount } = this.#options;
    const chunks = Array.from({ length: Math.ceil(testCount / evaluationChunk) }, (_, index) => {
      const start = index * evaluationChunk;
      const task = { weights, start, end: Math.min(start + evaluationChunk, testCount) };
      return this.#submit({ kind: 'evaluate', task }, options) as Promise<Evaluated>;
    });
    return combine((await Promise.all(chunks)).map(({ result }) => result));
  }

  async close(): Promise<void> {
    this.#closed = true;
    const undone = [...this.#seats.flatMap(({ held }) => held), ...this.#queue];
    const running = this.#seats.flatMap((seat) => seat.process ?? []);
    this.#queue = [];
    for (const seat of this.#seats) this.#vacate(seat);
    for (const pending of undone) pending.reject(new Error('cannot finish the job, as the pool was closed'));
    await Promise.all(running.map(({ ended }) => ended));
  }

  #submit(job: Job, { signal, onProgress }: JobOptions): Promise<JobResult> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new Error('cannot take a job, as the pool is closed');
      signal?.throwIfAborted();
      const onAbort = (): void => {
        this.#cancel(pending);
        pending.reject(signal?.reason as Error);
      };
      const settled = (): void => signal?.removeEventListener('abort', onAbort);
      const pending: Pending = {
        id: this.#nextId,
        job,
        onProgress,
        resolve: (result) => {
          settled();
          resolve(result);
        },
        reject: (reason) => {
          settled();
          reject(reason);
        },
        deaths: 0,
      };
      this.#nextId += 1;
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#queue.push(pending);
      this.#dispatch();
    });
  }

  /** Hands waiting jobs to whoever holds fewest. */
  #dispatch(): void {
    for (let held = 0; held < jobsHeld; held += 1)
      for (const seat of this.#seats) {
        if (seat.held.length > held) continue;
        const pending = this.#queue.shift();
        if (pending === undefined) return;
        seat.held.push(pending);
        const { id, job } = pending;
        (seat.process ?? this.#start(seat)).send({ kind: 'job', id, job });
      }
  }

  #start(seat: Seat): ComputeProcess {
    const started = startComputeProcess((message) => {
      if (seat.process === started) this.#receive(seat, message);
    });
    seat.process = started;
    const { engine, dataset, added, topology, batchSize, background = false } = this.#options;
    const { name } = engine;
    started.send({ kind: 'assignment', engine: name, dataset, added, topology, batchSize, background });
    void started.ended.then((how) => {
      if (seat.process === started) this.#died(seat, how);
    });
    return started;
  }

  /** Ends the seat's process, if any, on purpose: neither its messages nor its end are heeded. */
  #vacate(seat: Seat): void {
    const { process } = seat;
    seat.process = undefined;
    seat.held = [];
    process?.kill();
  }

  #receive(seat: Seat, message: FromProcess): void {
    // attacks have processes of their own
    if (!('id' in message)) return;
    const pending = seat.held.find(({ id }) => id === message.id);
    if (pending === undefined) return;
    if (message.kind === 'progress') {
      const { examplesDone, examplesTotal } = message;
      pending.onProgress?.({ examplesDone, examplesTotal });
      return;
    }
    seat.held = seat.held.filter((other) => other !== pending);
    this.#dispatch();
    if (message.kind === 'done') pending.resolve(message.result);
    else pending.reject(fromPlainError(message.error));
  }

  /** The job that was at work counts the death; the one behind it is only done elsewhere. */
  #died(seat: Seat, how: string): void {
    const { held } = seat;
    seat.process = undefined;
    seat.held = [];
    const [working] = held;
    if (working === undefined) return;
    this.#options.onReplaced?.(how);
    working.deaths += 1;
    const again = working.deaths < mostDeaths ? held : held.slice(1);
    this.#queue.unshift(...again);
    if (again !== held) working.reject(computeFailed(working.deaths, how));
    this.#dispatch();
  }

  /** A job that waits is forgotten; one that a process holds goes with the process. */
  #cancel(pending: Pending): void {
    this.#queue = this.#queue.filter((other) => other !== pending);
    const seat = this.#seats.find(({ held }) => held.includes(pending));
    if (seat === undefined) return;
    this.#queue.unshift(...seat.held.filter((other) => other !== pending));
    this.#vacate(seat);
    // Other jobs of the same signal are about to be cancelled too: they must not start a process first.
    queueMicrotask(() => {
      this.#dispatch();
    });
  }
}

/** Sums in the order of the chunks, in float64. */
function combine(parts: readonly EvaluationResult[]): EvaluationResult {
  const confusion = new Uint32Array(parts[0]?.confusion.length ?? 0);
  let lossSum = 0;
  let count = 0;
  for (const part of parts) {
    lossSum += part.lossSum;
    count += part.count;
    for (const [cell, cases] of part.confusion.entries()) confusion[cell] = confusion[cell]! + cases;
  }
  return { lossSum, confusion, count };
}

function computeFailed(deaths: number, reason: string): FederationError<'compute-failed'> {
  return new FederationError(
    'compute-failed',
    `Cannot train: compute processes died ${deaths} times over the same work (${reason}). Free some memory or use fewer processes (--processes), then try again.`,
    { details: { deaths, reason }, blame: 'machine', action: 'retry' },
  );
}
