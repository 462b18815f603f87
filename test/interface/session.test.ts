import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { parseResultJson } from '../../main/report/result-file.ts';
import { assertQuiet, Inspection } from '../support/interface-checks.ts';
import { inOrder } from '../support/interface-order.ts';
import { type Machine, Room, shell, skip } from '../support/interface-machines.ts';
import { english, french, goToActivity, joinSession, openSession } from '../support/interface-steps.ts';

const { t } = english;
const smuggled = '<img src=x onerror=alert(1)>';
const longName = `Wolfeschlegelsteinhausen ${'bergerdorff'.repeat(25)}`;
const names = ['Ada', 'Chloé', smuggled, longName.slice(0, 300)] as const;

describe('a session of four people and a leader, each at a machine of their own', { skip }, () => {
  let room: Room;
  let leader: Machine;
  let people: Machine[];
  const inspection = new Inspection();
  const { step, failed } = inOrder();

  before(async () => {
    room = await Room.open();
    const all = ['leader', 'ada', 'chloe', 'img', 'long'];
    const machines: Machine[] = [];
    for (const name of all)
      machines.push(
        await room.machine(name, {
          language: name === 'chloe' ? 'fr' : 'en',
          theme: name === 'ada' ? 'dark' : 'light',
          ...(name === 'long' ? { width: 1024, height: 640 } : {}),
        }),
      );
    [leader, ...people] = machines as [Machine, ...Machine[]];
  });
  after(() => room.close(failed()));

  const textsOf = (machine: Machine): typeof english => (machine.name === 'chloe' ? french : english);

  step('opens from the first screen, and lets people in by its code, whatever they are called', async () => {
    const code = await openSession(leader, english, {
      title: 'Monday’s class',
      people: 4,
      rounds: 8,
      images: 60,
    });
    for (const [index, machine] of people.entries())
      await joinSession(machine, textsOf(machine), code, names[index]!);
    await leader.page
      .getByText(t('lobby.open', { count: 4 }))
      .first()
      .waitFor();
    await leader.page.getByText(smuggled).first().waitFor();
    await inspection.look(leader.page, 'the lobby');
    for (const machine of people) await inspection.look(machine.page, `${machine.name} in the lobby`);
  });

  step('shows the same four words everywhere', async () => {
    await leader.page.getByRole('button', { name: t('lobby.close'), exact: true }).click();
    const words = await leader.page.getByRole('list', { name: t('lobby.words') }).innerText();
    for (const machine of people) {
      const own = machine.page.getByRole('list', { name: textsOf(machine).t('part.words') });
      await own.waitFor();
      assert.equal(await own.innerText(), words, machine.name);
    }
    await inspection.look(leader.page, 'the words at the leader’s');
    for (const machine of people) {
      await inspection.look(machine.page, `the words at ${machine.name}’s`);
      await machine.page.getByRole('button', { name: textsOf(machine).t('part.words.yes') }).click();
    }
  });

  step('plays rounds once all have compared, and pauses when the leader says so', async () => {
    await leader.page.getByRole('button', { name: t('lobby.start.with', { count: 4 }) }).click();
    await leader.page.getByRole('button', { name: t('watch.pause') }).click();
    await leader.page.getByRole('button', { name: t('watch.resume') }).waitFor();
    await inspection.look(leader.page, 'a session under way');
    for (const machine of people) await inspection.look(machine.page, `a round at ${machine.name}’s`);
  });

  step('survives a page that is loaded anew, at the leader’s and at a participant’s', async () => {
    for (const machine of [leader, people[1]!]) {
      const url = machine.page.url();
      await machine.page.reload();
      await machine.page.locator('#main').waitFor();
      await machine.page.evaluate((to) => {
        location.hash = to;
      }, new URL(url).hash.slice(1));
    }
    await leader.page.getByRole('button', { name: t('watch.resume') }).waitFor();
  });

  step(
    'survives a participant’s machine that is killed and started anew, and comes back by itself',
    async () => {
      const [ada] = people;
      await ada!.restart();
      // it comes back by itself: what goes on is one press away
      await goToActivity(ada!);
      await ada!.page.getByText(t('part.paused')).first().waitFor();
      await leader.page.getByRole('button', { name: t('watch.resume') }).click();
    },
  );

  step(
    'survives the leader’s machine being killed: the leader goes on with it, and everyone is back',
    async () => {
      const { page } = leader;
      await page.getByRole('button', { name: t('watch.pause') }).click();
      await page.getByRole('button', { name: t('watch.resume') }).waitFor();
      await leader.restart();
      await page.getByRole('link', { name: t('shell.results'), exact: true }).click();
      await page.getByRole('button', { name: new RegExp(`^${t('runs.resume')}`) }).click();
      await page.waitForURL(/#\/activity\//);
    },
  );

  step('ends with a model for everyone', async () => {
    for (const machine of people)
      await machine.page.getByText(textsOf(machine).t('part.done')).first().waitFor();
    await leader.page.getByRole('link', { name: t('watch.end.report') }).waitFor();
    for (const machine of [leader, ...people])
      await inspection.look(machine.page, `the end at ${machine.name}’s`);
  });

  step(
    'leaves a report that can be taken away',
    { skip: shell === 'electron' && 'a desktop saves through a dialog of the system' },
    async () => {
      const { page } = leader;
      await page.getByRole('link', { name: t('watch.end.report') }).click();
      await page.getByRole('heading', { level: 1, name: 'Monday’s class' }).waitFor();
      await page.getByText(smuggled).filter({ visible: true }).first().waitFor();
      await inspection.look(page, 'the report of a session');
      const take = async (format: 'html' | 'json' | 'audit'): Promise<Buffer> => {
        const download = page.waitForEvent('download');
        await page.getByRole('button', { name: t(`runs.export.${format}`), exact: true }).click();
        return readFile(await (await download).path());
      };
      const html = (await take('html')).toString('utf8');
      assert.ok(html.includes('&lt;img src=x'), 'names are escaped');
      assert.ok(!html.includes('<img'), 'names are no markup');
      const result = parseResultJson((await take('json')).toString('utf8'), 'the download');
      assert.ok(result.kind === 'session');
      assert.equal(result.rounds.length, 8);
      assert.equal(result.session.identitiesCompared, true);
      assert.ok((await take('audit')).length > 1_000);
    },
  );

  it('is accessible on every screen, holds in its window, and takes nobody’s name for markup', () => {
    inspection.assertNothingFound();
  });

  it('has no fault on anybody’s console', () => {
    for (const machine of [leader, ...people]) assertQuiet(machine);
  });
});
