/**
 * Compute processes, one per core: they train and evaluate, so that nothing else ever waits for a training step. Jobs
 * are taken in the order in which they were asked for. A process that dies is replaced and its jobs are done again,
 * which gives the same results, as every training task starts fresh. Each process has one job waiting beside the one
 * it works on, so that it need not wait for this process to answer.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { FederationError } from '../../core/errors/federation-error.ts';
import type { Engine, EvaluationResult, ModelTopology, OnBatch, TrainingResult, TrainingTask } from '../../core/model/engine.ts';
import type { Assignment, FromProcess, Job, JobResult, PlainError, ToProcess } from './channel.ts';

/** Deaths of processes over the same job after which it is given up. */
const mostDeaths = 3;
/** Jobs that a process holds at a time: one at work, one waiting. */
const jobsHeld = 2;
/** Images of one evaluation job: fixed, so that sums do not depend on the number of processes. */
const evaluationChunk = 1_000;

export interface PoolOptions {
  readonly processes: number;
  /** 'mnist' or a folder. */
  readonly dataset: string;
  /** Test images in the data set. */
  readonly testCount: number;
  readonly topology: ModelTopology;
  readonly engine: Engine;
  readonly batchSize: number;
  /** A process died and another takes its place. */
  readonly onReplaced?: (reason: string) => void;
}

export interface JobOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnBatch;
}

export interface TrainingReport {
  readonly result: TrainingResult;
  /** Processor time that training took. */
  readonly cpuMs: number;
  readonly seconds: number;
}

export interface ComputePool {
  readonly engine: Engine;
  readonly processes: number;
  /** Process ids, for tests that kill one. */
  readonly pids: readonly number[];
  /** Rejects with the signal's reason when cancelled, with what training threw, or with 'compute-failed'. */
  train(task: TrainingTask, options?: JobOptions): Promise<TrainingReport>;
  /** On all test images, spread over the processes: the same numbers for any number of them. */
  evaluate(weights: Float32Array, options?: JobOptions): Promise<EvaluationResult>;
  close(): Promise<void>;
}

interface Pending {
  readonly id: number;
  readonly job: Job;
  readonly options: JobOptions;
  readonly resolve: (result: JobResult) => void;
  readonly reject: (reason: unknown) => void;
  deaths: number;
}

interface Seat {
  child: ChildProcess;
  /** The first is being worked on. */
  readonly held: Pending[];
}

export function createComputePool(options: PoolOptions): ComputePool {
  return new ProcessPool(options);
}

class ProcessPool implements ComputePool {
  readonly engine: Engine;
  readonly processes: number;
  readonly #options: PoolOptions;
  readonly #queue: Pending[] = [];
  readonly #seats: Seat[];
  #nextId = 1;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.engine = options.engine;
    this.processes = options.processes;
    this.#seats = Array.from({ length: options.processes }, () => ({ child: this.#start(), held: [] }));
  }

  get pids(): readonly number[] {
    return this.#seats.map(({ child }) => child.pid ?? 0);
  }

  async train(task: TrainingTask, options: JobOptions = {}): Promise<TrainingReport> {
    const done = await this.#submit({ kind: 'train', task }, options);
    if (done.kind !== 'trained') throw unexpected();
    return done;
  }

  async evaluate(weights: Float32Array, options: JobOptions = {}): Promise<EvaluationResult> {
    const { testCount } = this.#options;
    const starts = Array.from({ length: Math.ceil(testCount / evaluationChunk) }, (_, index) => index * evaluationChunk);
    const parts = await Promise.all(
      starts.map(async (start) => {
        const end = Math.min(start + evaluationChunk, testCount);
        const done = await this.#submit({ kind: 'evaluate', task: { weights, start, end } }, options);
        if (done.kind !== 'evaluated') throw unexpected();
        return done.result;
      }),
    );
    return joinParts(parts);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const waiting = [...this.#queue.splice(0), ...this.#seats.flatMap(({ held }) => held.splice(0))];
    for (const pending of waiting) pending.reject(new Error('the compute processes were closed'));
    await Promise.all(
      this.#seats.map(
        ({ child }) =>
          new Promise<void>((resolve) => {
            if (child.exitCode !== null || child.signalCode !== null) return resolve();
            child.once('exit', () => {
              resolve();
            });
            child.kill('SIGKILL');
          }),
      ),
    );
  }

  #submit(job: Job, options: JobOptions): Promise<JobResult> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new Error('the compute processes are closed');
      if (signal?.aborted) throw signal.reason;
      const pending: Pending = { id: this.#nextId, job, options, resolve, reject, deaths: 0 };
      this.#nextId += 1;
      signal?.addEventListener(
        'abort',
        () => {
          this.#cancel(pending, signal.reason);
        },
        { once: true },
      );
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
        this.#send(seat.child, { kind: 'job', id: pending.id, job: pending.job });
      }
  }

  #start(): ChildProcess {
    const child = fork(new URL('./worker.ts', import.meta.url), {
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const { engine, dataset, topology, batchSize } = this.#options;
    const assignment: Assignment = { kind: 'assignment', engine: engine.name, dataset, topology, batchSize };
    this.#send(child, assignment);
    child.on('message', (message) => {
      this.#receive(child, message as FromProcess);
    });
    child.once('exit', (code, signal) => {
      this.#replace(child, signal ?? `exit code ${code ?? 'unknown'}`);
    });
    child.on('error', () => undefined); // a process that cannot be reached exits, too
    return child;
  }

  /** A process that is gone already is replaced when its exit is seen. */
  #send(child: ChildProcess, message: ToProcess): void {
    if (child.connected) child.send(message, () => undefined);
  }

  #receive(child: ChildProcess, message: FromProcess): void {
    const seat = this.#seats.find((candidate) => candidate.child === child);
    const pending = seat?.held.find(({ id }) => id === message.id);
    if (!seat || !pending) return;
    if (message.kind === 'progress') {
      pending.options.onProgress?.(message);
      return;
    }
    seat.held.splice(seat.held.indexOf(pending), 1);
    this.#dispatch();
    if (message.kind === 'done') pending.resolve(message.result);
    else pending.reject(restoreError(message.error));
  }

  /** The job that was at work counts a death; the waiting ones are only done elsewhere. */
  #replace(child: ChildProcess, reason: string): void {
    const seat = this.#seats.find((candidate) => candidate.child === child);
    if (!seat || this.#closed) return;
    const held = seat.held.splice(0);
    seat.child = this.#start();
    this.#options.onReplaced?.(reason);
    const [working] = held;
    if (working) working.deaths += 1;
    if (working && working.deaths >= mostDeaths) {
      held.shift();
      working.reject(computeFailed(working.deaths, reason));
    }
    this.#queue.unshift(...held);
    this.#dispatch();
  }

  /** A waiting job is forgotten; one at work ends with its process, which is replaced. */
  #cancel(pending: Pending, reason: unknown): void {
    const queued = this.#queue.indexOf(pending);
    if (queued >= 0) this.#queue.splice(queued, 1);
    const seat = this.#seats.find(({ held }) => held.includes(pending));
    if (seat) {
      const held = seat.held.splice(0).filter((other) => other !== pending && !other.options.signal?.aborted);
      this.#queue.unshift(...held);
      const { child } = seat;
      seat.child = this.#start();
      child.kill('SIGKILL');
      this.#dispatch();
    }
    pending.reject(reason);
  }
}

function joinParts(parts: readonly EvaluationResult[]): EvaluationResult {
  const confusion = new Uint32Array(parts[0]?.confusion.length ?? 0);
  let lossSum = 0;
  let count = 0;
  for (const part of parts) {
    lossSum += part.lossSum;
    count += part.count;
    for (let cell = 0; cell < confusion.length; cell += 1) confusion[cell]! += part.confusion[cell]!;
  }
  return { lossSum, confusion, count };
}

function restoreError({ message, stack, federation }: PlainError): Error {
  if (federation) {
    const { code, details, blame, action } = federation;
    return new FederationError(code, message, { details: details as never, blame, action });
  }
  const error = new Error(message);
  error.stack = stack;
  return error;
}

function unexpected(): Error {
  return new Error('a compute process answered another question');
}

function computeFailed(deaths: number, reason: string): FederationError<'compute-failed'> {
  return new FederationError(
    'compute-failed',
    `Cannot train: the compute process died ${deaths} times over the same work (${reason}). Free some memory or use fewer processes (--processes), then try again.`,
    { details: { deaths, reason }, blame: 'machine', action: 'retry' },
  );
}
