import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assertQuiet, Inspection } from '../support/interface-checks.ts';
import { inOrder } from '../support/interface-order.ts';
import { type Machine, Room, skip } from '../support/interface-machines.ts';
import { english, goToActivity, startSimulation } from '../support/interface-steps.ts';

const { t } = english;

describe('a simulation, from the first screen', { skip }, () => {
  let room: Room;
  let machine: Machine;
  const inspection = new Inspection();
  const { step, failed } = inOrder();

  before(async () => {
    room = await Room.open();
    machine = await room.machine('ada');
  });
  after(() => room.close(failed()));

  step('can be stopped on its way, with a report that says so', async () => {
    const { page } = machine;
    const run = { title: 'Two thousand rounds', people: 4, rounds: 2_000, images: 20 };
    await startSimulation(machine, english, run);
    await page.getByRole('heading', { level: 1, name: run.title }).waitFor();
    await page
      .getByText(/^Round ([3-9]|\d{2,}) of 2,000$/)
      .first()
      .waitFor();
    await inspection.look(page, 'a simulation under way');
    await page.getByRole('button', { name: t('watch.stop'), exact: true }).click();
    await page.getByRole('button', { name: t('watch.stop.now') }).click();
    await page.getByRole('link', { name: t('watch.end.report') }).click();
    await page.getByRole('heading', { level: 1, name: run.title }).waitFor();
    await page.getByText(t('banner.partial')).waitFor();
    await inspection.look(page, 'a simulation that was stopped');
  });

  step('of twenty finishes, and leaves its report', async () => {
    const { page } = machine;
    await page.getByRole('link', { name: t('shell.home'), exact: true }).click();
    const run = { title: 'Twenty clients', people: 20, rounds: 2, images: 40 };
    await startSimulation(machine, english, run);
    await page.getByRole('link', { name: t('watch.end.report') }).waitFor();
    await inspection.look(page, 'twenty clients, at their end');
    await page.getByRole('link', { name: t('watch.end.report') }).click();
    await page.getByRole('heading', { level: 2, name: /^Twenty clients get/ }).waitFor();
    await page.getByText(/Every unmasked sum equals that of the updates/).waitFor();
  });

  step('of which a page that was loaded anew shows the same state as one that watched', async () => {
    const { page } = machine;
    await goToActivity(machine);
    const headline = page.locator('#main h2, #main h1').first();
    await headline.waitFor();
    const before = await headline.innerText();
    const { hash } = new URL(page.url());
    await page.reload();
    await page.locator('#main').waitFor();
    await page.evaluate((to) => {
      location.hash = to;
    }, hash.slice(1));
    await page.getByRole('link', { name: t('watch.end.report') }).waitFor();
    assert.equal(await headline.innerText(), before);
  });

  it('is accessible on every screen, and holds in its window', () => {
    inspection.assertNothingFound();
  });

  it('has no fault on its console', () => {
    assertQuiet(machine);
  });
});

describe('the comparison, from the results screen', { skip }, () => {
  let room: Room;
  const { step, failed } = inOrder();
  before(async () => {
    room = await Room.open();
  });
  after(() => room.close(failed()));

  step('runs in one click, and its table is there when one comes back', async () => {
    const { page } = await room.machine('ada');
    await page.getByRole('link', { name: t('shell.results'), exact: true }).click();
    await page.getByRole('button', { name: t('runs.compare.more') }).click();
    await page.getByRole('menuitem', { name: new RegExp(t('runs.compare.short')) }).click();
    await page.waitForURL(/#\/activity\//);
    await page.getByRole('link', { name: t('shell.results'), exact: true }).click();
    // while it runs, the button leads to it
    await page
      .getByRole('link', { name: new RegExp(`^${t('runs.running')}`) })
      .or(page.getByRole('heading', { name: /all the data in one place/ }))
      .first()
      .waitFor();
    await page.getByRole('heading', { level: 2, name: /all the data in one place/ }).waitFor();
    for (const name of ['results.centralised', 'results.single-client'] as const)
      await page.getByRole('rowheader', { name: new RegExp(`^${t(name)}`) }).waitFor();
    assert.equal(await page.getByText(/^reference 0/).count(), 0, 'no reference beside another experiment');
    await page.getByRole('button', { name: t('runs.compare.run') }).waitFor();
  });
});
