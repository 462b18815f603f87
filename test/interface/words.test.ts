import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { Inspection } from '../support/interface-checks.ts';
import { inOrder } from '../support/interface-order.ts';
import { type Machine, Room, skip } from '../support/interface-machines.ts';
import { english, joinByKeys, joinSession, openSession, tabTo } from '../support/interface-steps.ts';

const { t } = english;

describe('a session in which somebody reads other words', { skip }, () => {
  let room: Room;
  let leader: Machine;
  let people: Machine[];
  let words: string;
  const inspection = new Inspection();
  const { step, failed } = inOrder();

  before(async () => {
    room = await Room.open();
    const machines: Machine[] = [];
    for (const name of ['leader', 'ada', 'emmy', 'grace']) {
      machines.push(await room.machine(name));
    }
    [leader, ...people] = machines as [Machine, ...Machine[]];
  });
  after(() => room.close(failed()));

  step('is not started: the leader is told who it is, and what that means', async () => {
    const run = { title: 'In between', people: 3, rounds: 2, images: 60 };
    const code = await openSession(leader, english, run);
    for (const [index, name] of ['Ada', 'Emmy'].entries())
      await joinSession(people[index]!, english, code, name);
    await joinByKeys(people[2]!, english, code, 'Grace');
    const { page } = leader;
    await page
      .getByText(t('lobby.open', { count: 3 }))
      .first()
      .waitFor();
    await page.getByRole('button', { name: t('lobby.close'), exact: true }).click();
    words = await page.getByRole('list', { name: t('lobby.words') }).innerText();
    const [ada, emmy, grace] = people;
    await ada!.page.getByRole('button', { name: t('part.words.yes') }).click();
    await emmy!.page.getByRole('button', { name: t('part.words.no') }).click();
    await page
      .getByText(t('lobby.differs', { count: 1, names: 'Emmy' }))
      .first()
      .waitFor();
    await page.getByText(t('lobby.differs.lead')).waitFor();
    await inspection.look(page, 'the words differ, at the leader’s');
    await emmy!.page.getByText(t('part.problem.words-differ')).waitFor();
    await inspection.look(emmy!.page, 'the words differ, where they do');
    // back in the lobby, everyone: nobody has trained, and nothing has left
    assert.equal(await page.getByRole('button', { name: t('lobby.start'), exact: true }).isEnabled(), false);
    await grace!.page
      .getByText(t('part.lobby.again'))
      .or(grace!.page.getByText(t('part.lobby')))
      .first()
      .waitFor();
  });

  step('begins anew with other words, and is played once all read the same', async () => {
    const { page } = leader;
    await page.getByRole('button', { name: t('lobby.close.again') }).click();
    const list = page.getByRole('list', { name: t('lobby.words') });
    await list.waitFor();
    assert.notEqual(await list.innerText(), words);
    const [ada, emmy, grace] = people;
    for (const { page: own } of [ada!, emmy!])
      await own.getByRole('button', { name: t('part.words.yes') }).click();
    await tabTo(grace!.page, grace!.page.getByRole('button', { name: t('part.words.yes') }));
    await grace!.page.keyboard.press('Enter');
    await page.getByRole('button', { name: t('lobby.start.with', { count: 3 }) }).click();
    await page.getByRole('link', { name: t('watch.end.report') }).waitFor();
    for (const { page: own } of people) await own.getByText(t('part.done')).first().waitFor();
  });

  step('is accessible where something is wrong, too', async () => {
    await Promise.resolve();
    inspection.assertNothingFound();
  });
});
