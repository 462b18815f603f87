import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assertQuiet, Inspection } from '../support/interface-checks.ts';
import { inOrder } from '../support/interface-order.ts';
import { type Machine, Room, skip } from '../support/interface-machines.ts';
import { english } from '../support/interface-steps.ts';

const { t } = english;

describe('differential privacy, from set-up to results', { skip }, () => {
  let room: Room;
  let machine: Machine;
  const inspection = new Inspection();
  const { step, failed } = inOrder();

  before(async () => {
    room = await Room.open();
    machine = await room.machine('ada');
  });
  after(() => room.close(failed()));

  step('noise is off until it is switched on, and then says what it comes to', async () => {
    const { page } = machine;
    await page.getByRole('link', { name: t('home.simulate.setup') }).click();
    const noise = page.getByRole('switch', { name: t('setup.noise'), exact: true });
    assert.equal(await noise.isChecked(), false);
    await page.getByLabel(t('setup.title'), { exact: true }).fill('With noise');
    await page.getByRole('textbox', { name: t('home.setup.clients') }).fill('4');
    await page.getByRole('textbox', { name: t('setup.rounds') }).fill('2');
    await page.getByRole('radio', { name: new RegExp(`^${t('setup.model.linear')}`) }).check({ force: true });
    await page.getByText(t('setup.advanced'), { exact: true }).click();
    await page.getByRole('textbox', { name: t('setup.images') }).fill('20');
    await noise.click();
    await page.getByText(/^ε \d+\.\d\d$/).waitFor();
    await page.getByText(t('noise.bar.caption')).waitFor();
    await inspection.look(page, 'set-up with noise');
  });

  step('a multiplier of 0 stays in its field, with what is wrong; masks off are refused', async () => {
    const { page } = machine;
    const multiplier = page.getByRole('textbox', { name: t('setup.multiplier') });
    await multiplier.fill('0');
    await page
      .getByText(t('setup.problem.above', { least: '0', most: '1000' }))
      .first()
      .waitFor();
    await multiplier.fill('0.5');
    await page.getByRole('switch', { name: t('setup.masks'), exact: true }).click();
    await page.getByText(t('setup.problem.noise.masks')).first().waitFor();
    await page
      .getByRole('button', { name: t('setup.way.masks') })
      .first()
      .click();
    await page.getByText(/^ε \d+\.\d\d$/).waitFor();
  });

  step('too much noise warns, and says what would help', async () => {
    const { page } = machine;
    await page.getByRole('textbox', { name: t('setup.multiplier') }).fill('3');
    await page.getByText(t('noise.harm.ruin')).waitFor();
    await page.getByRole('button', { name: t('setup.noise.help.less.go') }).waitFor();
    await inspection.look(page, 'set-up with too much noise');
  });

  step('the bar tells epsilon, the figures the noise beside the update, a click what noise is', async () => {
    const { page } = machine;
    await page.getByRole('button', { name: t('home.setup.go'), exact: true }).click();
    await page.getByRole('link', { name: t('watch.end.report') }).waitFor();
    const chip = page.getByRole('button', { name: /Noise: epsilon \d+\.\d\d so far/ });
    const said = /epsilon (\d+\.\d\d) so far, (\d+\.\d\d) after/.exec((await chip.textContent()) ?? '');
    assert.equal(said?.[1], said?.[2], 'all rounds are over');
    await page.getByRole('button', { name: t('watch.noise'), exact: true }).click();
    await page.getByText(t('noise.bar.update')).waitFor();
    await inspection.look(page, 'noise beside the update');
    await chip.click();
    await page.getByText(t('watch.what.noise')).waitFor();
    await page.keyboard.press('Escape');
  });

  step('the results have epsilon by round, and nothing that is no number', async () => {
    const { page } = machine;
    await page.getByRole('link', { name: t('watch.end.report') }).click();
    await page.getByRole('columnheader', { name: t('rounds.epsilon') }).waitFor();
    await page.getByRole('button', { name: t('curves.epsilon'), exact: true }).click();
    await page.getByText(/Noise: ε \d+\.\d\d at δ 1e-5/).waitFor();
    assert.doesNotMatch(await page.locator('#main').innerText(), /NaN|undefined|Infinity/);
    await inspection.look(page, 'results with noise');
  });

  step('who joins may set a limit of their own', async () => {
    const { page } = machine;
    await page.evaluate(() => {
      location.hash = '/join';
    });
    const limit = page.getByRole('textbox', { name: t('part.budget') });
    await limit.fill('-1');
    await page.getByText(t('part.budget.problem')).waitFor();
    await limit.fill('2.5');
    await page.getByText(t('part.budget.hint')).waitFor();
    await inspection.look(page, 'a limit of one’s own');
  });

  it('is accessible on every screen, and holds in its window', () => {
    inspection.assertNothingFound();
  });

  it('has no fault on its console', () => {
    assertQuiet(machine);
  });
});
