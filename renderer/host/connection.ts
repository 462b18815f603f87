/** The interface's end of the contract, over whatever carries messages both ways: numbers calls, hands out answers. */
import type {
  CallResult,
  HostConnection,
  MethodArguments,
  MethodName,
  Push,
} from '../../core/contract/host.ts';
import { readAnswer, readPush } from './receive.ts';

/** Carries messages to the host; what comes back is handed to received(). */
export interface Carrier {
  /** False where it cannot be sent now. */
  send(message: { readonly id: number; readonly name: string; readonly args: unknown }): boolean;
}

const lost = {
  ok: false,
  error: { code: 'host-lost', message: 'Masquerade itself does not answer.', details: {} },
} as const;

export class Connection implements HostConnection {
  readonly #carrier: Carrier;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  readonly #pushListeners = new Set<(push: Push) => void>();
  readonly #connectionListeners = new Set<(connected: boolean) => void>();
  #nextId = 1;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  call<Name extends MethodName>(name: Name, args: MethodArguments<Name>): Promise<CallResult<Name>> {
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve) => {
      this.#waiting.set(id, (result) => {
        resolve(result as CallResult<Name>);
      });
      if (!this.#carrier.send({ id, name, args })) this.#settle(id, lost);
    });
  }

  onPush(listener: (push: Push) => void): () => void {
    this.#pushListeners.add(listener);
    return () => this.#pushListeners.delete(listener);
  }

  onConnection(listener: (connected: boolean) => void): () => void {
    this.#connectionListeners.add(listener);
    return () => this.#connectionListeners.delete(listener);
  }

  /** A message has come. */
  received(message: unknown): void {
    const answer = readAnswer(message);
    if (answer !== undefined) return this.#settle(answer.id, answer.result);
    const push = readPush(message);
    if (push !== undefined) for (const listener of this.#pushListeners) listener(push);
  }

  /** The carrier is there, or gone: calls under way are lost with it. */
  changed(connected: boolean): void {
    if (!connected) for (const id of [...this.#waiting.keys()]) this.#settle(id, lost);
    for (const listener of this.#connectionListeners) listener(connected);
  }

  #settle(id: number, result: unknown): void {
    const settle = this.#waiting.get(id);
    this.#waiting.delete(id);
    settle?.(result);
  }
}
