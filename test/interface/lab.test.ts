import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe } from 'node:test';
import { attackNames } from '../../core/contract/attacks/names.ts';
import { keepAttacks, pictured, sampleAttack } from '../support/interface-attacks.ts';
import { assertQuiet, Inspection } from '../support/interface-checks.ts';
import { type Machine, Room, shell, skip } from '../support/interface-machines.ts';
import { inOrder } from '../support/interface-order.ts';
import { drawSeven, english, french, tabTo } from '../support/interface-steps.ts';

const { t } = english;

function go({ page }: Machine, path: string): Promise<void> {
  return page.evaluate((to) => {
    location.hash = to;
  }, path);
}

/** What a canvas shows, as one text: pictures that look alike are alike. */
function pictureOf({ page }: Machine, figure: number): Promise<string> {
  return page
    .locator('.candidates figure')
    .nth(figure)
    .locator('canvas')
    .evaluate((canvas) => {
      return (canvas as HTMLCanvasElement).toDataURL();
    });
}

describe('the attack lab', { skip }, () => {
  let room: Room;
  let machine: Machine;
  const inspection = new Inspection();
  const { step, failed } = inOrder();

  before(async () => {
    room = await Room.open();
    machine = await room.machine('ada');
  });
  after(() => room.close(failed()));

  const sentence = () => machine.page.locator('.sentence');
  const runButton = () =>
    machine.page.locator('.bar').getByRole('button', { name: t('lab.run'), exact: true });
  const again = () => machine.page.locator('.bar').getByRole('button', { name: t('lab.run.again') });
  const option = (name: string) => machine.page.locator('.option').filter({ hasText: name });

  step('asks eleven questions, none of them answered before anything was run', async () => {
    const { page } = machine;
    await page.getByRole('link', { name: t('shell.lab'), exact: true }).click();
    const cards = page.locator('.gallery a');
    await page
      .getByText(t('lab.not-run'))
      .nth(attackNames.length - 1)
      .waitFor();
    assert.equal(await cards.count(), attackNames.length);
    assert.equal(await page.locator('.gallery canvas').count(), 0, 'no picture that nobody has made');
    await inspection.look(page, 'the gallery, nothing run');
  });

  step('shows those of one seat, by arrow keys too', async () => {
    const { page } = machine;
    await page.getByRole('button', { name: t('lab.filter.all'), exact: true }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const cards = page.locator('.gallery a');
    await page.getByText(t('attack.closed-form.question')).waitFor({ state: 'detached' });
    assert.equal(await cards.count(), 2);
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.getByText(t('attack.closed-form.question')).waitFor();
  });

  step('opens one by keys: frames for what will come, and what to do', async () => {
    const { page } = machine;
    await tabTo(page, page.getByRole('link', { name: /Can one update give/ }));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: t('attack.closed-form.question') }).waitFor();
    await page.getByRole('heading', { name: t('lab.idle') }).waitFor();
    assert.equal(await page.locator('.candidates .empty').count(), 6);
    await inspection.look(page, 'a demonstration, nothing run');
  });

  step('has the settings of the attack’s own schema, and says at the field what is wrong', async () => {
    const { page } = machine;
    await page.getByRole('button', { name: t('lab.change.label') }).click();
    const panel = page.getByRole('dialog');
    const batch = panel.getByRole('textbox', { name: t('attack.closed-form.setting.batch') });
    await batch.fill('1000');
    await panel.getByText(t('lab.panel.problem.whole', { least: '1', most: '256' })).waitFor();
    const run = panel.getByRole('button', { name: t('lab.panel.run') });
    assert.equal(await run.isEnabled(), false);
    await inspection.look(page, 'the panel, a number out of range');
    await batch.fill('4');
    // a judge takes longer than all the rest
    await panel.getByRole('switch', { name: t('attack.closed-form.setting.judge') }).click();
    await run.click();
    await panel.waitFor({ state: 'detached' });
  });

  step('runs it: pictures, the verdict with its evidence, the axis, the needles', async () => {
    const { page } = machine;
    await again().waitFor();
    assert.match(await sentence().innerText(), /^Yes\./);
    assert.equal(await page.locator('.candidates canvas').count(), 6);
    assert.equal(await page.locator('.pairs canvas').count(), 8);
    const axis = page.getByRole('img', { name: /^peak signal to noise\. Without an attack: All black/ });
    assert.match((await axis.getAttribute('aria-label')) ?? '', /recovered: above 25.dB/);
    await page.getByText(t('lab.gauge.every.none')).waitFor();
    assert.equal(await page.locator('.option[aria-pressed=true] .text.leak').count(), 1);
    await inspection.look(page, 'a leak');
    await page.getByRole('button', { name: t('lab.figures') }).click();
    const figures = page.getByRole('dialog', { name: t('lab.figures.title') });
    await figures.getByRole('row', { name: /structural similarity/ }).waitFor();
    await inspection.look(page, 'every figure');
    await page.keyboard.press('Escape');
    await figures.waitFor({ state: 'detached' });
  });

  step('runs the very same under masks: the same image, another answer', async () => {
    const { page } = machine;
    const [target, rebuilt] = [await pictureOf(machine, 0), await pictureOf(machine, 1)];
    await option(t('lab.switch.masks')).click();
    await page.getByText(t('lab.gauge.every.masks.note')).waitFor();
    assert.match(await sentence().innerText(), /^No\./);
    assert.equal(await pictureOf(machine, 0), target);
    assert.notEqual(await pictureOf(machine, 1), rebuilt);
    assert.equal(await page.locator('.candidates canvas.masked').count(), 1);
    assert.equal(await page.locator('.pairs canvas.masked').count(), 4);
    await inspection.look(page, 'masked');
  });

  step('goes back to what is known without running it again', async () => {
    const { page } = machine;
    const runs = await page.locator('.option .picture .none').count();
    await page.keyboard.press('1');
    await page.getByText(t('lab.gauge.every.none')).waitFor();
    assert.equal(await page.locator('.progress.running').count(), 0);
    assert.match(await sentence().innerText(), /^Yes\./);
    assert.equal(await page.locator('.option .picture .none').count(), runs);
  });

  step('runs again by its key, and finds the same', async () => {
    const { page } = machine;
    const [rebuilt, said] = [await pictureOf(machine, 1), await sentence().innerText()];
    const started = page.locator('.progress.running');
    await page.keyboard.press('r');
    await started.waitFor();
    await again().waitFor();
    assert.equal(await sentence().innerText(), said);
    assert.equal(await pictureOf(machine, 1), rebuilt);
  });

  step('asks the room before it answers, counts hands, and reveals', async () => {
    const { page } = machine;
    await page.keyboard.press('v');
    await page.getByRole('heading', { name: t('lab.vote.question') }).waitFor();
    assert.equal(await page.locator('.stage').count(), 0);
    assert.equal(await page.locator('.options canvas').count(), 0, 'no answer on the switches');
    const reveal = page.getByRole('button', { name: t('lab.vote.reveal') });
    assert.equal(await reveal.isEnabled(), false);
    for (const letter of ['A', 'A', 'B', 'C'])
      await page.getByRole('button', { name: t('lab.vote.more', { letter }) }).click();
    await page.getByRole('button', { name: t('lab.vote.less', { letter: 'C' }) }).click();
    await inspection.look(page, 'a vote');
    await reveal.click();
    await page.getByText(t('lab.vote.count', { count: 2, total: 3 })).waitFor();
    assert.match(await sentence().innerText(), /^Yes\./);
    await page.getByRole('button', { name: t('lab.vote.again') }).click();
    await page.keyboard.press('Escape');
    await sentence().waitFor();
  });

  step('stops when it is told to, and says that there is no verdict', async () => {
    const { page } = machine;
    await go(machine, '/lab/model-inversion');
    // pressed twice at once: the second press comes before the host has answered the first
    await runButton().evaluate((button) => {
      for (let presses = 0; presses < 2; presses += 1) (button as HTMLButtonElement).click();
    });
    await page.getByRole('heading', { name: t('lab.stopped') }).waitFor();
    await runButton().click();
    const bar = page.getByRole('progressbar', { name: t('lab.progress') });
    await bar.waitFor();
    await page
      .locator('.bar')
      .getByRole('button', { name: t('lab.stop') })
      .click();
    await page.getByRole('heading', { name: t('lab.stopped') }).waitFor();
    assert.equal(await bar.count(), 0);
    assert.equal(
      await page.evaluate(() => document.activeElement?.textContent.trim()),
      t('lab.run'),
      'whoever pressed Stop still stands on the button',
    );
    await inspection.look(page, 'stopped');
  });

  step('attacks what somebody has just drawn', async () => {
    const { page } = machine;
    await go(machine, '/lab/closed-form');
    await page.getByRole('link', { name: t('lab.draw'), exact: true }).click();
    const attack = page.getByRole('button', { name: t('lab.draw.attack') });
    assert.equal(await attack.isEnabled(), false);
    await drawSeven(page);
    await page.getByRole('button', { name: t('draw.keep', { digit: '7' }) }).click();
    await inspection.look(page, 'a drawing for an attack');
    await attack.click();
    await page.getByText(t('lab.image.drawn', { label: '7' })).waitFor();
    await again().waitFor();
    assert.match(await sentence().innerText(), /^Yes\./);
    // what ran before was of other images
    assert.match(await option(t('lab.switch.masks')).innerText(), new RegExp(t('lab.switch.not-run')));
  });

  step(
    'keeps what was put into the report, takes it away as files, and deletes with a way back',
    async () => {
      const { page } = machine;
      await page
        .locator('.bar')
        .getByRole('button', { name: t('lab.add') })
        .click();
      await page
        .locator('.bar')
        .getByRole('button', { name: t('lab.add.done') })
        .waitFor();
      await page.getByRole('link', { name: t('lab.back') }).click();
      await page.getByRole('link', { name: t('lab.report.count', { count: 1 }) }).click();
      const inside = page.getByRole('region', { name: t('lab.report.in') });
      await inside.getByRole('link', { name: t('attack.closed-form.question') }).waitFor();
      await inspection.look(page, 'the report');
      if (shell !== 'electron') {
        const download = page.waitForEvent('download');
        await page.getByRole('button', { name: t('lab.report.json'), exact: true }).click();
        const text = await readFile(await (await download).path(), 'utf8');
        assert.match(text, /"attack": ?"closed-form"/);
      }
      await inside.getByRole('button', { name: /^Delete/ }).click();
      await page.getByText(t('lab.report.empty')).waitFor();
      await page
        .getByRole('button', { name: t('shell.undo') })
        .last()
        .click();
      await inside.getByRole('link', { name: t('attack.closed-form.question') }).click();
      await again().waitFor();
    },
  );

  step('presents one after another by keys, for the last row', async () => {
    const { page } = machine;
    await go(machine, '/lab');
    await page.getByRole('link', { name: t('lab.present') }).click();
    await page.locator('html[data-mode=projector]').waitFor();
    await page.getByText(t('attack.closed-form.notes')).waitFor();
    await inspection.look(page, 'presenting');
    await page.keyboard.press('n');
    await page.getByText(t('attack.closed-form.notes')).waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowRight');
    await page.getByText(t('lab.present.of', { number: 2, count: attackNames.length })).waitFor();
    await page.locator('.where').getByText(t('attack.crowd-size.question')).waitFor();
    await inspection.look(page, 'presenting the next one');
    await page.keyboard.press('PageUp');
    await page.getByText(t('lab.present.of', { number: 1, count: attackNames.length })).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { level: 1, name: t('attack.closed-form.question') }).waitFor();
    assert.equal(await page.locator('html[data-mode=projector]').count(), 0);
  });

  step('is accessible in all of these, and has no fault on its console', async () => {
    await Promise.resolve();
    inspection.assertNothingFound();
    assertQuiet(machine);
  });
});

describe('the attack lab in French, dark, in a small window, with runs of before', { skip }, () => {
  let room: Room;
  let machine: Machine;
  const inspection = new Inspection();
  const { step, failed } = inOrder();
  const { t: say } = french;

  before(async () => {
    room = await Room.open();
    const gone = { target: { kind: 'update', activity: 'simulation-0123456789', client: 2 } } as const;
    await keepAttacks(room, 'chloe', [
      sampleAttack('two-stage', 'none', { ...pictured(1, { value: 22 }), outcome: 'partly' }),
      sampleAttack('closed-form', 'masks', {
        ...pictured(8, { value: 7, masked: true }),
        outcome: 'stopped',
      }),
      sampleAttack('closed-form', 'none', pictured(8, { value: 100 })),
      sampleAttack('pruning', 'keep-10', pictured(12, { value: 40 })),
      sampleAttack('membership-inference', 'none', {
        series: [
          {
            name: 'roc',
            points: [
              [0, 0],
              [0.2, 0.5],
              [1, 1],
            ],
          },
          {
            name: 'chance',
            points: [
              [0, 0],
              [1, 1],
            ],
          },
        ],
      }),
      sampleAttack('forgery', 'protected', {
        outcome: 'stopped',
        rows: [
          { name: 'tamper', cells: { outcome: 'refused', code: 'bad-signature' } },
          { name: 'poison', cells: { outcome: 'passed', code: '' } },
        ],
      }),
      sampleAttack('gradient-matching', 'none', pictured(1, { value: 30 }), gone),
    ]);
    machine = await room.machine('chloe', { language: 'fr', theme: 'dark', width: 1024, height: 640 });
  });
  after(() => room.close(failed()));

  step('shows each with its own picture, accessible and without a scrolling window', async () => {
    const { page } = machine;
    await page.getByRole('link', { name: say('shell.lab'), exact: true }).click();
    await page.locator('.gallery canvas').first().waitFor();
    await inspection.look(page, 'the gallery');
    for (const name of attackNames) {
      await go(machine, `/lab/${name}`);
      await page.getByRole('heading', { level: 1, name: say(`attack.${name}.question`) }).waitFor();
      await page.waitForLoadState('networkidle');
      await inspection.look(page, name);
    }
    await go(machine, '/lab/no-such-attack');
    await page.getByRole('heading', { name: say('lab.unknown') }).waitFor();
    await inspection.look(page, 'no such attack');
  });

  step('says what to do where what was attacked is gone', async () => {
    const { page } = machine;
    await go(machine, '/lab/gradient-matching');
    await page.getByRole('button', { name: say('lab.run.again') }).click();
    await page.getByRole('heading', { name: say('lab.failed') }).waitFor();
    await page.getByText(say('lab.failed.target')).waitFor();
    await inspection.look(page, 'a target that is gone');
  });

  step(
    'has signs for what is refused and what gets through, and a curve with what chance would be',
    async () => {
      const { page } = machine;
      await go(machine, '/lab/forgery');
      const table = page.getByRole('region', { name: say('lab.table') });
      await table.getByRole('row', { name: new RegExp(say('lab.cell.refused')) }).waitFor();
      await table.getByRole('row', { name: new RegExp(say('lab.cell.passed')) }).waitFor();
      await go(machine, '/lab/membership-inference');
      const curve = page.locator('.charts svg').first();
      await curve.waitFor();
      assert.match((await curve.getAttribute('aria-label')) ?? '', /Au hasard/);
      inspection.assertNothingFound();
      assertQuiet(machine);
    },
  );
});
