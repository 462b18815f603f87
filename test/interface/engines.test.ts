/** The settings' engines in a real browser: what is here, measured at a press, chosen, in both languages and themes. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { tensorflowPossible } from '../../main/compute/tensorflow-facts.ts';
import { assertQuiet, Inspection } from '../support/interface-checks.ts';
import { type Machine, Room, skip } from '../support/interface-machines.ts';
import { english, french, tabTo } from '../support/interface-steps.ts';

describe('engines in the settings', { skip }, () => {
  let room: Room;
  before(async () => {
    room = await Room.open();
  });
  after(() => room.close());

  const open = async (machine: Machine): Promise<void> => {
    await machine.page.evaluate(() => {
      location.hash = '/settings/engine';
    });
    await machine.page.locator('#settings-engine .figures').waitFor();
  };

  it('are listed with what they are, measured by the keyboard alone, and chosen', async () => {
    const { t, formats } = english;
    const machine = await room.machine('ada', { measuring: true });
    const { page } = machine;
    await open(machine);
    const card = page.locator('#settings-engine');
    await card.getByText(/^here: (relaxed )?SIMD$/).waitFor();
    await card.getByText(t('settings.engines.measured.none')).waitFor();
    if (tensorflowPossible())
      await card.getByText(/(at most 207\sMB.* 615\sMB on disk|On disk: \d+\sMB)\. /).waitFor();
    await tabTo(page, card.getByRole('button', { name: t('settings.engines.now') }));
    await page.keyboard.press('Enter');
    const row = card.getByRole('row', {
      name: t('settings.engines.model.batch', { model: 'cnn', batch: 32 }),
    });
    await row.waitFor();
    const figures = await row.getByRole('cell').allTextContents();
    assert.ok(figures.length >= 2, figures.join());
    const numbers = figures.map((figure) => Number(figure.replaceAll(/\D/g, '')));
    assert.ok(numbers.every((number) => number > 0));
    // what it comes to for the reference model, with the same figures
    const chosen = card.getByText(/the fastest here: compiled/);
    await chosen.waitFor();
    assert.ok((await chosen.textContent())?.includes(formats.number(numbers[0]!)));
    await card.getByRole('radio', { name: t('engine.name.wasm') }).check({ force: true });
    await card.getByText(/wasm .*as asked/).waitFor();
    await card.getByText(t('settings.engines.mixed')).waitFor();
    assertQuiet(machine);
  });

  it('are accessible and hold in a narrow window, in French and in the dark', async () => {
    const { t } = french;
    const machine = await room.machine('chloe', {
      language: 'fr',
      theme: 'dark',
      width: 1024,
      height: 640,
      measuring: true,
    });
    await open(machine);
    const card = machine.page.locator('#settings-engine');
    await card.getByRole('button', { name: t('settings.engines.now') }).click();
    await card.getByText(/le plus rapide ici/).waitFor();
    await card.getByRole('button', { name: t('settings.engines.again') }).waitFor();
    const inspection = new Inspection();
    await inspection.look(machine.page, '#/settings/engine, measured');
    // where something is about to be trained: what trains, and on request why, how fast, in how many processes
    await machine.page.evaluate(() => {
      location.hash = '/simulate';
    });
    const fact = machine.page.getByRole('button', { name: /^compiled$/ });
    await fact.waitFor();
    await fact.focus();
    const [speeds, processes] = [/^Images par seconde.*: compiled \d/, /processus, un/];
    assert.equal(await machine.page.getByText(processes).isVisible(), false);
    await machine.page.keyboard.press('Enter');
    assert.equal(await fact.getAttribute('aria-expanded'), 'true');
    for (const line of [speeds, processes]) await machine.page.getByText(line).waitFor();
    // in this low window it opens below what was seen of the list, and is brought into view
    const isSeen = await machine.page.getByText(processes).evaluate((line) => {
      const { left, bottom } = line.getBoundingClientRect();
      return document.elementFromPoint(left + 2, bottom - 2) === line;
    });
    assert.equal(isSeen, true);
    await inspection.look(machine.page, '#/simulate, engine told');
    await machine.page.keyboard.press('Enter');
    await machine.page.getByText(processes).waitFor({ state: 'hidden' });
    inspection.assertNothingFound();
    assertQuiet(machine);
  });
});
