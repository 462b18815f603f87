/** Draw, train, steal: what a curious coordinator rebuilds in a session that everyone knows to be a demonstration, and in others. */
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import type { Page } from 'playwright-core';
import { loadMnist } from '../../main/data/mnist.ts';
import { assertQuiet, Inspection } from '../support/interface-checks.ts';
import { inOrder } from '../support/interface-order.ts';
import { type Machine, Room, skip } from '../support/interface-machines.ts';
import { english, joinDemonstration, joinSession, openSession, tabTo } from '../support/interface-steps.ts';

const { t } = english;
const names = ['Ada', 'Emmy', 'Grace'] as const;
/** Of each, all in one batch. */
const drawings = 8;
const size = 28 * 28;

/** [drawings][784] of one machine, whatever a person would have drawn: digits, no two alike. */
async function draw(room: Room, name: string, from: number): Promise<readonly Uint8Array[]> {
  const { images, labels } = (await loadMnist()).test;
  const store = await room.store(name);
  const drawn = Array.from({ length: drawings }, (_, index) => {
    const place = from + index;
    const pixels = images.slice(place * size, (place + 1) * size);
    store.addDrawing({ label: labels[place]!, pixels, drawnAt: new Date().toISOString() });
    return pixels;
  });
  store.close();
  return drawn;
}

/** The pictures that the curious view shows, as they were before the theme's ink: [784] each, 0 .. 255. */
async function stolen(page: Page): Promise<readonly Uint8Array[]> {
  const pictures = await page.locator('.curious canvas').evaluateAll((canvases) => {
    const probe = document.createElement('span');
    document.body.append(probe);
    const red = (token: string): number => {
      probe.style.color = `var(--${token})`;
      return Number(/\d+/.exec(getComputedStyle(probe).color)?.[0]);
    };
    const [paper, ink] = [red('surface'), red('ink')];
    probe.remove();
    return canvases.map((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
      return Array.from({ length: width * height }, (_, pixel) =>
        Math.round(((data[4 * pixel]! - paper) / (ink - paper)) * 255),
      );
    });
  });
  return pictures.map((pixels) => Uint8Array.from(pixels));
}

/** The largest difference of a grey level. */
function distance(one: Uint8Array, other: Uint8Array): number {
  assert.equal(one.length, other.length);
  return one.reduce((most, value, pixel) => Math.max(most, Math.abs(value - other[pixel]!)), 0);
}

/** As many private images as a picture is the same as, to within the rounding of an ink's levels. */
function recognised(truth: readonly Uint8Array[], pictures: readonly Uint8Array[]): number {
  return truth.filter((image) => pictures.some((picture) => distance(image, picture) <= 1)).length;
}

describe('draw, train, steal: three people and a curious coordinator', { skip }, () => {
  let room: Room;
  let leader: Machine;
  let people: Machine[];
  const drawn = new Map<string, readonly Uint8Array[]>();
  const inspection = new Inspection();
  const { step, failed } = inOrder();

  before(async () => {
    room = await Room.open();
    const machines: Machine[] = [];
    for (const [index, name] of ['leader', ...names].entries()) {
      if (index > 0) drawn.set(name, await draw(room, name, index * 100));
      machines.push(await room.machine(name));
    }
    [leader, ...people] = machines as [Machine, ...Machine[]];
  });
  after(() => room.close(failed()));

  const home = ({ page }: Machine) =>
    page.evaluate(() => {
      location.hash = '/';
    });
  /** Every screen says that this is a demonstration; they are alike, and one of them is looked at. */
  const assertTold = async (where: string): Promise<void> => {
    for (const { page } of people) {
      const chip = page.getByText(t('lobby.bar.demonstration')).filter({ visible: true });
      await chip.first().waitFor();
    }
    await inspection.look(people[0]!.page, `a participant ${where}`);
  };
  const closeLobby = async (): Promise<void> => {
    await leader.page
      .getByText(t('lobby.open', { count: people.length }))
      .first()
      .waitFor();
    await leader.page.getByRole('button', { name: t('lobby.close'), exact: true }).click();
    for (const { page } of people) await page.getByRole('list', { name: t('part.words') }).waitFor();
  };
  const start = async (): Promise<void> => {
    for (const { page } of people) await page.getByRole('button', { name: t('part.words.yes') }).click();
    await leader.page.getByRole('button', { name: t('lobby.start.with', { count: people.length }) }).click();
  };
  const ended = async (): Promise<void> => {
    await leader.page.getByRole('link', { name: t('watch.end.report') }).waitFor();
    for (const { page } of people) await page.getByText(t('part.done')).first().waitFor();
  };
  const curious = () => leader.page.getByRole('button', { name: t('watch.curious'), exact: true });
  const verdict = (begins: RegExp) => leader.page.locator('.curious p').filter({ hasText: begins });

  step('is agreed to by everyone who takes part, and says on every screen what it is', async () => {
    const run = { title: 'In the open', people: 3, rounds: 3, images: undefined };
    const code = await openSession(leader, english, { ...run, demonstration: { masks: false } });
    for (const machine of people) await joinDemonstration(machine, english, code, machine.name);
    await assertTold('in the lobby');
  });

  step('asks the room which picture was private, on everybody’s screen', async () => {
    const { page } = leader;
    const lobby = page.url();
    await page.evaluate(() => {
      location.hash = '/lab/closed-form';
    });
    await page.getByRole('button', { name: t('lab.vote.ask') }).click();
    await page.getByRole('button', { name: t('lab.vote.screens', { title: 'In the open' }) }).click();
    await page.getByText(t('lab.vote.answered', { answered: 0, count: people.length })).waitFor();
    const question = (machine: Machine) =>
      machine.page.getByRole('heading', { name: t('part.ballot'), exact: true });
    for (const machine of people) {
      await question(machine).waitFor();
      await machine.page.getByRole('button', { name: t('lab.vote.choice', { letter: 'D' }) }).waitFor();
      assert.equal(await machine.page.locator('ol canvas').count(), 4);
    }
    await inspection.look(people[0]!.page, 'a question to the room');
    for (const [index, letter] of [
      [0, 'B'],
      [1, 'A'],
      [1, 'B'],
    ] as const) {
      const { page: own } = people[index]!;
      await tabTo(own, own.getByRole('button', { name: t('lab.vote.choice', { letter }) }));
      await own.keyboard.press('Enter');
      await own.getByText(t('part.ballot.chosen', { letter })).waitFor();
    }
    await page.getByText(t('lab.vote.answered', { answered: 2, count: people.length })).waitFor();
    // who has changed their mind has one answer
    await page.locator('.ballot li').nth(1).locator('output').getByText('2', { exact: true }).waitFor();
    assert.deepEqual(await page.locator('.ballot output').allInnerTexts(), ['0', '2', '0', '0']);
    await inspection.look(page, 'answers from the room');
    await page.getByRole('button', { name: t('lab.vote.reveal') }).click();
    await page.getByText(t('lab.vote.count', { count: 2, total: 2 })).waitFor();
    for (const machine of people) await question(machine).waitFor({ state: 'detached' });
    await page.evaluate((hash) => {
      location.hash = hash;
    }, new URL(lobby).hash.slice(1));
  });

  step('gives the selected person’s drawings to whoever coordinates, as they were drawn', async () => {
    const { page } = leader;
    await closeLobby();
    await assertTold('at the words');
    await start();
    await curious().click();
    await assertTold('in a round');
    await ended();
    await verdict(/^Yes\./).waitFor();
    const tiles = page.locator('.curious [role=img]');
    const label = (await tiles.getAttribute('aria-label')) ?? '';
    const owner = names.find((name) => label.includes(name));
    assert.ok(owner !== undefined, label);
    const pictures = await stolen(page);
    assert.equal(pictures.length, drawings);
    assert.equal(recognised(drawn.get(owner)!, pictures), drawings, `${owner}’s drawings`);
    for (const other of names)
      if (other !== owner) assert.equal(recognised(drawn.get(other)!, pictures), 0, `${other}’s drawings`);
    await inspection.look(page, 'drawings that were rebuilt');
    await assertTold('at the end');
  });

  step('gives noise under masks, though everything else is the same', async () => {
    for (const machine of [leader, ...people]) await home(machine);
    const run = { title: 'Under masks', people: 3, rounds: 3, images: undefined };
    const code = await openSession(leader, english, { ...run, demonstration: { masks: true } });
    for (const machine of people) await joinDemonstration(machine, english, code, machine.name);
    await closeLobby();
    await start();
    await curious().click();
    await ended();
    await verdict(/^No\./).waitFor();
    const pictures = await stolen(leader.page);
    assert.equal(pictures.length, drawings);
    assert.equal(await leader.page.locator('.curious canvas.masked').count(), drawings);
    for (const [name, truth] of drawn) assert.equal(recognised(truth, pictures), 0, `${name}’s drawings`);
    await inspection.look(leader.page, 'noise');
  });

  step('is not offered where nobody has agreed to a demonstration', async () => {
    for (const machine of [leader, ...people]) await home(machine);
    const run = { title: 'Protected', people: 3, rounds: 3, images: 8 };
    const code = await openSession(leader, english, run);
    for (const machine of people) await joinSession(machine, english, code, machine.name);
    await closeLobby();
    await start();
    await leader.page.getByRole('region', { name: t('watch.sees') }).waitFor();
    assert.equal(await curious().count(), 0);
    await ended();
    assert.equal(await curious().count(), 0);
    for (const { page } of people)
      assert.equal(await page.getByText(t('lobby.bar.demonstration')).count(), 0);
  });

  step('is accessible in all of these, and has no fault on anybody’s console', async () => {
    await Promise.resolve();
    inspection.assertNothingFound();
    for (const machine of [leader, ...people]) assertQuiet(machine);
  });
});
