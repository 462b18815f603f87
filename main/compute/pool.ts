/**
 * Compute processes, one per core: they train and evaluate, so that nothing else ever waits for a training step. Of the
 * jobs that wait the longest are begun first (Graham 1969), those of a length in the order in which they were asked for:
 * a client with many images that came last would keep everyone waiting. A process is sent its next job while it is at
 * work on one; whoever has nothing left to do takes over what another has not begun.
 *
 * A process that dies is replaced and its jobs are done again, which gives the same results, as every job starts from
 * its task alone. Evaluation is summed up in units of fixed size whose sums are added in order, so that the numbers do
 * not depend on how many processes there are.
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
/** Test images of one sum. */
const evaluationUnit = 500;
/** Jobs of an evaluation for each process: one that is slower than the others then does less of it. */
const evaluationShare = 2;
/** The backward pass of a step costs about twice its forward pass, which is all of an evaluation. */
const stepsPerEvaluation = 3;

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
  /** How long it takes beside others: images of training steps. */
  readonly length: number;
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
  /** Given to others, and perhaps begun here before that was heard of: then whoever is done first has done it. */
  readonly taken: Set<Pending>;
}

/** Processes beyond these would never have work: clients train side by side, and an evaluation is shared out. */
export function usefulProcesses(clients: number, testCount: number): number {
  return Math.max(clients, Math.ceil(testCount / evaluationUnit));
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
  #isDispatching = false;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.engine = options.engine;
    this.processes = options.processes;
    this.#seats = Array.from({ length: options.processes }, () => ({
      process: undefined,
      held: [],
      taken: new Set(),
    }));
    for (const seat of this.#seats) this.#start(seat);
  }

  get pids(): readonly number[] {
    return this.#seats.flatMap((seat) => seat.process?.pid ?? []);
  }

  async train(task: TrainingTask, options: JobOptions = {}): Promise<TrainingReport> {
    return (await this.#submit({ kind: 'train', task }, options)) as Trained;
  }

  async evaluate(weights: Float32Array, options: JobOptions = {}): Promise<EvaluationResult> {
    const units = Math.ceil(this.#options.testCount / evaluationUnit);
    const jobs = Math.min(units, evaluationShare * this.processes);
    const done = Array.from({ length: jobs }, (_, index) => {
      const parts = this.#units(Math.floor((index * units) / jobs), Math.floor(((index + 1) * units) / jobs));
      return this.#submit({ kind: 'evaluate', weights, parts }, options) as Promise<Evaluated>;
    });
    return combine((await Promise.all(done)).flatMap(({ results }) => results));
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

  /** Test images of the units from first to before end. */
  #units(first: number, end: number): { readonly start: number; readonly end: number }[] {
    const { testCount } = this.#options;
    return Array.from({ length: end - first }, (_, index) => {
      const start = (first + index) * evaluationUnit;
      return { start, end: Math.min(start + evaluationUnit, testCount) };
    });
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
        length: lengthOf(job),
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
      const shorter = this.#queue.findIndex(({ length }) => length < pending.length);
      this.#queue.splice(shorter === -1 ? this.#queue.length : shorter, 0, pending);
      this.#dispatchSoon();
    });
  }

  /** Once everything is known that is asked for at the same time: the longest of it comes first. */
  #dispatchSoon(): void {
    if (this.#isDispatching) return;
    this.#isDispatching = true;
    queueMicrotask(() => {
      this.#isDispatching = false;
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
        this.#give(seat, pending);
      }
  }

  #give(seat: Seat, pending: Pending): void {
    seat.held.push(pending);
    const { id, job } = pending;
    (seat.process ?? this.#start(seat)).send({ kind: 'job', id, job });
  }

  /** Nothing waits here: whoever has nothing to do takes the longest job that waits at another process. */
  #share(): void {
    for (const idle of this.#seats.filter(({ held }) => held.length === 0)) {
      const owner = this.#seats
        .filter(({ held }) => held.length > 1)
        .reduce<Seat | undefined>(
          (best, seat) => (best === undefined || lastOf(seat).length > lastOf(best).length ? seat : best),
          undefined,
        );
      if (this.#queue.length > 0 || owner === undefined) return;
      const pending = lastOf(owner);
      owner.held.pop();
      owner.taken.add(pending);
      owner.process?.send({ kind: 'forget', id: pending.id });
      this.#give(idle, pending);
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
    seat.taken.clear();
    process?.kill();
  }

  #receive(seat: Seat, message: FromProcess): void {
    // attacks and measurements have processes of their own
    if (!('id' in message)) return;
    const isIt = ({ id }: Pending): boolean => id === message.id;
    const pending = seat.held.find(isIt) ?? seat.taken.values().find(isIt);
    if (pending === undefined) return;
    switch (message.kind) {
      case 'progress': {
        const { examplesDone, examplesTotal } = message;
        pending.onProgress?.({ examplesDone, examplesTotal });
        return;
      }
      case 'forgotten':
        seat.taken.delete(pending);
        return;
      case 'done':
        this.#settled(seat, pending);
        pending.resolve(message.result);
        return;
      case 'failed':
        this.#settled(seat, pending);
        pending.reject(fromPlainError(message.error));
    }
  }

  /** By whichever process: where it was taken over, the other's answer is not heeded. */
  #settled(seat: Seat, pending: Pending): void {
    seat.taken.delete(pending);
    for (const other of this.#seats) other.held = other.held.filter((held) => held !== pending);
    this.#dispatch();
    // what has come from others meanwhile is heard first: they may have begun what would be taken from them
    setImmediate(() => {
      this.#share();
    });
  }

  /** The job that was at work counts the death; the one behind it is only done elsewhere. */
  #died(seat: Seat, how: string): void {
    const { held } = seat;
    seat.process = undefined;
    seat.held = [];
    seat.taken.clear();
    const [working] = held;
    if (working === undefined) return;
    this.#options.onReplaced?.(how);
    working.deaths += 1;
    const again = working.deaths < mostDeaths ? held : held.slice(1);
    this.#queue.unshift(...again);
    if (again !== held) working.reject(computeFailed(working.deaths, how));
    this.#dispatch();
  }

  /** A job that waits is forgotten; one that a process holds, or has begun for all we know, goes with the process. */
  #cancel(pending: Pending): void {
    this.#queue = this.#queue.filter((other) => other !== pending);
    const seats = this.#seats.filter(
      ({ held, taken }) => held.includes(pending) || (held.length === 0 && taken.has(pending)),
    );
    for (const seat of seats) {
      this.#queue.unshift(...seat.held.filter((other) => other !== pending));
      this.#vacate(seat);
    }
    // Other jobs of the same signal are about to be cancelled too: they must not start a process first.
    if (seats.length > 0) this.#dispatchSoon();
  }
}

function lastOf({ held }: Seat): Pending {
  return held.at(-1)!;
}

function lengthOf(job: Job): number {
  if (job.kind === 'train') return job.task.indices.length * job.task.epochs;
  return job.parts.reduce((sum, { start, end }) => sum + end - start, 0) / stepsPerEvaluation;
}

/** Sums in the order of the units, in float64. */
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
