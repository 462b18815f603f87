import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { assertQuiet, Inspection } from '../support/interface-checks.ts';
import { type Machine, Room, skip } from '../support/interface-machines.ts';
import { keepRuns, someRuns } from '../support/interface-results.ts';
import { english, french, tabTo } from '../support/interface-steps.ts';

const places = ['', 'coordinate', 'simulate', 'join', 'draw', 'lab', 'results', 'settings'] as const;

describe('every screen', { skip }, () => {
  let room: Room;
  before(async () => {
    room = await Room.open();
  });
  after(() => room.close());

  for (const theme of ['light', 'dark'] as const)
    for (const [language, { t }] of [
      ['en', english],
      ['fr', french],
    ] as const)
      for (const [width, height] of theme === 'light' ? [[1440, 900]] : [[1024, 640]])
        it(`is accessible and holds in its window: ${theme}, ${language}, ${width} x ${height}`, async () => {
          const name = `${theme}-${language}`;
          await keepRuns(room, name, language === 'en' ? someRuns() : []);
          const machine = await room.machine(name, { theme, language, width: width!, height: height! });
          const { page } = machine;
          const inspection = new Inspection();
          for (const place of places) {
            await page.evaluate((to) => {
              location.hash = to;
            }, `/${place}`);
            await page.locator('h1').first().waitFor({ state: 'attached' });
            await page.waitForLoadState('networkidle');
            await inspection.look(page, `#/${place}, ${theme}, ${language}`);
            assert.equal(await page.locator('h1').count(), 1, `#/${place} has one first heading`);
          }
          await page.evaluate(() => {
            location.hash = '/nowhere';
          });
          await page.getByRole('heading', { name: t('shell.unknown') }).waitFor();
          await inspection.look(page, `no such page, ${theme}, ${language}`);
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
