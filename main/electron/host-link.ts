/**
 * Main's end of the host's process: starts it, hands it the windows' ports, starts and ends compute processes for it,
 * and carries out what only main can do. Says nothing of Electron: what forks and what opens channels is handed in.
 */
import type { ActivitySummary } from '../../core/contract/host.ts';
import type { Preferences } from '../../core/contract/results.ts';
import { ComputeBroker } from './compute-broker.ts';
import type { FromHost, OpenHost, ShellQuestion, ToHost } from './host-channel.ts';
import type { Forked, Machinery } from './machinery.ts';

export interface HostListener {
  opened(preferences: Preferences): void;
  /** The data folder cannot be opened this way; open() can be called again. */
  refused(code: string, message: string): void;
  preferences(preferences: Preferences): void;
  activities(activities: readonly ActivitySummary[]): void;
  /** Rejects where it cannot be done. */
  asked(question: ShellQuestion): Promise<unknown>;
  /** The host's process has ended without being told to. */
  gone(code: number): void;
}

export class HostLink<ChannelPort> {
  readonly #machinery: Machinery<ChannelPort>;
  readonly #listener: HostListener;
  readonly #compute: ComputeBroker<ChannelPort>;
  #process: Forked<ChannelPort> | undefined;
  #closing = false;
  #onStopped: () => void = () => undefined;
  #onClosed: () => void = () => undefined;

  constructor(machinery: Machinery<ChannelPort>, listener: HostListener) {
    this.#machinery = machinery;
    this.#listener = listener;
    this.#compute = new ComputeBroker(machinery, (report, ports) => {
      this.#tell(report, ports);
    });
  }

  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  /** Starts the process where it does not run: the sooner it starts, the sooner it can open the data folder. */
  start(): void {
    this.#process ??= this.#fork();
  }

  /** Has it open the data folder. */
  open(options: OpenHost): void {
    this.start();
    this.#tell({ kind: 'open', ...options });
  }

  /** The window's end of a new channel to the host, which answers once the data folder is open. */
  connectWindow(): ChannelPort {
    this.start();
    const { port1, port2 } = this.#machinery.openChannel();
    this.#tell({ kind: 'window' }, [port1]);
    return port2;
  }

  go(to: string): void {
    this.#tell({ kind: 'go', to });
  }

  note(text: string): void {
    this.#tell({ kind: 'note', text });
  }

  /** Stops all activities for good; resolves when they have ended, or after limitMs. */
  async stopActivities(limitMs: number): Promise<void> {
    await this.#within(limitMs, (done) => {
      this.#onStopped = done;
      this.#tell({ kind: 'stop' });
    });
  }

  /** Ends the host in good order, by force after limitMs. */
  async close(limitMs: number): Promise<void> {
    this.#closing = true;
    await this.#within(limitMs, (done) => {
      this.#onClosed = done;
      this.#tell({ kind: 'close' });
    });
    const ended = this.#process;
    this.#process = undefined;
    this.#compute.close();
    // by force where it has not ended by now
    const pid = ended?.pid;
    ended?.kill();
    if (pid !== undefined) this.#machinery.killHard(pid);
  }

  async #within(limitMs: number, begin: (done: () => void) => void): Promise<void> {
    if (this.#process === undefined) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const done = (): void => resolve(undefined);
    const timer = setTimeout(done, limitMs);
    begin(done);
    await promise;
    clearTimeout(timer);
  }

  #tell(message: ToHost, ports?: ChannelPort[]): void {
    this.#process?.postMessage(message, ports);
  }

  #fork(): Forked<ChannelPort> {
    const started = this.#machinery.forkHost();
    started.on('message', (message) => {
      if (this.#process === started) this.#received(message as FromHost);
    });
    started.on('exit', (code) => {
      if (this.#process !== started) return;
      this.#process = undefined;
      this.#compute.close();
      this.#onStopped();
      this.#onClosed();
      if (!this.#closing) this.#listener.gone(code);
    });
    return started;
  }

  #received(message: FromHost): void {
    switch (message.kind) {
      case 'opened':
        return this.#listener.opened(message.preferences);
      case 'refused':
        return this.#listener.refused(message.code, message.message);
      case 'preferences':
        return this.#listener.preferences(message.preferences);
      case 'activities':
        return this.#listener.activities(message.activities);
      case 'ask':
        void this.#answer(message.id, message.question);
        return;
      case 'stopped':
        return this.#onStopped();
      case 'closed':
        return this.#onClosed();
      case 'start-compute':
      case 'kill-compute':
        return this.#compute.asked(message);
    }
  }

  async #answer(id: number, question: ShellQuestion): Promise<void> {
    try {
      this.#tell({ kind: 'answer', id, value: await this.#listener.asked(question) });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#tell({ kind: 'answer-failed', id, message });
    }
  }
}
