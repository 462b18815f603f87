/** The host's bundle of a built application, in a thread, with main's own classes around it and a window's port to it. */
import { setTimeout as wait } from 'node:timers/promises';
import type { MessagePort, Worker } from 'node:worker_threads';
import type { ResultSummary } from '../../core/contract/results.ts';
import { type RunSettings, runSettingsSchema } from '../../core/contract/run-settings.ts';
import type { OpenHost, ShellQuestion } from '../../main/electron/host-channel.ts';
import { HostLink } from '../../main/electron/host-link.ts';
import type { Forked } from '../../main/electron/machinery.ts';
import { callOver, type PortCaller } from './call-over-port.ts';
import { openChannel, postWithPorts, startUtilityThread } from './electron-ports.ts';

export interface HostThread extends PortCaller {
  /** Runs a simulation from its start to its end; resolves with the summary of its result. */
  simulate(settings: Partial<RunSettings>): Promise<ResultSummary>;
  go(to: string): void;
  close(): Promise<void>;
}

export function forkThread(bundle: string): Forked<MessagePort> & { readonly thread: Worker } {
  const thread = startUtilityThread(bundle);
  return {
    thread,
    pid: process.pid,
    postMessage(message, ports = []) {
      postWithPorts(thread, message, ports);
    },
    kill: () => thread.terminate(),
    on(event: 'message' | 'spawn' | 'exit', listener: (value: never) => void) {
      thread.on(event === 'spawn' ? 'online' : event, listener as (...args: unknown[]) => void);
    },
  };
}

/** bundle: the path of one by its name. Rejects where the data folder cannot be opened. */
export async function openHostThread(
  bundle: (name: string) => string,
  options: OpenHost,
  asked: (question: ShellQuestion) => Promise<unknown>,
): Promise<HostThread> {
  const opened = Promise.withResolvers<undefined>();
  const fail = (message: string): void => {
    opened.reject(new Error(message));
  };
  const link = new HostLink<MessagePort>(
    {
      forkHost: () => forkThread(bundle('host.cjs')),
      forkCompute: () => forkThread(bundle('compute.cjs')),
      openChannel,
      // all are threads of this process
      killHard: () => undefined,
    },
    {
      opened: () => {
        opened.resolve(undefined);
      },
      refused: (code, message) => {
        fail(`${code}: ${message}`);
      },
      preferences: () => undefined,
      activities: () => undefined,
      asked,
      gone: (code) => {
        fail(`exit code ${code}`);
      },
    },
  );
  link.open(options);
  const port = link.connectWindow();
  const caller = callOver(port);
  await opened.promise;
  return {
    ...caller,
    async simulate(settings) {
      const { activity } = await caller.call('simulate', {
        title: 'A run',
        settings: runSettingsSchema.parse(settings),
        pace: 'full',
      });
      for (;;) {
        const found = (await caller.call('activities', {})).find((known) => known.activity === activity);
        if (found?.stage === 'ended') break;
        await wait(50);
      }
      const [summary] = await caller.call('results', {});
      if (summary === undefined) throw new Error('the simulation left no result');
      return summary;
    },
    go: (to) => {
      link.go(to);
    },
    async close() {
      await link.close(10_000);
      port.close();
    },
  };
}
