/**
 * `npm run screenshots`: every screen of the interface as it is, over real hosts: empty, with twenty people, when something
 * is wrong; in both themes and both languages; into build/out/screenshots. `--only lobby,results` takes some, `--size 1024x640`
 * takes them at another size than 1440x900. Nothing is judged here: somebody looks at them.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { attackCatalogue } from '../../core/contract/attacks/catalogue.ts';
import { attackNames } from '../../core/contract/attacks/names.ts';
import { runSettingsSchema } from '../../core/contract/run-settings.ts';
import { requestOf } from '../../renderer/state/lab-requests.ts';
import { chromiumMissing, launchChromium } from './chromium.ts';
import { type Studio, studioMachine } from './studio.ts';
import { Crowd } from './crowd.ts';

const target = fileURLToPath(new URL('../out/screenshots', import.meta.url));
const combinations = [
  { theme: 'light', language: 'en' },
  { theme: 'dark', language: 'en' },
  { theme: 'light', language: 'fr' },
  { theme: 'dark', language: 'fr' },
] as const;

const { values } = parseArgs({
  options: { only: { type: 'string' }, size: { type: 'string', default: '1440x900' } },
});
const only = values.only?.split(',');
const [width = Number.NaN, height = Number.NaN] = values.size.split('x').map(Number);
if (!(width >= 320 && height >= 320)) throw new Error('--size must be as in 1024x640');
const viewport = { width, height };
const people = 20;
const small = { model: 'mlp', examplesPerClient: 60, processes: 1 } as const;

const missing = chromiumMissing();
if (missing !== undefined) {
  process.stderr.write(`No screenshots: ${missing}\n`);
  process.exit(1);
}
mkdirSync(target, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'masquerade-screenshots-'));
const browser = await launchChromium(['--hide-scrollbars', '--force-color-profile=srgb']);
const studios: Studio[] = [];
try {
  await empty();
  if (only?.some((word) => word.startsWith('lab')) !== false) await lab();
  if (only?.every((word) => word.startsWith('lab')) !== true) await full();
  process.stderr.write(`${target}\n`);
} finally {
  for (const studio of studios) await studio.close();
  await browser.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

async function open(name: string): Promise<Studio> {
  const studio = await studioMachine({ browser, folder, name, viewport });
  studios.push(studio);
  return studio;
}

/** One picture in every theme and language of what is on screen. */
async function take(studio: Studio, name: string, where?: string): Promise<void> {
  if (only !== undefined && !only.some((word) => name.startsWith(word))) return;
  if (where !== undefined) await studio.go(where);
  for (const { theme, language } of combinations) {
    await studio.calls.ask('savePreferences', { theme, language });
    await settled(studio.page, theme, language);
    await studio.page.screenshot({ path: join(target, `${name}-${theme}-${language}.png`) });
  }
  process.stderr.write(`${name}\n`);
}

/** The page has taken the theme and the language, its typefaces are there, and nothing is being fetched. */
async function settled(page: Page, theme: string, language: string): Promise<void> {
  await page.waitForFunction(
    ([wantedTheme, wantedLanguage]) =>
      document.documentElement.dataset['theme'] === wantedTheme &&
      document.documentElement.lang === wantedLanguage,
    [theme, language],
  );
  await page.evaluate(() => document.fonts.ready);
  await page.waitForLoadState('networkidle');
  // pictures are painted in the next frame
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(resolve));
      }),
  );
}

/** A machine on which nothing has happened yet. */
async function empty(): Promise<void> {
  const studio = await open('empty');
  for (const place of ['', 'coordinate', 'simulate', 'join', 'draw', 'lab', 'results', 'settings'])
    await take(studio, `${place === '' ? 'home' : place}-empty`, `/${place}`);
  await take(studio, 'wrong-place', '/nowhere');
  await take(studio, 'wrong-activity', '/activity/simulation-0123456789');
  await take(studio, 'wrong-result', '/results/run-999');
}

/** A machine that has done something, and does something now, with twenty people. */
async function full(): Promise<void> {
  const studio = await open('full');
  const { calls } = studio;
  await calls.ask('savePreferences', { name: 'Inès', processes: 1 });
  const settings = (changes: object) => runSettingsSchema.parse({ clients: people, ...small, ...changes });

  // results
  const compared = await calls.ask('compare', {
    title: 'Reference experiment, shorter',
    settings: settings({ rounds: 4 }),
  });
  await studio.end(compared.activity);
  await take(studio, 'comparison-over', `/activity/${compared.activity}`);
  for (const [title, changes] of [
    ['Six leave in every round', { rounds: 3, drop: 0.3 }],
    ['No protection', { rounds: 3, masks: false, signatures: false }],
    ['Unequal data, alpha 0.1', { rounds: 3, partition: 'dirichlet:0.1' }],
  ] as const) {
    const { activity } = await calls.ask('simulate', { title, settings: settings(changes), pace: 'full' });
    await studio.end(activity);
    if (title === 'Six leave in every round') await take(studio, 'simulation-over', `/activity/${activity}`);
  }

  // a simulation under way, one phase at a time, in which somebody's update is changed on the way
  const stepped = await calls.ask('simulate', {
    title: 'Five-minute demo',
    settings: settings({ rounds: 3 }),
    pace: 'step',
  });
  const { activity } = stepped;
  await studio.go(`/activity/${activity}`);
  await studio.held(activity, 'advertise-keys');
  await calls.ask('command', { activity, command: { do: 'fault', client: 7, fault: 'tamper' } });
  await calls.ask('command', { activity, command: { do: 'fault', client: 11, fault: 'drop' } });
  await take(studio, 'simulation-keys');
  for (const phase of ['share-keys', 'masked-input', 'statement', 'unmask'] as const) {
    await calls.ask('command', { activity, command: { do: 'next' } });
    await studio.held(activity, phase);
    await take(studio, `simulation-${phase}`);
  }
  await calls.ask('command', { activity, command: { do: 'stop' } });
  await studio.end(activity);

  await session(studio, settings({ rounds: 3 }));
  for (const place of ['', 'coordinate', 'simulate', 'draw', 'results', 'settings'])
    await take(studio, `${place === '' ? 'home' : place}-full`, `/${place}`);
  const results = await calls.ask('results', {});
  const [comparison] = results.filter(({ kind }) => kind === 'comparison');
  const [ended] = results.filter(({ kind }) => kind === 'session');
  const [dropping] = results.filter(({ dropped }) => dropped > 0);
  if (comparison !== undefined) await take(studio, 'result-comparison', `/results/${comparison.id}`);
  if (ended !== undefined) await take(studio, 'result-session', `/results/${ended.id}`);
  if (comparison !== undefined && dropping !== undefined)
    await take(studio, 'results-compared', `/results/compare?runs=${comparison.id},${dropping.id}`);
}

/** Every demonstration of the attack lab, run with its quick settings; the first under each protection, and as it is shown to a room. */
async function lab(): Promise<void> {
  const studio = await open('lab');
  for (const name of attackNames) {
    const description = attackCatalogue[name];
    const { quick: settings } = description;
    const switches = name === 'closed-form' ? ['noise-0.03', 'masks', 'none'] : [description.switches[0]!.id];
    for (const id of switches)
      await studio.attack(
        requestOf(description, { target: { kind: 'fresh' }, settings: { ...settings }, seed: 2 }, id),
      );
    await take(studio, name === 'closed-form' ? 'lab-run' : `lab-${name}`, `/lab/${name}`);
  }
  await studio.go('/lab/closed-form');
  for (const [key, picture] of [
    ['3', 'lab-masked'],
    ['5', 'lab-noise'],
    ['v', 'lab-vote'],
  ] as const) {
    await studio.page.keyboard.press(key);
    await take(studio, picture);
  }
  await studio.page.keyboard.press('Escape');
  await studio.go('/lab/forgery');
  await studio.page.keyboard.press('p');
  await take(studio, 'lab-forgery-projector');
  await studio.page.keyboard.press('p');
  await take(studio, 'lab-present', '/lab/present');
  await studio.page.keyboard.press('Escape');
  const [first] = await studio.calls.ask('attackReports', {});
  if (first !== undefined) await studio.calls.ask('putInReport', { id: first.id, on: true });
  await take(studio, 'lab-report', '/lab/report');
  await take(studio, 'lab-full', '/lab');
}

/** A session of twenty: one of them at a machine that is looked at, too. */
async function session(leader: Studio, settings: ReturnType<typeof runSettingsSchema.parse>): Promise<void> {
  const participant = await open('participant');
  await participant.calls.ask('savePreferences', { name: 'Chloé', processes: 1 });
  await take(participant, 'join-typed', '/join');
  const { activity } = await leader.calls.ask('coordinate', {
    title: 'Cryptography M2, group B',
    settings,
    data: 'dealt',
    demonstration: false,
    deadlineSeconds: null,
  });
  await leader.go(`/activity/${activity}`);
  const link = await leader.link(activity);
  await take(leader, 'lobby-empty');
  const joined = await participant.calls.ask('join', {
    invitation: link,
    name: 'Chloé',
    data: { kind: 'dealt' },
    agreeToDemonstration: false,
  });
  await participant.go(`/activity/${joined.activity}`);
  await participant.until(joined.activity, ({ type }) => type === 'roster-list');
  const crowd = Crowd.join(link, people - 1);
  try {
    await leader.until(activity, (event) => event.type === 'lobby' && event.participants.length === people);
    await take(leader, 'lobby-full');
    await take(participant, 'participant-lobby');

    // somebody reads other words: back in the lobby
    await leader.calls.ask('command', { activity, command: { do: 'close-lobby' } });
    await participant.until(joined.activity, ({ type }) => type === 'question');
    await take(leader, 'lobby-words');
    await take(participant, 'participant-words');
    await participant.calls.ask('command', {
      activity: joined.activity,
      command: { do: 'answer-words', agreed: false },
    });
    await leader.until(activity, ({ type }) => type === 'error');
    await take(leader, 'wrong-words');
    await take(participant, 'wrong-words-participant');

    const asked = participant.next(joined.activity, ({ type }) => type === 'question');
    await leader.calls.ask('command', { activity, command: { do: 'close-lobby' } });
    await asked;
    await participant.calls.ask('command', {
      activity: joined.activity,
      command: { do: 'answer-words', agreed: true },
    });
    await leader.calls.ask('command', { activity, command: { do: 'start' } });
    await leader.until(activity, (event) => event.type === 'round');
    await leader.calls.ask('command', { activity, command: { do: 'pause' } });
    await take(leader, 'session-paused');
    await take(participant, 'participant-round');
    await leader.calls.ask('command', { activity, command: { do: 'resume' } });
    await leader.end(activity);
    await participant.end(joined.activity);
    await take(leader, 'session-over');
    await take(participant, 'participant-over');
  } finally {
    crowd.end();
  }
}
