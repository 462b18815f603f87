/**
 * A compute process's way to whoever owns it: Node's channel to the parent that forked it, or under Electron a port,
 * which the first message over process.parentPort brings.
 */
import { withOwnBuffers } from '../../core/bytes/own-buffers.ts';
import type { FromProcess, ToProcess } from './channel.ts';

/** What Electron's MessagePortMain has, as far as it is needed here. */
export interface Port {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** process.parentPort, which is there in a process of Electron's alone. */
export interface ParentPort {
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly Port[] }) => void,
  ): unknown;
}

/** Returns how to tell the owner something: what is said before there is a way is said to nobody. */
export function meetOwner(
  onMessage: (message: ToProcess) => void,
  parentPort = (process as { readonly parentPort?: ParentPort }).parentPort,
): (message: FromProcess) => void {
  return parentPort === undefined ? overParent(onMessage) : overPort(parentPort, onMessage);
}

function overParent(onMessage: (message: ToProcess) => void): (message: FromProcess) => void {
  process.on('message', onMessage);
  process.on('disconnect', () => process.exit());
  return (message) => process.send?.(message, undefined, undefined, () => undefined);
}

function overPort(
  parentPort: ParentPort,
  onMessage: (message: ToProcess) => void,
): (message: FromProcess) => void {
  let port: Port | undefined;
  parentPort.on('message', ({ ports: [given] }) => {
    if (given === undefined || port !== undefined) return;
    port = given;
    port.on('message', ({ data }) => {
      onMessage(data as ToProcess);
    });
    port.on('close', () => process.exit());
    port.start();
  });
  return (message) => port?.postMessage(withOwnBuffers(message));
}
