/**
 * The host in a process of its own, so that neither the window nor main ever waits for a service: opens the data folder
 * when main says so, answers the windows over their ports, asks main for what only main can do.
 */
import { withOwnBuffers } from '../../core/bytes/own-buffers.ts';
import type { About, ActivitySummary, Push } from '../../core/contract/host.ts';
import { isFederationError } from '../../core/errors/federation-error.ts';
import type { ComputeLauncher } from '../compute/compute-process.ts';
import type { Port } from '../compute/owner.ts';
import { createPortLauncher } from '../compute/port-launcher.ts';
import type { Host, HostClient } from '../host/host.ts';
import type { Shell } from '../host/shell.ts';
import type { FromHost, OpenHost, ShellQuestion, ToHost } from './host-channel.ts';

/** process.parentPort of a utility process. */
export interface MainPort {
  postMessage(message: unknown): void;
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly Port[] }) => void,
  ): unknown;
}

export interface HostParts {
  readonly main: MainPort;
  readonly openHost: (options: OpenHost, shell: Shell) => Promise<Host>;
  readonly useComputeLauncher: (launcher: ComputeLauncher) => void;
  readonly exit: () => void;
}

/** Returns how to write into the log, once there is one. */
export function serveHost(parts: HostParts): { readonly log: (text: string) => void } {
  const service = new HostService(parts);
  return { log: (text) => service.note(text) };
}

class HostService {
  readonly #parts: HostParts;
  readonly #launcher = createPortLauncher((request) => {
    this.#tell(request);
  });
  readonly #asked = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  readonly #windows = new Set<(push: Push) => void>();
  #nextQuestion = 1;
  #host: Host | undefined;
  #opening = false;
  /** Main's own place among the interfaces. */
  #own: HostClient | undefined;
  #activities: readonly ActivitySummary[] = [];
  #onActivities: () => void = () => undefined;
  /** Ports that came before the host was open, and where to go then. */
  #waiting: Port[] = [];
  #place: string | undefined;

  constructor(parts: HostParts) {
    this.#parts = parts;
    parts.useComputeLauncher(this.#launcher.launch);
    parts.main.on('message', ({ data, ports: [port] }) => {
      this.#received(data as ToHost, port);
    });
  }

  note(text: string): void {
    this.#host?.log(text);
  }

  #tell(message: FromHost): void {
    this.#parts.main.postMessage(withOwnBuffers(message));
  }

  #received(message: ToHost, port: Port | undefined): void {
    switch (message.kind) {
      case 'open':
        void this.#open(message);
        return;
      case 'window':
        if (port === undefined) return;
        if (this.#host === undefined) this.#waiting.push(port);
        else this.#connect(this.#host, port);
        return;
      case 'go':
        this.#go(message.to);
        return;
      case 'answer':
      case 'answer-failed':
        this.#answered(message);
        return;
      case 'note':
        this.note(message.text);
        return;
      case 'stop':
        void this.#stop();
        return;
      case 'close':
        void this.#close();
        return;
      default:
        this.#launcher.received(message, port);
    }
  }

  async #open(options: OpenHost): Promise<void> {
    if (this.#opening || this.#host !== undefined) return;
    this.#opening = true;
    try {
      const host = await this.#parts.openHost(options, this.#shell(options));
      const own = host.connect((push) => {
        this.#heard(push);
      });
      const about = await own.call('about', {});
      if (!about.ok) throw new Error(about.error.message);
      this.#host = host;
      this.#own = own;
      this.#tell({ kind: 'opened', preferences: (about.value as About).preferences });
      for (const port of this.#waiting) this.#connect(host, port);
      this.#waiting = [];
      void host.comeBack();
    } catch (error) {
      const code = isFederationError(error) ? error.code : 'fault';
      const text = error instanceof Error ? error.message : String(error);
      this.#tell({ kind: 'refused', code, message: text });
    } finally {
      this.#opening = false;
    }
  }

  #shell({ language, update }: OpenHost): Shell {
    return {
      kind: 'electron',
      language,
      openLinks: true,
      update,
      chooseFolder: async () => (await this.#ask({ what: 'choose-folder' })) as string | null,
      printToPdf: async (html) => (await this.#ask({ what: 'print-to-pdf', html })) as Uint8Array,
      saveFile: async (file) => (await this.#ask({ what: 'save-file', file })) as string | null,
    };
  }

  #ask(question: ShellQuestion): Promise<unknown> {
    const id = this.#nextQuestion;
    this.#nextQuestion += 1;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#asked.set(id, { resolve, reject });
    this.#tell({ kind: 'ask', id, question });
    return promise;
  }

  #answered(message: ToHost & { readonly kind: 'answer' | 'answer-failed' }): void {
    const asked = this.#asked.get(message.id);
    this.#asked.delete(message.id);
    if (message.kind === 'answer') asked?.resolve(message.value);
    else asked?.reject(new Error(message.message));
  }

  #connect(host: Host, port: Port): void {
    const send = (push: Push): void => {
      port.postMessage(withOwnBuffers(push));
    };
    const client = host.connect(send);
    this.#windows.add(send);
    port.on('message', ({ data }) => {
      void this.#answer(client, port, data);
    });
    port.on('close', () => {
      this.#windows.delete(send);
      client.close();
    });
    port.start();
    if (this.#place !== undefined) send({ push: 'go', to: this.#place });
    this.#place = undefined;
  }

  /** The contract checks name and arguments; without a number there is nobody to answer. */
  async #answer(client: HostClient, port: Port, data: unknown): Promise<void> {
    if (typeof data !== 'object' || data === null) return;
    const { id, name, args } = data as Readonly<Record<string, unknown>>;
    if (typeof id !== 'number') return;
    port.postMessage(withOwnBuffers({ id, result: await client.call(name, args) }));
  }

  #go(to: string): void {
    if (this.#windows.size === 0) this.#place = to;
    for (const send of this.#windows) send({ push: 'go', to });
  }

  #heard(push: Push): void {
    if (push.push === 'preferences') this.#tell({ kind: 'preferences', preferences: push.preferences });
    if (push.push !== 'activities') return;
    this.#activities = push.activities;
    this.#tell({ kind: 'activities', activities: push.activities });
    this.#onActivities();
  }

  async #stop(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#onActivities = () => {
      if (this.#activities.every(({ stage }) => stage === 'ended')) resolve(undefined);
    };
    for (const { activity, stage } of this.#activities)
      if (stage !== 'ended') await this.#own?.call('command', { activity, command: { do: 'stop' } });
    this.#onActivities();
    await promise;
    this.#tell({ kind: 'stopped' });
  }

  async #close(): Promise<void> {
    try {
      await this.#host?.close();
    } catch (error) {
      this.note(`cannot close in good order: ${String(error)}`);
    }
    this.#tell({ kind: 'closed' });
    this.#parts.exit();
  }
}
