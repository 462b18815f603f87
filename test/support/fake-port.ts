/** A port as Electron has them, whose other end is the test itself. */
import type { Port } from '../../main/compute/owner.ts';

export interface FakePort extends Port {
  readonly sent: unknown[];
  isClosed: boolean;
  /** What the other end says. */
  say(data: unknown): void;
  /** The other end is gone. */
  end(): void;
}

export function fakePort(): FakePort {
  const listeners = {
    message: [] as ((event: { readonly data: unknown }) => void)[],
    close: [] as (() => void)[],
  };
  const port: FakePort = {
    sent: [],
    isClosed: false,
    postMessage: (message) => void port.sent.push(structuredClone(message)),
    on(event: 'message' | 'close', listener: (event: { readonly data: unknown }) => void) {
      if (event === 'message') listeners.message.push(listener);
      else listeners.close.push(listener as () => void);
    },
    start: () => undefined,
    close() {
      port.isClosed = true;
    },
    say(data) {
      for (const listener of listeners.message) listener({ data });
    },
    end() {
      for (const listener of listeners.close) listener();
    },
  };
  return port;
}
