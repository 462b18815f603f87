/** A program's way to a host: the contract over the host's WebSocket, as a page speaks it. */
import { WebSocket } from 'ws';
import type {
  CallResult,
  MethodArguments,
  MethodName,
  MethodResults,
  Push,
} from '../../core/contract/host.ts';
import type { WatchEvent } from '../../core/contract/watch-event.ts';
import { fromWireText, toWireText } from '../../core/contract/wire-json.ts';

interface Answer {
  readonly id: number;
  readonly result: CallResult<MethodName>;
}

export class HostCalls {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (result: CallResult<MethodName>) => void>();
  readonly #listeners = new Set<(push: Push) => void>();
  readonly #events = new Map<string, WatchEvent[]>();
  #nextId = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      this.#received(fromWireText(data.toString('utf8')) as Answer | Push);
    });
  }

  /** link: as `masquerade serve` prints it. */
  static connect(link: string): Promise<HostCalls> {
    const { origin, host, hash } = new URL(link);
    const token = new URLSearchParams(hash.slice(1)).get('token') ?? '';
    const socket = new WebSocket(`ws://${host}/host`, ['masquerade', `token.${token}`], { origin });
    const calls = new HostCalls(socket);
    return new Promise((resolve, reject) => {
      socket.once('open', () => {
        resolve(calls);
      });
      socket.once('error', reject);
    });
  }

  /** Throws what the host refused, in its words. */
  ask<Name extends MethodName>(name: Name, args: MethodArguments<Name>): Promise<MethodResults[Name]> {
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (result) => {
        if (result.ok) resolve(result.value as MethodResults[Name]);
        else reject(new Error(`${name}: ${result.error.code}, ${result.error.message}`));
      });
      this.#socket.send(toWireText({ id, name, args }));
    });
  }

  /** The first event of a watched activity that fits, among those that came before too. */
  until(activity: string, fits: (event: WatchEvent) => boolean): Promise<WatchEvent> {
    const earlier = this.#events.get(activity)?.find(fits);
    return earlier === undefined ? this.next(activity, fits) : Promise.resolve(earlier);
  }

  /** The next event of a watched activity that fits, from now on. */
  next(activity: string, fits: (event: WatchEvent) => boolean): Promise<WatchEvent> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#listeners.delete(listener);
        this.#socket.off('close', gone);
      };
      const gone = (): void => {
        settle();
        reject(new Error('the host is gone'));
      };
      const listener = (push: Push): void => {
        if (push.push !== 'events' || push.activity !== activity) return;
        const found = push.events.find(fits);
        if (found === undefined) return;
        settle();
        resolve(found);
      };
      this.#listeners.add(listener);
      this.#socket.once('close', gone);
    });
  }

  close(): void {
    this.#socket.close();
  }

  #received(message: Answer | Push): void {
    if ('id' in message) {
      this.#waiting.get(message.id)?.(message.result);
      this.#waiting.delete(message.id);
      return;
    }
    if (message.push === 'events') {
      const known = this.#events.get(message.activity) ?? [];
      this.#events.set(message.activity, [...known, ...message.events].slice(-10_000));
    }
    for (const listener of this.#listeners) listener(message);
  }
}
