/** The page's end of a compute worker: calls as promises. close() ends its thread, whatever it is at. */
import type {
  Answer,
  ComputeCallName,
  ComputeCalls,
  ComputeProblem,
  Question,
  TrainingProgress,
} from './calls.ts';

export class ComputeError extends Error {
  override readonly name = 'ComputeError';
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor({ code, message, details }: ComputeProblem) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** What carries questions to a worker, and answers back. */
export interface WorkerPort {
  postMessage(message: Question): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<Answer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: ComputeError) => void;
  readonly onProgress: ((progress: TrainingProgress) => void) | undefined;
}

export class ComputeWorker {
  readonly #port: WorkerPort;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #ended: ComputeError | undefined;

  constructor(port: WorkerPort = startWorker()) {
    this.#port = port;
    port.onmessage = ({ data }) => {
      this.#received(data);
    };
    // its script could not be fetched, or is of a policy that forbids it
    port.onerror = (event) => {
      event.preventDefault();
      this.#end({ code: 'fault', message: event.message || 'The worker did not start.', details: {} });
    };
  }

  /** Throws ComputeError: of the engine; 'fault' where there is no worker; 'closed'. */
  call<Name extends ComputeCallName>(
    name: Name,
    args: ComputeCalls[Name]['args'],
    onProgress?: (progress: TrainingProgress) => void,
  ): Promise<ComputeCalls[Name]['result']> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        resolve: resolve as (value: unknown) => void,
        reject,
        onProgress,
      });
      this.#port.postMessage({ id, name, args } as Question);
    });
  }

  /** Calls under way are rejected with 'closed'. */
  close(): void {
    this.#end({ code: 'closed', message: 'The worker was closed.', details: {} });
  }

  #end(problem: ComputeProblem): void {
    this.#ended ??= new ComputeError(problem);
    this.#port.terminate();
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }

  #received(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (waiting === undefined) return;
    if ('progress' in answer) {
      waiting.onProgress?.(answer.progress);
      return;
    }
    this.#waiting.delete(answer.id);
    if (answer.ok) waiting.resolve(answer.value);
    else waiting.reject(new ComputeError(answer.problem));
  }
}

function startWorker(): WorkerPort {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'compute' });
}
