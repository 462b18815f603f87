/** A machine that is looked at: its host, its page, and a program's own way to the host beside it. */
import type { Browser, Page } from 'playwright-core';
import type { AttackRequest } from '../../core/contract/attacks/attack-request.ts';
import type { WatchEvent } from '../../core/contract/watch-event.ts';
import { HostCalls } from './host-calls.ts';
import { InterfaceHost } from './host-process.ts';

/** Between two looks at whether an attack has ended, ms. */
const pollMs = 200;

export interface Studio {
  readonly page: Page;
  readonly calls: HostCalls;
  /** To a place of the interface. */
  go(path: string): Promise<void>;
  /** The first event of an activity that fits, among those that came before too. */
  until(activity: string, fits: (event: WatchEvent) => boolean): Promise<WatchEvent>;
  /** The next one, from now on; the activity is watched already. */
  next(activity: string, fits: (event: WatchEvent) => boolean): Promise<WatchEvent>;
  /** In steps: the messages of this phase wait. */
  held(activity: string, phase: string): Promise<void>;
  /** The activity has ended, and what came of it is kept. */
  end(activity: string): Promise<void>;
  /** Runs an attack to its end; throws where it has no report. */
  attack(request: AttackRequest): Promise<void>;
  /** To join a session that this machine leads. */
  link(activity: string): Promise<string>;
  close(): Promise<void>;
}

export async function studioMachine(options: {
  readonly browser: Browser;
  readonly folder: string;
  readonly name: string;
  readonly viewport: { readonly width: number; readonly height: number };
}): Promise<Studio> {
  const { browser, folder, name, viewport } = options;
  const host = await InterfaceHost.start(folder, name);
  const calls = await HostCalls.connect(host.link);
  const context = await browser.newContext({ viewport, reducedMotion: 'reduce', locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(host.link);
  await page.locator('#main').waitFor();
  const watched = new Set<string>();
  const until = async (activity: string, fits: (event: WatchEvent) => boolean): Promise<WatchEvent> => {
    if (!watched.has(activity)) {
      watched.add(activity);
      await calls.ask('watch', { activity });
    }
    return calls.until(activity, fits);
  };
  return {
    page,
    calls,
    async go(path) {
      await page.evaluate((to) => {
        location.hash = to;
      }, path);
      await page.locator('#main').waitFor();
      await page.waitForLoadState('networkidle');
    },
    until,
    next: (activity, fits) => calls.next(activity, fits),
    async held(activity, phase) {
      await until(activity, (event) => event.type === 'held' && event.phase === phase);
    },
    async end(activity) {
      const { stage } = await calls.ask('watch', { activity });
      watched.add(activity);
      if (stage !== 'ended') await calls.until(activity, ({ type }) => type === 'finished');
    },
    async attack(request) {
      const { run } = await calls.ask('startAttack', request);
      for (;;) {
        const runs = await calls.ask('attackRuns', {});
        const stage = runs.find((known) => known.run === run)?.stage;
        if (stage === 'done') return;
        if (stage !== 'running') throw new Error(`the attack ${request.attack} ended ${stage ?? 'unknown'}`);
        await new Promise((resolve) => setTimeout(resolve, pollMs));
      }
    },
    async link(activity) {
      const { invitation } = await calls.ask('watch', { activity });
      watched.add(activity);
      if (invitation !== null) return invitation.link;
      const event = await calls.until(activity, ({ type }) => type === 'listening');
      return event.type === 'listening' ? event.link : '';
    },
    async close() {
      await context.close();
      calls.close();
      await host.kill();
    },
  };
}
