/**
 * `masquerade coordinate` or `join` as a process of its own, as a person would start it: its events as they come, and
 * `kill -9` at any moment. Whatever happens to this process, none of those that it started outlives it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';

const commandLine = fileURLToPath(new URL('../../main/command-line/masquerade.ts', import.meta.url));

/** One line of `--json`. */
export interface ToldEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface SessionProcessOptions {
  readonly args: readonly string[];
  /** Standard output and error are added to it. */
  readonly logFile: string;
  /** Where session marks lie: never the person's own. */
  readonly stateFolder: string;
}

export class SessionProcess {
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;
  readonly #log: WriteStream;
  readonly #listeners = new Set<(event: ToldEvent) => void>();
  readonly #last = new Map<string, ToldEvent>();
  #end: ProcessEnd | undefined;
  #errors = '';

  constructor({ args, logFile, stateFolder }: SessionProcessOptions) {
    this.#log = createWriteStream(logFile, { flags: 'a' });
    const { MASQUERADE_PASSPHRASE: _, ...environment } = process.env;
    this.#child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', commandLine, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...environment, MASQUERADE_STATE_DIR: stateFolder },
    });
    const child = this.#child;
    running.add(child);
    createInterface({ input: child.stdout! }).on('line', (line) => {
      this.#log.write(`${line}\n`);
      this.#take(line);
    });
    child.stderr!.on('data', (chunk: Buffer) => {
      this.#log.write(chunk);
      this.#errors = (this.#errors + chunk.toString()).slice(-4_000);
    });
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        running.delete(child);
        this.#end = { code, signal };
        this.#log.end(`-- ended: code ${code ?? '-'}, signal ${signal ?? '-'}\n`);
        resolve(this.#end);
      });
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get end(): ProcessEnd | undefined {
    return this.#end;
  }

  /** The end of its standard error. */
  get errors(): string {
    return this.#errors;
  }

  /** The latest event of a type. */
  last(type: string): ToldEvent | undefined {
    return this.#last.get(type);
  }

  /** Called for every event, from now on. Returns how to stop that. */
  onEvent(listener: (event: ToldEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** An event that came, or comes; undefined when the process ends first, or it takes too long. */
  until(type: string, withinMs: number): Promise<ToldEvent | undefined> {
    const earlier = this.#last.get(type);
    if (earlier !== undefined) return Promise.resolve(earlier);
    return new Promise((resolve) => {
      const done = (event: ToldEvent | undefined): void => {
        clearTimeout(timer);
        stop();
        resolve(event);
      };
      const stop = this.onEvent((event) => {
        if (event.type === type) done(event);
      });
      const timer = setTimeout(done, withinMs, undefined);
      void this.ended.then(() => {
        done(undefined);
      });
    });
  }

  /** kill -9: nothing is tidied up. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  #take(line: string): void {
    let event: ToldEvent;
    try {
      event = JSON.parse(line) as ToldEvent;
    } catch {
      return; // a line that kill -9 cut
    }
    this.#last.set(event.type, event);
    for (const listener of this.#listeners) listener(event);
  }
}
