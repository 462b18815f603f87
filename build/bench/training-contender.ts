/**
 * The processes that `npm run bench -- training` compares: each is pinned to one core where the system can, bound to a
 * model by 'prepare' and put to work by 'run'. They are given lines of JSON and answer each with one, whatever language
 * they are written in (training-process.ts, training-pytorch.py).
 */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { ModelTopology } from '../../core/model/engine.ts';

/** tfjs-node by model.fit, which trains only, in a process that does not load the engine on TensorFlow. */
export const plainFit = 'tensorflow-fit';

export type Work = 'train' | 'evaluate' | 'input-gradient';

export type Command =
  | {
      readonly kind: 'prepare';
      /** Which of the process's engines; several may be prepared side by side. */
      readonly engine: string;
      readonly topology: ModelTopology;
      readonly batch: number;
    }
  | {
      readonly kind: 'run';
      readonly engine: string;
      readonly work: Work;
      readonly batch: number;
      /** So many, over and over where there are not as many. */
      readonly images: number;
    };

export interface Done {
  readonly done: string;
  /** Of a model that was prepared, moving averages included; else 0. */
  readonly parameters: number;
  /** Of all threads of the process, for a run; else 0. */
  readonly processorSeconds: number;
}

export type Answer = Done | { readonly failed: string };

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** An engine of this machine. */
export const nodeProgram: Program = {
  command: process.execPath,
  args: ['--disable-warning=ExperimentalWarning', file('training-process.ts')],
};

/** $PYTHON, else python3. */
export function pytorchProgram(imageFolder: string): Program {
  return {
    command: process.env['PYTHON'] ?? 'python3',
    args: [file('training-pytorch.py'), imageFolder],
    environment: { OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
  };
}

export class Contender {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting: {
    readonly resolve: (answer: Answer) => void;
    readonly reject: (reason: Error) => void;
  }[] = [];
  /** What it calls itself: 'PyTorch 2.13.0'. */
  readonly greeting: Promise<string>;

  constructor({ command, args, environment = {} }: Program, core: number | undefined) {
    const [first, ...rest] = core === undefined ? [command] : ['taskset', '-c', String(core), command];
    this.#child = spawn(first, [...rest, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
    });
    const end = (why: string): void => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error(why));
    };
    this.#child.stdin.on('error', () => undefined); // its end is told below
    this.#child.once('error', ({ message }) => {
      end(message);
    });
    this.#child.once('exit', (code, signal) => {
      end(`${command} ended (${signal ?? code}) before it answered`);
    });
    createInterface(this.#child.stdout).on('line', (line) => {
      this.#waiting.shift()?.resolve(JSON.parse(line) as Answer);
    });
    this.greeting = this.#answer().then(({ done }) => done);
    this.greeting.catch(() => undefined);
  }

  /** Rejects with what the process says of a failure, or with how it ended. */
  async ask(command: Command): Promise<Done> {
    await this.greeting;
    this.#child.stdin.write(`${JSON.stringify(command)}\n`);
    return this.#answer();
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }

  async #answer(): Promise<Done> {
    const answer = await new Promise<Answer>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
    if ('failed' in answer) throw new Error(answer.failed);
    return answer;
  }
}

/** One core for each process, side by side; undefined where processes cannot be pinned. */
export function coresToPinTo(): readonly (number | undefined)[] {
  const count = availableParallelism();
  const pinned = spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0;
  const allowed = pinned ? allowedCores() : [];
  return Array.from({ length: count }, (_, index) => allowed[index]);
}

/** Of this process, as Linux lists them: '0-1,4'. */
function allowedCores(): number[] {
  const status = readFileSync('/proc/self/status', 'utf8');
  const list = /Cpus_allowed_list:\s*(\S+)/.exec(status)?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [from, to = from] = range.split('-').map(Number);
    return Array.from({ length: to! - from! + 1 }, (_, index) => from! + index);
  });
}
