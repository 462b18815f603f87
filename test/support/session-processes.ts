/** `masquerade` as processes of their own, as people start it: what they tell, what is typed, how they end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SessionLog, type Told } from './session-log.ts';

const commandLine = fileURLToPath(new URL('../../main/command-line/masquerade.ts', import.meta.url));
const killAt = new URL('kill-at.ts', import.meta.url).href;

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface ProcessOptions {
  readonly args: readonly string[];
  /** Relative paths are taken from here; session marks lie in it too, never the person's own. */
  readonly folder: string;
  /** `kill -9` of itself at the event with these fields. */
  readonly killAt?: Readonly<Record<string, unknown>> | undefined;
  /** A command and its arguments that runs it, as for another network namespace. */
  readonly through?: readonly string[];
}

export class MasqueradeProcess {
  readonly log: SessionLog;
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;
  #errors = '';

  constructor({ args, folder, killAt: fields, through = [] }: ProcessOptions) {
    this.log = new SessionLog(args.slice(0, 4).join(' '));
    const { MASQUERADE_PASSPHRASE: _, ...environment } = process.env;
    const [program, ...before] = [...through, process.execPath];
    const child = spawn(
      program,
      [
        ...before,
        '--disable-warning=ExperimentalWarning',
        ...(fields === undefined ? [] : ['--import', killAt]),
        commandLine,
        ...args,
      ],
      {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: {
          ...environment,
          MASQUERADE_CWD: folder,
          MASQUERADE_STATE_DIR: `${folder}/state`,
          MASQUERADE_TEST_KILL_AT: JSON.stringify(fields ?? {}),
        },
      },
    );
    this.#child = child;
    running.add(child);
    // typing into a process that has ended is no fault of the test
    child.stdin.on('error', () => undefined);
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      if (line.startsWith('{')) this.log.put(JSON.parse(line) as Told);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString()).slice(-4_000);
    });
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        running.delete(child);
        this.log.ended(`code ${code ?? '-'}, signal ${signal ?? '-'}: ${this.#errors}`);
        resolve({ code, signal });
      });
    });
  }

  get errors(): string {
    return this.#errors;
  }

  type(line: string): void {
    this.#child.stdin!.write(`${line}\n`);
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child.kill(signal);
  }

  /** Its exit code, once it has ended. */
  async exitCode(): Promise<number | null> {
    return (await this.ended).code;
  }
}
