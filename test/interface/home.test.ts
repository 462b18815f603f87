/** Home, the frame around every screen, drawings, settings and the set-up of a simulation, over a real host. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { textsOf } from '../../renderer/messages/translate.ts';
import { assertAccessible, assertNoScroll, assertQuiet } from '../support/interface-checks.ts';
import { type Machine, Room, shell, skip } from '../support/interface-machines.ts';
import { drawSeven } from '../support/interface-steps.ts';

const { t } = textsOf('en');
const passphrase = 'a walk in the park';

async function go(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, path);
}

async function modeOf(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.documentElement.dataset['mode']);
}

describe('one machine', { skip }, () => {
  let room: Room;
  let machine: Machine;

  before(async () => {
    room = await Room.open();
    machine = await room.machine('ada', { measuring: true });
  });
  after(() => room.close());

  describe('home', () => {
    it('takes a name on the spot, and gives the former one back', async () => {
      const { page } = machine;
      const name = page.locator('.machine .shown');
      assert.equal(await name.innerText(), t('home.machine.nobody'));
      await page.getByRole('button', { name: t('home.machine.rename') }).click();
      await page.keyboard.type('Ada <b>Lovelace</b>');
      await page.keyboard.press('Enter');
      await page.getByText(t('home.machine.named', { name: 'Ada <b>Lovelace</b>' })).waitFor();
      assert.equal(await name.innerText(), 'Ada <b>Lovelace</b>');
      await page.getByRole('button', { name: t('shell.undo') }).click();
      await page.getByText(t('home.machine.nobody')).waitFor();
    });

    it('rebuilds images from single steps as they are, and nothing of them from masked ones', async () => {
      const { page } = machine;
      const strip = page.getByRole('img', { name: /rebuilt/ });
      await strip.waitFor();
      const rows = await strip.evaluate((element) => {
        const pixels = [...element.querySelectorAll('canvas')].map((canvas) => [
          ...(canvas.getContext('2d')?.getImageData(0, 0, 28, 28).data ?? []),
        ]);
        const count = pixels.length / 3;
        return Array.from({ length: count }, (_, at) => ({
          image: pixels[at] ?? [],
          rebuilt: pixels[at + count] ?? [],
          masked: pixels[at + 2 * count] ?? [],
        }));
      });
      assert.equal(rows.length, 7);
      for (const { image, rebuilt, masked } of rows) {
        const furthest = (other: readonly number[]) =>
          Math.max(...image.map((value, at) => Math.abs(value - (other[at] ?? 0))));
        assert.ok(new Set(image).size > 20, 'an image is drawn');
        assert.ok(furthest(rebuilt) <= 1);
        assert.ok(furthest(masked) > 50);
      }
      await assertAccessible(page, 'home');
      await assertNoScroll(page, 'home');
    });
  });

  describe('the frame', () => {
    it('names the window by the screen, starts who reads by ear at its top, and keeps the place on reload', async () => {
      const { page } = machine;
      await page.getByRole('link', { name: t('shell.draw'), exact: true }).click();
      await page.getByRole('heading', { level: 1, name: t('draw.title') }).waitFor();
      assert.equal(await page.title(), t('shell.title', { screen: t('shell.title.draw') }));
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
      await page.reload();
      await page.getByRole('heading', { level: 1, name: t('draw.title') }).waitFor();
    });

    it('lists the keys, and keeps the focus until the list is closed', async () => {
      const { page } = machine;
      await page.keyboard.press('?');
      const dialog = page.getByRole('dialog', { name: t('shell.keys') });
      await dialog.waitFor();
      await assertAccessible(page, 'the list of keys');
      await page.keyboard.press('p');
      assert.equal(await modeOf(page), 'desk', 'keys mean nothing under a dialog');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    });

    it('leaves the projector view by key, by Escape, and by a press', async () => {
      const { page } = machine;
      for (const leave of ['p', 'Escape', 'press']) {
        await page.keyboard.press('p');
        assert.equal(await modeOf(page), 'projector');
        assert.equal(await page.getByRole('navigation', { name: t('shell.navigation') }).count(), 0);
        if (leave === 'press') await page.getByRole('button', { name: t('shell.projector.leave') }).click();
        else await page.keyboard.press(leave);
        assert.equal(await modeOf(page), 'desk');
      }
    });

    it('skips the rail for whoever comes by keyboard', async () => {
      const { page } = machine;
      await go(page, '/');
      await page.getByRole('heading', { level: 1, name: 'Masquerade' }).waitFor();
      const skipLink = page.getByRole('link', { name: t('shell.skip') });
      await skipLink.focus();
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
      assertQuiet(machine);
    });
  });

  describe('drawings', () => {
    before(async () => {
      await go(machine.page, '/draw');
      await machine.page.getByRole('application').waitFor();
    });

    const kept = (page: Page) => page.locator('[data-drawing]');

    it('are drawn by mouse and kept by the key of their digit; an empty pad keeps nothing', async () => {
      const { page } = machine;
      await drawSeven(page);
      await page.getByRole('button', { name: t('draw.keep', { digit: '7' }), disabled: false }).waitFor();
      await page.keyboard.press('7');
      await page.getByRole('button', { name: /^A 7, / }).waitFor();
      await page.keyboard.press('7');
      await drawSeven(page);
      await page.getByRole('button', { name: t('draw.keep', { digit: '1' }) }).click();
      await page.getByRole('button', { name: /^A 1, / }).waitFor();
      assert.equal(await kept(page).count(), 2);
      await page.getByText(t('draw.kept', { digit: '1' })).waitFor();
      await page
        .getByRole('button', { name: t('shell.undo') })
        .last()
        .click();
      await page.getByRole('button', { name: /^A 1, / }).waitFor({ state: 'detached' });
    });

    it('are drawn without a mouse', async () => {
      const { page } = machine;
      await page.getByRole('application').focus();
      for (const key of ['ArrowUp', 'ArrowUp', 'Space', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Space'])
        await page.keyboard.press(key);
      await page.getByRole('button', { name: t('draw.keep', { digit: '1' }), disabled: false }).waitFor();
      await page.keyboard.press('1');
      await page.getByRole('button', { name: /^A 1, / }).waitFor();
    });

    it('are removed, put back, and there after a crash', async () => {
      const { page } = machine;
      await kept(page).first().click();
      await page.getByRole('button', { name: t('draw.remove', { count: 1 }) }).click();
      await page.getByText(t('draw.removed', { count: 1 })).waitFor();
      assert.equal(await kept(page).count(), 1);
      await page
        .getByRole('button', { name: t('shell.undo') })
        .last()
        .click();
      await kept(page).nth(1).waitFor();
      await assertAccessible(page, 'drawings');
      await machine.restart();
      await go(machine.page, '/draw');
      await kept(machine.page).nth(1).waitFor();
      assertQuiet(machine);
    });
  });

  describe('settings', () => {
    before(async () => {
      await go(machine.page, '/settings');
      await machine.page.getByRole('heading', { level: 1, name: t('settings.title') }).waitFor();
    });

    it('change language and theme at once, and back', async () => {
      const { page } = machine;
      const french = textsOf('fr').t;
      await page.getByRole('radio', { name: 'Français' }).check({ force: true });
      await page.getByRole('heading', { level: 1, name: french('settings.title') }).waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'fr');
      await page.getByRole('button', { name: french('shell.undo') }).click();
      await page.getByRole('heading', { level: 1, name: t('settings.title') }).waitFor();
      const theme = page.getByRole('group', { name: t('settings.theme') });
      await theme.getByRole('radio', { name: t('settings.theme.dark') }).check({ force: true });
      await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
      await page.getByRole('button', { name: t('shell.undo') }).click();
      await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'light');
    });

    it('switch single keys off', async () => {
      const { page } = machine;
      const keys = page.getByRole('switch', { name: t('settings.keys') });
      await keys.click();
      await page.getByText(t('settings.changed', { what: t('settings.keys'), value: t('off') })).waitFor();
      await page.locator('#main').focus();
      await page.keyboard.press('p');
      assert.equal(await modeOf(page), 'desk');
      await keys.click();
      await page.locator('#main').focus();
      await page.keyboard.press('p');
      assert.equal(await modeOf(page), 'projector');
      await page.keyboard.press('p');
    });

    it('set a passphrase, twice the same, and take it away', async () => {
      const { page } = machine;
      const card = page.locator('#settings-protection');
      await card.getByRole('switch').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(t('settings.passphrase'), { exact: true }).fill(passphrase);
      await dialog.getByLabel(t('settings.passphrase.again')).fill(`${passphrase}s`);
      await dialog.getByText(t('settings.passphrase.differs')).waitFor();
      await assertAccessible(page, 'a new passphrase');
      assert.equal(
        await dialog.getByRole('button', { name: t('settings.protection.go') }).isDisabled(),
        true,
      );
      await dialog.getByLabel(t('settings.passphrase.again')).fill(passphrase);
      await dialog.getByRole('button', { name: t('settings.protection.go') }).click();
      await card.getByText(t('settings.protection.passphrase')).waitFor();
      await card.getByRole('switch').click();
      await page.getByText(t('settings.protection.removed')).waitFor();
      await assertAccessible(page, 'settings');
    });

    // a desktop window asks where the file goes, in a dialog of the system's
    it('carry an identity to another machine by its backup', { skip: shell === 'electron' }, async () => {
      const { page } = machine;
      const mask = page.locator('.groups');
      const fingerprint = await mask.getAttribute('aria-label');
      await page.getByRole('button', { name: t('settings.backup'), exact: true }).click();
      await page.getByLabel(t('settings.passphrase'), { exact: true }).fill(passphrase);
      await page.getByLabel(t('settings.passphrase.again')).fill(passphrase);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: t('settings.backup.save') }).click(),
      ]);

      const other = await room.machine('emmy');
      await go(other.page, '/settings');
      await other.page.locator('.groups').waitFor();
      assert.notEqual(await other.page.locator('.groups').getAttribute('aria-label'), fingerprint);
      await other.page.getByRole('button', { name: t('settings.restore'), exact: true }).click();
      const dialog = other.page.getByRole('dialog');
      const restore = dialog.getByRole('button', { name: t('settings.restore.go'), exact: true });
      await dialog.locator('input[type=file]').setInputFiles(await download.path());
      await dialog.getByLabel(t('settings.restore.passphrase')).fill('another one, and wrong');
      await restore.click();
      await dialog.getByText(t('settings.restore.wrong')).waitFor();
      await dialog.getByLabel(t('settings.restore.passphrase')).fill(passphrase);
      await restore.click();
      await dialog.getByRole('heading', { name: t('settings.restore.replace.title') }).waitFor();
      await assertAccessible(other.page, 'taking another identity');
      await dialog.getByRole('button', { name: t('settings.restore.replace.go') }).click();
      await other.page.getByText(t('settings.restore.done')).waitFor();
      await other.page.waitForFunction(
        (expected) => document.querySelector('.groups')?.getAttribute('aria-label') === expected,
        fingerprint,
      );
      assertQuiet(other);
      assertQuiet(machine);
    });
  });

  describe('a simulation', () => {
    it('goes from a preset to one’s own, names what is wrong at its field, and starts', async () => {
      const { page } = machine;
      await go(page, '/simulate?preset=leaving');
      const preset = page.getByRole('radio', { name: t('home.preset.leaving') });
      await preset.waitFor({ state: 'attached' });
      assert.equal(await preset.isChecked(), true);
      const leave = page.getByLabel(t('home.leaving'), { exact: true });
      assert.equal(await leave.inputValue(), '6');
      await page.getByText(t('setup.summary.survives', { count: 6, threshold: 14, clients: 20 })).waitFor();

      const clients = page.getByLabel(t('home.setup.clients'), { exact: true });
      await clients.fill('2');
      const start = page.getByRole('button', { name: t('home.setup.go'), exact: true });
      assert.equal(await preset.isChecked(), false);
      assert.equal(await start.isDisabled(), true);
      assert.equal(await clients.getAttribute('aria-invalid'), 'true');
      await assertAccessible(page, 'a simulation that cannot be');

      await clients.fill('4');
      await leave.fill('1');
      await page.getByLabel(t('setup.rounds'), { exact: true }).fill('1');
      await page.getByRole('radio', { name: t('setup.model.mlp') }).check({ force: true });
      await page.getByText(t('setup.advanced')).click();
      await page.getByLabel(t('setup.images'), { exact: true }).fill('64');
      await page.getByLabel(t('setup.title'), { exact: true }).fill('One leaves');
      await start.click();
      await page.waitForURL(/#\/activity\/simulation-/);
      await go(page, '/');
      const result = page
        .getByRole('region', { name: t('home.recent') })
        .getByRole('link', { name: 'One leaves' });
      await result.waitFor();
      await result.click();
      await page.waitForURL(/#\/results\/run-1$/);
      assertQuiet(machine);
    });

    // last, as it goes on until the machine is closed
    it('starts the demo with one press, shows it while it runs, and leads back to it', async () => {
      const { page } = machine;
      await go(page, '/');
      await page.getByRole('button', { name: t('home.simulate.demo') }).click();
      await page.waitForURL(/#\/activity\/simulation-/);
      const { hash } = new URL(page.url());
      await page.waitForFunction((title) => document.title.startsWith(title), t('home.preset.demo'));
      await go(page, '/');
      const running = page.getByRole('region', { name: t('home.under-way') });
      await assertAccessible(page, 'home while something runs');
      await running.getByRole('link', { name: t('home.preset.demo') }).click();
      await page.waitForURL((url) => url.hash === hash);
      assertQuiet(machine);
    });
  });
});
