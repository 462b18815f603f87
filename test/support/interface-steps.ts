/** What people do with their hands, screen by screen: through labels, as they are read out, in the language of each. */
import type { Locator, Page } from 'playwright-core';
import { type Texts, textsOf } from '../../renderer/messages/translate.ts';
import type { Machine } from './interface-machines.ts';

export interface SmallRun {
  readonly title: string;
  readonly people: number;
  readonly rounds: number;
  /** Of each; undefined: everyone brings their own. */
  readonly images: number | undefined;
  /** Openly one, with steps of SGD on batches of eight, from which images can be rebuilt. */
  readonly demonstration?: { readonly masks: boolean };
}

/** On the setup's page: a small dense network, few images. */
async function fillSetup(page: Page, { t }: Texts, run: SmallRun, people: string): Promise<void> {
  await page.getByLabel(t('setup.title'), { exact: true }).fill(run.title);
  await page.getByRole('textbox', { name: people }).fill(String(run.people));
  await page.getByRole('textbox', { name: t('setup.rounds') }).fill(String(run.rounds));
  await page.getByRole('radio', { name: t('setup.model.mlp') }).check({ force: true });
  await page.getByText(t('setup.advanced'), { exact: true }).click();
  if (run.images === undefined)
    await page.getByRole('radio', { name: t('setup.owner.own') }).check({ force: true });
  else await page.getByRole('textbox', { name: t('setup.images') }).fill(String(run.images));
  if (run.demonstration === undefined) return;
  await page.getByRole('switch', { name: t('setup.demonstration') }).click();
  if (!run.demonstration.masks) {
    await page.getByRole('switch', { name: t('setup.masks') }).click();
    // as float32: beside ten thousand images, which anybody might bring, a few are rounded to almost nothing
    await page
      .getByRole('group', { name: t('setup.quantisation') })
      .getByRole('radio', { name: t('setup.quantisation.off') })
      .check({ force: true });
  }
  await page.getByRole('radio', { name: 'SGD' }).check({ force: true });
  await page.getByRole('textbox', { name: t('setup.batch') }).fill('8');
  await page.getByRole('textbox', { name: t('setup.rate') }).fill('0.1');
}

/** From the first screen to a lobby that is open; the code that lets others in. */
export async function openSession({ page }: Machine, texts: Texts, run: SmallRun): Promise<string> {
  const { t } = texts;
  await page.getByRole('link', { name: t('home.coordinate.open') }).click();
  await fillSetup(page, texts, run, t('setup.people'));
  await page.getByRole('button', { name: t('setup.session.open') }).click();
  const code = page.locator('.code-box');
  await code.waitFor();
  const label = (await code.locator('.visually-hidden').textContent()) ?? '';
  return label.slice(label.indexOf(':') + 1).replaceAll(/[^0-9A-Z]/g, '');
}

async function askToJoin({ page }: Machine, { t }: Texts, code: string, name: string): Promise<void> {
  await page.getByRole('link', { name: /./ }).and(page.locator('[href="#/join"]')).first().click();
  await page.getByRole('textbox', { name: t('part.join.code') }).fill(code);
  await page.getByRole('textbox', { name: t('part.join.name') }).fill(name);
}

/** From the first screen to the lobby of a session. */
export async function joinSession(machine: Machine, texts: Texts, code: string, name: string): Promise<void> {
  await askToJoin(machine, texts, code, name);
  await machine.page.locator('button[type=submit]').click();
  await machine.page.getByText(texts.t('part.lobby')).first().waitFor();
}

/** The same for a demonstration, with one's own drawings: what it shows of them is told first, and agreed to. */
export async function joinDemonstration(
  machine: Machine,
  texts: Texts,
  code: string,
  name: string,
): Promise<void> {
  const { page } = machine;
  const { t } = texts;
  await askToJoin(machine, texts, code, name);
  await page.getByRole('radio', { name: t('part.data.drawings') }).check({ force: true });
  await page.locator('button[type=submit]').click();
  await page.getByText(t('part.demonstration.seen')).waitFor();
  await page.getByRole('button', { name: t('part.demonstration.yes') }).click();
  await page.getByText(t('part.lobby')).first().waitFor();
}

/** Presses Tab until a control has the focus; fails where it never gets it. */
export async function tabTo(page: Page, control: Locator): Promise<void> {
  await control.waitFor();
  for (let presses = 0; presses < 120; presses += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${String(control)}`);
}

/** joinSession() without a mouse. */
export async function joinByKeys({ page }: Machine, { t }: Texts, code: string, name: string): Promise<void> {
  await tabTo(page, page.locator('main a[href="#/join"]').first());
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('textbox', { name: t('part.join.code') }));
  await page.keyboard.type(code);
  await tabTo(page, page.getByRole('textbox', { name: t('part.join.name') }));
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await page.getByText(t('part.lobby')).first().waitFor();
}

/** From the first screen to a simulation that runs. */
export async function startSimulation({ page }: Machine, texts: Texts, run: SmallRun): Promise<void> {
  const { t } = texts;
  await page.getByRole('link', { name: t('home.simulate.setup') }).click();
  await fillSetup(page, texts, run, t('home.setup.clients'));
  await page.getByRole('button', { name: t('home.setup.go'), exact: true }).click();
}

/** A seven, by mouse, on the only pad of a page. */
export async function drawSeven(page: Page): Promise<void> {
  const box = (await page.getByRole('application').boundingBox())!;
  const to = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...to(0.25, 0.2));
  await page.mouse.down();
  await page.mouse.move(...to(0.7, 0.2), { steps: 10 });
  await page.mouse.move(...to(0.4, 0.8), { steps: 10 });
  await page.mouse.up();
}

/** By the rail, which says more of it than its name while it runs. */
export async function goToActivity({ page }: Machine): Promise<void> {
  await page.locator('nav a[href^="#/activity/"]').click();
}

export const english = textsOf('en');
export const french = textsOf('fr');
