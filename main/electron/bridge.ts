/**
 * What the preload exposes to the page: the two functions of the contract (renderer/host/connect.ts), and nothing of
 * Electron's. Messages go over a port to the host's process, which main hands over once it has checked who asks; what is
 * said before it comes waits for it.
 */
import { HOST_CHANNEL } from './channels.ts';

/** ipcRenderer, as far as it is needed here. */
export interface RendererIpc {
  send(channel: string): void;
  on(channel: string, listener: (event: { readonly ports: readonly BridgePort[] }) => void): unknown;
}

/** A MessagePort of the page's kind, as far as it is needed here. */
export type BridgePort = Pick<MessagePort, 'postMessage' | 'onmessage'>;

export interface Bridge {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

export function createBridge(ipc: RendererIpc): Bridge {
  let port: BridgePort | undefined;
  let listener: ((message: unknown) => void) | undefined;
  let unsent: unknown[] = [];
  let unheard: unknown[] = [];
  ipc.on(HOST_CHANNEL, ({ ports: [given] }) => {
    if (given === undefined) return;
    // a host that was started anew brings a new one
    if (port !== undefined) port.onmessage = null;
    port = given;
    port.onmessage = ({ data }: { readonly data: unknown }) => {
      if (listener === undefined) unheard.push(data);
      else listener(data);
    };
    for (const message of unsent) port.postMessage(message);
    unsent = [];
  });
  ipc.send(HOST_CHANNEL);
  return {
    send(message) {
      if (port === undefined) unsent.push(message);
      else port.postMessage(message);
    },
    onMessage(given) {
      listener = given;
      for (const message of unheard) given(message);
      unheard = [];
    },
  };
}
