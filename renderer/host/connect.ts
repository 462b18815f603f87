/** Finds the host: the desktop shell's bridge where there is one, else the local browser host that served this page. */
import type { HostConnection } from '../../core/contract/host.ts';
import { fromWireText, toWireText } from '../../core/contract/wire-json.ts';
import { Connection } from './connection.ts';

/** What the preload exposes, and nothing else. */
export interface ShellBridge {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

declare global {
  interface Window {
    readonly masquerade?: ShellBridge;
  }
}

/** Waits between tries to reach the browser host again, ms. */
const retries = [250, 500, 1_000, 2_000, 4_000];
const tokenKey = 'masquerade-token';

export function connect(): HostConnection {
  return window.masquerade === undefined ? overSocket() : overBridge(window.masquerade);
}

function overBridge(bridge: ShellBridge): HostConnection {
  const connection = new Connection({
    send(message) {
      bridge.send(message);
      return true;
    },
  });
  bridge.onMessage((message) => {
    connection.received(message);
  });
  queueMicrotask(() => {
    connection.changed(true);
  });
  return connection;
}

function overSocket(): HostConnection {
  let socket: WebSocket | undefined;
  let tries = 0;
  const connection = new Connection({
    send(message) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(toWireText(message));
      return true;
    },
  });
  const open = (): void => {
    const url = new URL('host', location.href);
    url.protocol = 'ws:';
    url.hash = '';
    socket = new WebSocket(url, ['masquerade', `token.${token()}`]);
    socket.onopen = () => {
      tries = 0;
      connection.changed(true);
    };
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') connection.received(fromWireText(data));
    };
    socket.onclose = () => {
      connection.changed(false);
      setTimeout(open, retries[Math.min(tries, retries.length - 1)]);
      tries += 1;
    };
  };
  open();
  return connection;
}

/**
 * From the link's fragment, which no server and no log ever sees; kept for this tab, so that the address bar does not
 * show it and a reload works.
 */
function token(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given !== null) {
    sessionStorage.setItem(tokenKey, given);
    history.replaceState(null, '', `${location.pathname}#/`);
  }
  return sessionStorage.getItem(tokenKey) ?? '';
}
