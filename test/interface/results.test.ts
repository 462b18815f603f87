import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { parseResultJson } from '../../main/report/result-file.ts';
import { textsOf } from '../../renderer/messages/translate.ts';
import {
  assertAccessible,
  assertNoMarkup,
  assertNoScroll,
  assertQuiet,
} from '../support/interface-checks.ts';
import { type Machine, Room, shell, skip } from '../support/interface-machines.ts';
import { keepRuns, manyRuns, someRuns } from '../support/interface-results.ts';

const { t } = textsOf('en');
const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('the results screen', { skip }, () => {
  let room: Room;
  let machine: Machine;

  before(async () => {
    room = await Room.open();
    await keepRuns(room, 'ada', someRuns());
    machine = await room.machine('ada');
  });
  after(() => room.close());

  async function show(path = '/results'): Promise<void> {
    await machine.page.evaluate((to) => {
      location.hash = to;
    }, path);
  }

  it('answers in a sentence computed from the newest comparison, with the references beside', async () => {
    const { page } = machine;
    await show();
    const headline = page.getByRole('heading', { level: 2, name: /come within/ });
    assert.equal(
      plain(await headline.innerText()),
      'Twenty clients with 5 % each come within 1.3 points of all the data in one place.',
    );
    for (const value of ['0.9916', '0.9576', '0.9786'])
      await page.getByText(t('results.reference', { value })).waitFor();
    await assertNoScroll(page, 'results');
  });

  it('compares the runs that are chosen: what differs, and what is the same where one asks', async () => {
    const { page } = machine;
    await show();
    await page.getByRole('checkbox', { name: /^Choose Reference experiment/ }).check();
    await page.getByRole('checkbox', { name: /^Choose Six leave/ }).check();
    const panel = page.getByRole('region', { name: t('runs.differs') }).first();
    await panel.getByRole('row', { name: 'Seed 1 7' }).waitFor();
    const expand = panel.getByRole('button', { name: /settings are the same/ });
    assert.equal(await panel.getByRole('row', { name: /^Batch size/ }).count(), 0);
    await expand.click();
    await panel.getByRole('row', { name: /^Batch size 32 32/ }).waitFor();
    await assertAccessible(page, 'results with two chosen');
    await panel.getByRole('link', { name: t('runs.full') }).click();
    await page.getByRole('heading', { name: /end level|ends/ }).waitFor();
    await assertAccessible(page, 'two runs in full');
    await show();
    await page.getByRole('button', { name: t('runs.clear') }).click();
  });

  it('shows a run in full, whatever its title looks like', async () => {
    const { page } = machine;
    await show();
    await page.getByRole('link', { name: '<img src=x' }).click();
    await page.getByRole('heading', { level: 1, name: '<img src=x onerror=alert(1)>' }).waitFor();
    await page.getByRole('heading', { name: t('settings.heading') }).waitFor();
    await assertNoMarkup(page);
    await assertAccessible(page, 'a run');
    await page.getByRole('link', { name: t('runs.back') }).click();
    await page.getByRole('heading', { name: t('runs.past') }).waitFor();
  });

  it('says that a run was aborted, and shows one without a round', async () => {
    const { page } = machine;
    await show();
    await page.getByRole('link', { name: 'Aborted at once' }).click();
    await page.getByRole('heading', { name: t('finding.aborted-early') }).waitFor();
    await page.getByText(t('banner.empty')).waitFor();
    await assertAccessible(page, 'a run without a round');
  });

  it(
    'exports a report, a table and JSON that can be read back',
    { skip: shell === 'electron' && 'a desktop saves through a dialog of the system' },
    async () => {
      const { page } = machine;
      await show('/results/run-1');
      const take = async (format: 'html' | 'csv' | 'json'): Promise<string> => {
        const download = page.waitForEvent('download');
        await page.getByRole('button', { name: t(`runs.export.${format}`), exact: true }).click();
        return readFile(await (await download).path(), 'utf8');
      };
      const html = await take('html');
      assert.match(plain(html), /<h1>Twenty clients with 5 % each come within 1\.3 points/);
      assert.match(await take('csv'), /^row,round,accuracy/);
      const result = parseResultJson(await take('json'), 'the download');
      assert.equal(result.kind, 'comparison');
    },
  );

  it(
    'prints a report from the browser with its own style, as a PDF needs a shell',
    { skip: shell === 'electron' && 'a desktop makes the PDF itself' },
    async () => {
      const { page } = machine;
      await show('/results/run-1');
      await page.evaluate(() => {
        // a headless browser prints nowhere: look at what would be printed
        Object.defineProperty(HTMLIFrameElement.prototype, 'contentWindow', {
          get(this: HTMLIFrameElement) {
            const view = this.contentDocument?.defaultView;
            if (view) view.print = () => (document.body.dataset['printed'] = view.document.title);
            return view;
          },
        });
      });
      await page.getByRole('button', { name: t('runs.export.pdf') }).click();
      await page.locator('body[data-printed*="Comparison"]').waitFor();
      const looks = await page.evaluate(() => {
        const printed = document.querySelector('iframe')!.contentDocument!;
        const heading = printed.querySelector('h1')!;
        const view = printed.defaultView!;
        return {
          family: view.getComputedStyle(heading).fontFamily,
          loaded: [...printed.fonts].some(({ status }) => status === 'loaded'),
          background: view.getComputedStyle(printed.querySelector('.card')!).backgroundColor,
        };
      });
      assert.match(looks.family, /Piazzolla/);
      assert.ok(looks.loaded, 'a typeface of the report is loaded');
      assert.equal(looks.background, 'rgb(255, 255, 255)');
    },
  );

  it('deletes with a way back', async () => {
    const { page } = machine;
    await show();
    const row = page.getByRole('link', { name: 'No protection' });
    await page.getByRole('checkbox', { name: /^Choose No protection/ }).check();
    await page.getByRole('button', { name: t('runs.delete') }).click();
    await row.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: t('shell.undo') }).click();
    await row.waitFor();
    await page.reload();
    await show();
    await row.waitFor();
  });

  it('can be walked by keys alone: rows by arrows, chosen by Space, opened by Enter, deleted by Delete', async () => {
    const { page } = machine;
    await show();
    await page.getByRole('checkbox', { name: /^Choose Reference experiment/ }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page
      .getByRole('region', { name: t('runs.differs') })
      .first()
      .waitFor();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Six leave in every round');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Six leave in every round' }).waitFor();
    await page.goBack();
    const last = page.getByRole('link', { name: 'Aborted at once' });
    await last.focus();
    await page.getByRole('button', { name: t('runs.clear') }).click();
    await last.focus();
    await page.keyboard.press('Delete');
    await last.waitFor({ state: 'detached' });
  });

  it('has no fault on its console', () => {
    assertQuiet(machine);
  });
});

describe('two hundred past runs', { skip }, () => {
  it('are drawn as one scrolls, found by name, and sorted', async () => {
    const room = await Room.open();
    try {
      await keepRuns(room, 'ada', manyRuns(200));
      const machine = await room.machine('ada');
      const { page } = machine;
      await page.getByRole('link', { name: t('shell.results'), exact: true }).click();
      const rows = page.locator('tr[data-id]');
      await rows.first().waitFor();
      assert.ok((await rows.count()) < 100, 'not all are drawn at once');
      await page.getByRole('link', { name: 'Run number 60', exact: true }).scrollIntoViewIfNeeded();
      await page.getByRole('link', { name: 'Run number 61', exact: true }).waitFor();
      await page.getByRole('searchbox').fill('number 17');
      await page.getByRole('link', { name: 'Run number 179' }).waitFor();
      assert.equal(await rows.count(), 11);
      await page.getByRole('searchbox').fill('');
      await page.getByRole('button', { name: t('runs.column.run'), exact: true }).click();
      await page.getByRole('link', { name: 'Run number 200' }).waitFor();
      assertQuiet(machine);
    } finally {
      await room.close();
    }
  });
});
