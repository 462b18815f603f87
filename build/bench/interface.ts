/**
 * What the interface costs in a browser: how soon something is seen, how long its thread is held up while twenty clients
 * train beside it, how much must be fetched first, how its memory grows over many rounds. A host of its own, as a
 * process; Chromium without a head; everything through the browser's own performance API. Baselines of the same run: a
 * page with one heading and nothing else, in the same browser, at the same time; for long tasks, one that works 10 ms
 * twenty times a second, as what holds that up is the machine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page, Response } from 'playwright-core';
import { type RunSettings, runSettingsSchema } from '../../core/contract/run-settings.ts';
import { chromiumMissing, launchChromium } from '../interface/chromium.ts';
import { HostCalls } from '../interface/host-calls.ts';
import { InterfaceHost } from '../interface/host-process.ts';
import { gzippedBytes } from '../interface/weight.ts';
import { type BenchPart, type BenchRow, median } from './table.ts';

export interface InterfaceOptions {
  /** Starts, of which the middle one counts. */
  readonly repeat: number;
  /** Of the small model, over which memory is watched. */
  readonly rounds: number;
  readonly onProgress: (text: string) => void;
}

/** ms; and no longer than that may the page's thread be held up. */
const goalPaintMs = 1_500;
const goalTaskMs = 50;
/** ms from the press of Run to the first picture; pictures a second while it works. */
const goalPictureMs = 1_000;
const goalPictures = 5;
/** From a page of the lab, or a verdict, to the next press of Run, ms. */
const readingMs = 3_000;
/** Longer than the search takes on a busy machine, ms. */
const labMs = 180_000;
const clients = 20;
const title = 'Measured';
/** Rounds before memory counts: buffers fill, code is compiled. */
const settledAfter = 20;

export async function benchInterface(options: InterfaceOptions): Promise<BenchPart> {
  const missing = chromiumMissing();
  if (missing !== undefined) throw new Error(`cannot measure the interface, as ${missing}`);
  const folder = mkdtempSync(join(tmpdir(), 'masquerade-interface-bench-'));
  const bare = await serveBarePage();
  const host = await InterfaceHost.start(folder, 'machine');
  const browser = await launchChromium(['--enable-precise-memory-info']);
  try {
    const bench = { ...options, browser, host, bare: bare.url };
    options.onProgress('interface: first paint');
    const paint = await measurePaint(bench);
    options.onProgress(`interface: long tasks while ${clients} clients train`);
    const tasks = await measureTasks(bench);
    options.onProgress(`interface: memory over ${options.rounds} rounds`);
    const memory = await measureMemory(bench);
    options.onProgress('interface: the attack lab');
    const lab = await measureLab(bench);
    return {
      name: 'interface',
      about:
        'Chromium without a head; baseline: a page with one heading, in the same browser at the same time. Long tasks: those of 50 ms and more, by the clock; baseline there: a page that works 10 ms twenty times a second. Pictures of the lab: of one search for an image by its gradient, from the press of Run, three seconds after the page, or the last verdict, was there; baselines: until the page says that it works, and how often the empty page could be redrawn meanwhile.',
      rows: [...paint, ...tasks, ...memory, ...lab],
    };
  } finally {
    await browser.close();
    await host.kill();
    bare.server.close();
    rmSync(folder, { recursive: true, maxRetries: 3 });
  }
}

interface Bench extends InterfaceOptions {
  readonly browser: Browser;
  readonly host: InterfaceHost;
  /** Of the page with nothing but a heading. */
  readonly bare: string;
}

function row(
  measure: string,
  unit: string,
  { value, baseline, goal = null }: Readonly<Record<'value' | 'baseline', number>> & { goal?: number | null },
): BenchRow {
  return { measure, value, unit, baseline, goal };
}

// First paint, and what must be fetched for it

async function measurePaint({ browser, host, bare, repeat }: Bench): Promise<readonly BenchRow[]> {
  const starts: { readonly paint: number; readonly usable: number; readonly bare: number }[] = [];
  let first = 0;
  let all = 0;
  for (let run = 0; run < repeat; run += 1) {
    const [page, empty] = [await freshPage(browser), await freshPage(browser)];
    const fetched: Response[] = [];
    page.on('response', (response) => {
      fetched.push(response);
    });
    await empty.goto(bare);
    const bareMs = await paintMs(empty);
    await page.goto(host.link);
    const paint = await paintMs(page);
    await page.locator('#main').waitFor();
    const usable = await page.evaluate(() => performance.now());
    starts.push({ paint, usable, bare: bareMs });
    first = await gzippedBytes(fetched);
    await visitAll(page);
    all = await gzippedBytes(fetched);
    await page.context().close();
    await empty.context().close();
  }
  const middle = (of: (start: (typeof starts)[number]) => number): number => median(starts.map(of));
  return [
    row('first paint', 'ms', {
      value: middle(({ paint }) => paint),
      baseline: middle((start) => start.bare),
      goal: goalPaintMs,
    }),
    row('first screen there', 'ms', {
      value: middle(({ usable }) => usable),
      baseline: middle((start) => start.bare),
      goal: goalPaintMs,
    }),
    row('scripts and styles of the first screen, gzipped; baseline: of all screens', 'kB', {
      value: first / 1000,
      baseline: all / 1000,
    }),
  ];
}

function paintMs(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const [paint] = list.getEntriesByName('first-contentful-paint');
          if (paint !== undefined) resolve(paint.startTime);
        }).observe({ type: 'paint', buffered: true });
      }),
  );
}

const places = ['coordinate', 'simulate', 'join', 'draw', 'lab', 'results', 'settings'];

async function visitAll(page: Page): Promise<void> {
  for (const place of places) {
    await page.evaluate((to) => {
      location.hash = to;
    }, `/${place}`);
    await page.locator('h1').first().waitFor({ state: 'attached' });
    await page.waitForLoadState('networkidle');
  }
}

// Long tasks

async function measureTasks(bench: Bench): Promise<readonly BenchRow[]> {
  const settings = runSettingsSchema.parse({ clients, rounds: 3, examplesPerClient: 600 });
  const tasks = async (of: Page): Promise<readonly number[]> => of.evaluate(() => globalThis.longTasks);
  let opening: readonly number[] = [];
  const { page, bare } = await watchSimulation(bench, settings, async (shown, empty) => {
    // a screen that is opened is built once; what counts is what comes after
    await shown.getByRole('heading', { level: 1, name: title }).waitFor();
    opening = await tasks(shown);
    await empty.evaluate(workALittle);
    for (const one of [shown, empty])
      await one.evaluate(() => {
        globalThis.longTasks = [];
      });
  });
  const [own, empty] = [await tasks(page), await tasks(bare)];
  const longest = (of: readonly number[]): number => Math.max(0, ...of);
  await page.context().close();
  await bare.context().close();
  return [
    row('the longest task while the session’s screen is opened', 'ms', {
      value: longest(opening),
      baseline: 0,
    }),
    row(`tasks over ${goalTaskMs} ms while ${clients} clients train`, '', {
      value: own.length,
      baseline: empty.length,
      goal: 0,
    }),
    row('the longest of them', 'ms', {
      value: longest(own),
      baseline: longest(empty),
      goal: goalTaskMs,
    }),
  ];
}

/** 10 ms of work twenty times a second: on a busy machine, even that takes longer at times. */
function workALittle(): void {
  const work = (steps: number): number => {
    let sum = 0;
    for (let step = 0; step < steps; step += 1) sum += Math.sqrt(step);
    return sum;
  };
  let steps = 100_000;
  for (let tries = 0; tries < 5; tries += 1) {
    const began = performance.now();
    work(steps);
    steps = Math.round((steps * 10) / Math.max(0.1, performance.now() - began));
  }
  setInterval(work, 50, steps);
}

declare global {
  /** In the pages: how long each long task took, ms. */
  var longTasks: number[];
  /** When the rebuilt picture was painted, the page said that it works, and Run was pressed, ms. */
  var painted: number[];
  var working: number;
  var pressed: number;
  /** Of the empty page: how often it could have been redrawn. */
  var redrawn: number;
}

/** Before it is loaded. */
function observeTasks(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longTasks.push(duration);
    }).observe({ type: 'longtask' });
  });
}

/** A simulation from its beginning to its end, on screen; and the empty page beside it, for as long. */
async function watchSimulation(
  { browser, host, bare }: Bench,
  settings: RunSettings,
  during?: (page: Page, bare: Page, activity: string, calls: HostCalls) => Promise<void>,
): Promise<{ readonly page: Page; readonly bare: Page }> {
  const calls = await HostCalls.connect(host.link);
  try {
    const [page, empty] = [await freshPage(browser), await freshPage(browser)];
    for (const one of [page, empty]) await observeTasks(one);
    await empty.goto(bare);
    await page.goto(host.link);
    await page.locator('#main').waitFor();
    const { activity } = await calls.ask('simulate', { title, settings, pace: 'full' });
    const before = await calls.ask('watch', { activity });
    await page.evaluate((id) => {
      location.hash = `/activity/${id}`;
      globalThis.longTasks = [];
    }, activity);
    if (before.outcome === null) {
      await during?.(page, empty, activity, calls);
      await calls.until(activity, (event) => event.type === 'stored');
    }
    return { page, bare: empty };
  } finally {
    calls.close();
  }
}

// The attack lab

async function measureLab({ browser, host, bare, repeat }: Bench): Promise<readonly BenchRow[]> {
  const runs: Readonly<
    Record<'first' | 'working' | 'rate' | 'frames' | 'longest' | 'bareLongest', number>
  >[] = [];
  const [page, empty] = [await freshPage(browser), await freshPage(browser)];
  for (const one of [page, empty]) await observeTasks(one);
  await page.addInitScript(watchPictures);
  await empty.goto(bare);
  await empty.evaluate(workALittle);
  await empty.evaluate(() => {
    const count = (): void => {
      globalThis.redrawn += 1;
      requestAnimationFrame(count);
    };
    count();
  });
  await page.goto(host.link);
  await page.locator('#main').waitFor();
  await page.evaluate(() => {
    location.hash = '/lab/gradient-matching';
  });
  const button = page.locator('.bar .primary');
  await button.waitFor();
  for (let run = 0; run < repeat; run += 1) {
    // a person reads before pressing; a process is got ready meanwhile
    await page.waitForTimeout(readingMs);
    await empty.evaluate(() => {
      [globalThis.redrawn, globalThis.longTasks] = [0, []];
    });
    await page.evaluate(() => {
      [globalThis.painted, globalThis.working, globalThis.longTasks] = [[], NaN, []];
    });
    await button.click();
    await page.getByRole('progressbar').waitFor();
    await page.getByRole('progressbar').waitFor({ state: 'detached', timeout: labMs });
    const { pressed, painted, working, ended, longest } = await page.evaluate(() => ({
      pressed: globalThis.pressed,
      painted: globalThis.painted,
      working: globalThis.working,
      ended: performance.now(),
      longest: Math.max(0, ...globalThis.longTasks),
    }));
    const ofBare = await empty.evaluate(() => ({
      frames: globalThis.redrawn,
      longest: Math.max(0, ...globalThis.longTasks),
    }));
    const [first = NaN, last = NaN] = [painted[0], painted.at(-1)];
    runs.push({
      first: first - pressed,
      working: working - pressed,
      rate: ((painted.length - 1) * 1000) / (last - first),
      frames: (ofBare.frames * 1000) / (ended - pressed),
      longest,
      bareLongest: ofBare.longest,
    });
  }
  await page.context().close();
  await empty.context().close();
  const middle = (of: (run: (typeof runs)[number]) => number): number => median(runs.map(of));
  return [
    row('the lab: from the press of Run to the first rebuilt picture', 'ms', {
      value: middle(({ first }) => first),
      baseline: middle(({ working }) => working),
      goal: goalPictureMs,
    }),
    row(`pictures a second while it searches; at least ${goalPictures}`, '1/s', {
      value: middle(({ rate }) => rate),
      baseline: middle(({ frames }) => frames),
    }),
    row('the longest task meanwhile', 'ms', {
      value: Math.max(...runs.map(({ longest }) => longest)),
      baseline: Math.max(...runs.map(({ bareLongest }) => bareLongest)),
      goal: goalTaskMs,
    }),
  ];
}

/** In the lab's page: when Run is pressed, when it says that it works, and every painting of the rebuilt picture. */
function watchPictures(): void {
  [globalThis.painted, globalThis.working] = [[], NaN];
  addEventListener('click', () => (globalThis.pressed = performance.now()), { capture: true });
  const prototype = CanvasRenderingContext2D.prototype;
  const original = Object.getOwnPropertyDescriptor(prototype, 'putImageData')!.value as (
    ...given: unknown[]
  ) => void;
  prototype.putImageData = function (this: CanvasRenderingContext2D, ...given: unknown[]): void {
    original.apply(this, given);
    const rebuilt = document.querySelectorAll('.candidates figure')[1];
    if (rebuilt?.contains(this.canvas) === true && Number.isFinite(globalThis.working))
      globalThis.painted.push(performance.now());
  };
  new MutationObserver(() => {
    if (Number.isNaN(globalThis.working) && document.querySelector('[role=progressbar]') !== null)
      globalThis.working = performance.now();
  }).observe(document, { childList: true, subtree: true });
}

// Memory

async function measureMemory(bench: Bench): Promise<readonly BenchRow[]> {
  const settings = runSettingsSchema.parse({
    clients: 4,
    rounds: bench.rounds,
    examplesPerClient: 20,
    model: 'cnn-light',
  });
  let [early, emptyEarly] = [NaN, NaN];
  const { page, bare } = await watchSimulation(bench, settings, async (shown, empty, activity, calls) => {
    await calls.until(
      activity,
      (event) => event.type === 'simulated-round' && event.round >= Math.min(settledAfter, bench.rounds - 1),
    );
    [early, emptyEarly] = [await heapBytes(shown), await heapBytes(empty)];
  });
  const [late, emptyLate] = [await heapBytes(page), await heapBytes(bare)];
  await page.context().close();
  await bare.context().close();
  return [
    row(`memory of the page after ${bench.rounds} rounds`, 'MB', {
      value: late / 1e6,
      baseline: emptyLate / 1e6,
    }),
    row(`its growth since round ${settledAfter}`, 'MB', {
      value: (late - early) / 1e6,
      baseline: (emptyLate - emptyEarly) / 1e6,
    }),
  ];
}

/** What is still in use once everything else has been collected. */
async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

// Pages

async function freshPage(browser: Browser): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  return context.newPage();
}

async function serveBarePage(): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end('<!doctype html><title>Nothing</title><h1>Nothing</h1>');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve();
    });
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
