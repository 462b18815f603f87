/** What Electron's main process alone can do for the host: so little of Electron that tests can stand in for it. */

/** Electron's UtilityProcess, as far as it is needed here. */
export interface Forked<ChannelPort> {
  readonly pid: number | undefined;
  postMessage(message: unknown, ports?: ChannelPort[]): void;
  kill(): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'spawn', listener: () => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
}

export interface Machinery<ChannelPort> {
  forkHost(): Forked<ChannelPort>;
  forkCompute(): Forked<ChannelPort>;
  openChannel(): { readonly port1: ChannelPort; readonly port2: ChannelPort };
  /** Ends a process that does not end by itself. */
  killHard(pid: number): void;
}
