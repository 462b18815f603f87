import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import type { Texts } from '../../renderer/messages/translate.ts';
import { assertNoScroll, assertQuiet, Inspection } from '../support/interface-checks.ts';
import { type Machine, Room, skip } from '../support/interface-machines.ts';
import { keepRuns, someRuns } from '../support/interface-results.ts';
import { english, french, tabTo } from '../support/interface-steps.ts';

const places = ['', 'coordinate', 'simulate', 'join', 'draw', 'lab', 'results', 'settings'] as const;

/** Of the windows that people have, the one in which least fits. */
const narrow = { width: 1024, height: 640 } as const;

async function show(page: Page, place: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, `/${place}`);
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.waitForLoadState('networkidle');
}

async function lookEverywhere({ page, name }: Machine, { t }: Texts, inspection: Inspection): Promise<void> {
  for (const place of places) {
    await show(page, place);
    await inspection.look(page, `#/${place} at ${name}’s`);
    assert.equal(await page.locator('h1').count(), 1, `#/${place} has one first heading`);
  }
  await show(page, 'nowhere');
  await page.getByRole('heading', { name: t('shell.unknown') }).waitFor();
  await inspection.look(page, `no such page at ${name}’s`);
}

// Each theme, language and size once, and once with runs of before: what axe finds hangs on one of them at a time.
describe('every screen', { skip }, () => {
  let room: Room;
  before(async () => {
    room = await Room.open();
  });
  after(() => room.close());

  it('is accessible and holds in its window: light, English, and nothing run; holds in a small one, too', async () => {
    const machine = await room.machine('ada');
    const { page } = machine;
    const inspection = new Inspection();
    await lookEverywhere(machine, english, inspection);
    await page.setViewportSize(narrow);
    for (const place of [...places, 'nowhere']) {
      await show(page, place);
      await assertNoScroll(page, `#/${place} in a small window`);
    }
    await show(page, 'results');
    // the frame of what will come
    await page.getByText('0.9786', { exact: true }).waitFor();
    inspection.assertNothingFound();
    assertQuiet(machine);
  });

  it('is accessible and holds in its window: dark, French, small, with runs of before, and on a projector', async () => {
    await keepRuns(room, 'chloe', someRuns());
    const machine = await room.machine('chloe', { theme: 'dark', language: 'fr', ...narrow });
    const { page } = machine;
    const inspection = new Inspection();
    await lookEverywhere(machine, french, inspection);
    await show(page, 'results');
    await page.getByRole('heading', { name: /Vingt clients/ }).waitFor();
    assert.deepEqual(
      await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset['theme']]),
      ['fr', 'dark'],
    );
    await show(page, '');
    await page.keyboard.press('p');
    await page.waitForFunction(() => document.documentElement.dataset['mode'] === 'projector');
    await inspection.look(page, 'home on a projector');
    inspection.assertNothingFound();
    assertQuiet(machine);
  });
});

describe('the keyboard alone', { skip }, () => {
  let room: Room;
  let machine: Machine;
  before(async () => {
    room = await Room.open();
    machine = await room.machine('ada');
  });
  after(() => room.close());

  const { t } = english;
  const focused = (): Promise<string> =>
    machine.page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent.trim() ?? '';
    });

  it('skips to the content, and walks the rail', async () => {
    const { page } = machine;
    await page.keyboard.press('Tab');
    assert.equal(await focused(), t('shell.skip'));
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
    await page.getByRole('link', { name: t('shell.results'), exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: t('runs.empty') }).waitFor();
  });

  it('opens a session from the first screen, without a mouse', async () => {
    const { page } = machine;
    await page.getByRole('link', { name: t('shell.home'), exact: true }).focus();
    await page.keyboard.press('Enter');
    const door = page.getByRole('link', { name: t('home.coordinate.open') });
    await tabTo(page, door);
    await page.keyboard.press('Enter');
    const open = page.getByRole('button', { name: t('setup.session.open') });
    await tabTo(page, open);
    await page.keyboard.press('Enter');
    await page.locator('.code-box').waitFor();
    // large, for the wall; and back with Escape, to where one was
    const large = page.getByRole('button', { name: t('lobby.large') });
    await large.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    // a file that leads to this session where it is opened
    const downloaded = page.waitForEvent('download');
    await page.getByRole('button', { name: t('lobby.file') }).focus();
    await page.keyboard.press('Enter');
    const file = await downloaded;
    assert.match(file.suggestedFilename(), /\.masquerade-join$/);
    assert.match(await readFile(await file.path(), 'utf8'), /^masquerade:\/\/join\/\S+$/);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.waitForFunction(
      (text) => document.activeElement?.textContent.includes(text),
      t('lobby.large'),
    );
    await page.keyboard.press('p');
    await page.waitForFunction(() => document.documentElement.dataset['mode'] === 'projector');
    await page.keyboard.press('p');
    await page.waitForFunction(() => document.documentElement.dataset['mode'] === 'desk');
  });

  it('never loses the focus to nothing visible', async () => {
    const { page } = machine;
    await page.getByRole('link', { name: t('shell.results'), exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: t('runs.empty') }).waitFor();
    for (let presses = 0; presses < 30; presses += 1) {
      await page.keyboard.press('Tab');
      const visible = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === null || element === document.body) return true;
        const { width, height } = element.getBoundingClientRect();
        return width > 0 && height > 0;
      });
      assert.ok(visible, `after ${presses + 1} presses: ${await focused()}`);
    }
  });
});
