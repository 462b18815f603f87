/** Texts in parts: what the first screen fetches, what comes later, and what is said where something cannot be fetched. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page, Response } from 'playwright-core';
import { gzippedBytes } from '../../build/interface/weight.ts';
import { assertQuiet, Inspection } from '../support/interface-checks.ts';
import { type Machine, Room, shell, skip } from '../support/interface-machines.ts';
import { english, french } from '../support/interface-steps.ts';

const { t } = english;
/** All that is fetched before the first screen, gzipped. */
const mostBytes = 150_000;

async function go(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, path);
}

/** What a page that is loaded anew fetches until its first screen is there. */
async function fetchedBy(page: Page): Promise<readonly Response[]> {
  const responses: Response[] = [];
  const listen = (response: Response): void => void responses.push(response);
  page.on('response', listen);
  await page.reload();
  await page.locator('#main').waitFor();
  await page.waitForLoadState('networkidle');
  page.off('response', listen);
  return responses;
}

for (const [language, own, other] of [
  ['en', english, french],
  ['fr', french, english],
] as const)
  describe(`the texts of the interface (${language})`, { skip: skip || shell === 'electron' }, () => {
    let room: Room;
    let machine: Machine;
    before(async () => {
      room = await Room.open();
      machine = await room.machine('ada', { language });
    });
    after(() => room.close());

    it('are fetched for the first screen in one language, without the attack lab’s', async () => {
      const fetched = await fetchedBy(machine.page);
      const scripts = await Promise.all(
        fetched.filter((response) => response.url().endsWith('.js')).map((response) => response.text()),
      );
      const all = scripts.join('\n');
      assert.ok(all.includes(own.t('home.lab')), 'its own language is there');
      assert.ok(!all.includes(other.t('home.lab')), 'the other language is not');
      assert.ok(!all.includes(own.t('lab.lead')), 'the lab is not');
      const bytes = await gzippedBytes(fetched);
      assert.ok(bytes < mostBytes, `${bytes} bytes`);
    });

    it('come with the lab, and in the other language whole', async () => {
      const { page } = machine;
      await go(page, '/lab');
      await page.getByRole('heading', { level: 1, name: own.t('lab.title') }).waitFor();
      await go(page, '/settings');
      await page
        .getByRole('radio', { name: language === 'en' ? 'Français' : 'English' })
        .check({ force: true });
      await page.getByRole('heading', { level: 1, name: other.t('settings.title') }).waitFor();
      await go(page, '/lab');
      await page.getByRole('heading', { level: 1, name: other.t('lab.title') }).waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.lang), language === 'en' ? 'fr' : 'en');
      assertQuiet(machine);
    });

    it('of a person’s choice are the first that are seen, whatever the browser speaks', async () => {
      const { page } = machine;
      // chosen in the test before
      await page.addInitScript(() => {
        new MutationObserver(() => {
          const rail = document.querySelector('nav.rail');
          if (rail === null || getComputedStyle(rail).visibility === 'hidden') return;
          const seen = ((globalThis as { seen?: string[] }).seen ??= []);
          seen.push(rail.getAttribute('aria-label') ?? '');
        }).observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
      });
      await page.reload();
      await page.locator('#main').waitFor();
      const seen = await page.evaluate(() => (globalThis as { seen?: string[] }).seen ?? []);
      assert.deepEqual(new Set(seen), new Set([other.t('shell.navigation')]));
    });
  });

describe('texts that cannot be fetched', { skip: skip || shell === 'electron' }, () => {
  let room: Room;
  let machine: Machine;
  const inspection = new Inspection();
  before(async () => {
    room = await Room.open();
    machine = await room.machine('ada');
  });
  after(() => room.close());

  it('are told, with another try: the lab’s', async () => {
    const { page } = machine;
    await page.route(/\/assets\/lab-en-/, (route) => route.abort());
    await go(page, '/lab');
    await page.getByRole('heading', { name: t('shell.broken') }).waitFor();
    await inspection.look(page, 'the lab without its texts');
    await page.unroute(/\/assets\/lab-en-/);
    await page.getByRole('button', { name: t('shell.again') }).click();
    await page.getByRole('heading', { level: 1, name: t('lab.title') }).waitFor();
  });

  it('are told, with another try: another language', async () => {
    const { page } = machine;
    await page.route(/\/assets\/interface-fr-/, (route) => route.abort());
    await go(page, '/settings');
    await page.getByRole('radio', { name: 'Français' }).check({ force: true });
    await page.getByText(t('shell.language.failed')).waitFor();
    await page.getByRole('heading', { level: 1, name: t('settings.title') }).waitFor();
    await inspection.look(page, 'settings without French');
    await page.unroute(/\/assets\/interface-fr-/);
    await page.getByRole('button', { name: t('shell.again') }).click();
    await page.getByRole('heading', { level: 1, name: french.t('settings.title') }).waitFor();
  });

  it('are told in both languages where there are none at all', async () => {
    const { page } = machine;
    await page.route(/\/assets\/interface-(en|fr)-/, (route) => route.abort());
    await page.reload();
    const again = page.getByRole('button', { name: 'Try again / Réessayer' });
    await again.waitFor();
    await page.unroute(/\/assets\/interface-(en|fr)-/);
    await again.click();
    await page.locator('#main').waitFor();
  });

  it('leave accessible screens', () => {
    inspection.assertNothingFound();
  });
});
