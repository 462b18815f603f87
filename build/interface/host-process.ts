/**
 * `masquerade serve` as a process of its own, as a person starts it: the link that it prints, `kill -9`, Ctrl-C. Nothing
 * of it outlives the process that started it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const commandLine = fileURLToPath(new URL('../../main/command-line/masquerade.ts', import.meta.url));
/** Longer than a start takes on a busy machine, ms. */
const startMs = 90_000;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export class InterfaceHost {
  readonly link: string;
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #errors: () => string;

  private constructor(link: string, child: ChildProcess, ended: Promise<void>, errors: () => string) {
    this.link = link;
    this.#child = child;
    this.ended = ended;
    this.#errors = errors;
  }

  /** folder: holds the data folder of this name, and its session marks beside it, never the person's own. */
  static start(folder: string, name: string): Promise<InterfaceHost> {
    const { MASQUERADE_PASSPHRASE: _, ...environment } = process.env;
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        commandLine,
        ...['serve', '--no-open', '--json', '--data-dir', join(folder, name)],
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...environment, MASQUERADE_STATE_DIR: join(folder, `${name}-state`) },
      },
    );
    running.add(child);
    let [output, errors] = ['', ''];
    const ended = new Promise<void>((resolve) => {
      child.once('close', () => {
        running.delete(child);
        resolve();
      });
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-4_000);
    });
    return new Promise((resolve, reject) => {
      const refuse = (why: string): void => {
        clearTimeout(timer);
        reject(new Error(`the host of ${name} ${why}: ${errors}`));
      };
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        refuse(`printed no link within ${startMs} ms`);
      }, startMs);
      void ended.then(() => {
        refuse('ended before it printed its link');
      });
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const link = /"link": "([^"]+)"/.exec(output)?.[1];
        if (link === undefined) return;
        clearTimeout(timer);
        resolve(new InterfaceHost(link, child, ended, () => errors));
      });
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** The end of its standard error. */
  get errors(): string {
    return this.#errors();
  }

  /** kill -9: nothing is tidied up. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** Ctrl-C. */
  async stop(): Promise<void> {
    this.#child.kill('SIGINT');
    await this.ended;
  }
}
