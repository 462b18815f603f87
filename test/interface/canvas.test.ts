/**
 * The canvas at the end of a session: answered in the page itself, live, and taught a hand there. The host is a real one
 * but for the session, which has ended before it began: its model was trained here.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { MethodName } from '../../core/contract/host.ts';
import type { Watched } from '../../core/contract/watched.ts';
import { fromWireText, toWireText } from '../../core/contract/wire-json.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { initialWeights } from '../../core/model/initial-weights.ts';
import { presetTopology } from '../../core/model/presets.ts';
import { streamState } from '../../core/random/stream.ts';
import { openWatched } from '../../core/watching/fold.ts';
import { loadEngine } from '../../main/compute/engines.ts';
import { loadDataset } from '../../main/data/load.ts';
import { Classifier } from '../../main/host/classify.ts';
import { assertQuiet, Inspection } from '../support/interface-checks.ts';
import { type Machine, Room, shell, skip } from '../support/interface-machines.ts';
import { drawSeven, english, french } from '../support/interface-steps.ts';
import { openedBy } from '../support/watched-session.ts';

const activity = 'participant-0123456789abcdef';
const classNames = Array.from('0123456789');
const topology = presetTopology('cnn-light', { height: 28, width: 28, channels: 1, classes: 10 });
/** A layer that the compiled engine does not know. */
const refused = { class_name: 'Sequential', config: { name: 'other', layers: [] } };
let data: Dataset;
let weights: Float32Array;

type Answer = { readonly value: unknown } | { readonly error: unknown };
type Answers = Partial<Record<MethodName, (args: Readonly<Record<string, unknown>>) => Answer>>;

function ended(): Watched {
  const opened = openWatched(openedBy({ clients: 3 }, 'participant'));
  return {
    ...opened,
    own: { ...opened.own!, name: 'Ada' },
    stage: 'ended',
    outcome: { outcome: 'finished', final: null, identitiesCompared: true },
  };
}

/** Calls that these answer; all others go to the host. Returns what the page has asked. */
async function answerFor({ page }: Machine, answers: Answers): Promise<{ name: string; args: unknown }[]> {
  const asked: { name: string; args: unknown }[] = [];
  await page.routeWebSocket(/\/host$/, (socket) => {
    const host = socket.connectToServer();
    host.onMessage((message) => {
      socket.send(message);
    });
    socket.onMessage((message) => {
      const { id, name, args } = fromWireText(String(message)) as {
        readonly id: number;
        readonly name: MethodName;
        readonly args: Readonly<Record<string, unknown>>;
      };
      asked.push({ name, args });
      const isOther = 'activity' in args && args['activity'] !== activity;
      const answer = isOther ? undefined : answers[name]?.(args);
      if (answer === undefined) {
        host.send(message);
        return;
      }
      const result = 'value' in answer ? { ok: true, ...answer } : { ok: false, ...answer };
      socket.send(toWireText({ id, result }));
    });
  });
  await page.reload();
  await page.locator('#main').waitFor();
  await page.evaluate((to) => {
    location.hash = to;
  }, `/activity/${activity}`);
  await page.locator('.try').waitFor();
  return asked;
}

const session = (): Answers => ({
  watch: () => ({ value: ended() }),
  unwatch: () => ({ value: null }),
  trainedModel: () => ({
    value: { topology, classNames, weights: new Uint8Array(weights.slice().buffer) },
  }),
  ownImages: () => ({
    value: {
      pixels: data.train.images.slice(0, 64 * 784),
      labels: [...data.train.labels.subarray(0, 64)],
      height: 28,
      width: 28,
      channels: 1,
    },
  }),
});

describe('the canvas at the end of a session', { skip: skip || shell === 'electron' }, () => {
  let room: Room;
  let ada: Machine;
  let chloe: Machine;
  const inspection = new Inspection();

  before(async () => {
    room = await Room.open();
    ada = await room.machine('ada');
    chloe = await room.machine('chloe', { language: 'fr', theme: 'dark', width: 1024, height: 640 });
    data = await loadDataset('mnist');
    const engine = await loadEngine('compiled');
    const model = await engine.plan(topology, data, { batchSize: 32 });
    const trained = await model.train({
      weights: initialWeights(topology, 1),
      indices: Uint32Array.from({ length: 3_000 }, (_, index) => index),
      epochs: 2,
      batchSize: 32,
      optimiser: { kind: 'adam', learningRate: 0.001 },
      proximalMu: 0,
      shuffleState: streamState(1, 'shuffle'),
      dropoutState: streamState(1, 'dropout'),
    });
    weights = trained.weights;
  });
  after(() => room.close());

  for (const [language, texts, drawings] of [
    ['en', english, 3],
    // the numbers as they are written in French
    ['fr', french, 1],
  ] as const)
    it(`answers in the page what the host would, and learns a hand there (${language})`, async () => {
      const { t, formats } = texts;
      const machine = language === 'en' ? ada : chloe;
      const { page } = machine;
      const asked = await answerFor(machine, session());
      const large = page.locator('.answer .large');
      const reader = page.locator('.answer .reader');
      await reader.filter({ hasText: t('part.try.page', { variant: '' }).replace(/ ?\(.*$/, '') }).waitFor();
      assert.equal(await large.innerText(), '?');
      const asSeven = page.locator('.answer li').nth(7).getByRole('button');
      const teach = page.getByRole('button', { name: t('part.teach'), exact: true });
      assert.deepEqual([await asSeven.isEnabled(), await teach.isEnabled()], [false, false]);
      await inspection.look(page, `an empty canvas, ${language}`);

      for (let kept = 0; kept < drawings; kept += 1) {
        await drawSeven(page);
        await large.filter({ hasText: /^[0-9]$/ }).waitFor();
        const shown = await page.locator('.answer .number').allInnerTexts();
        await asSeven.click();
        await large.filter({ hasText: '?' }).waitFor();
        const { pixels, label } = asked.findLast(({ name }) => name === 'addDrawing')!.args as {
          readonly pixels: Uint8Array;
          readonly label: number;
        };
        assert.equal(label, 7);
        const host = await new Classifier().classify({ topology, weights, classNames }, pixels);
        assert.deepEqual(
          shown.map((text) => text.replaceAll(/[^\d.,]/g, '')),
          host.map((share) => formats.fixed(share * 100, 1)),
        );
      }
      assert.equal(asked.filter(({ name }) => name === 'trainedModel').length, 1);
      assert.deepEqual(
        asked.filter(({ name }) => name === 'classify'),
        [],
        'the host is not asked',
      );

      await teach.click();
      const model = (which: 'room' | 'taught') =>
        page.getByRole('button', { name: t(`part.teach.model.${which}`), exact: true });
      await model('taught').and(page.locator('[aria-pressed=true]')).waitFor();
      await page.locator('.teach').getByText(t('part.teach.here')).waitFor();
      await drawSeven(page);
      await large.filter({ hasText: '7' }).waitFor();
      await inspection.look(page, `a model that was taught, ${language}`);
      await model('room').click();
      await page.getByText(t('part.try.reads'), { exact: true }).waitFor();
      assertQuiet(machine);
    });

  it('is answered by the host where the page’s engine does not run the model, and says why', async () => {
    const { t } = english;
    const asked = await answerFor(ada, {
      ...session(),
      trainedModel: () => ({ value: { topology: refused, classNames, weights: new Uint8Array(0) } }),
      classify: () => ({
        value: { probabilities: classNames.map((name) => Number(name === '4')), classNames },
      }),
    });
    const { page } = ada;
    await drawSeven(page);
    await page.locator('.answer .large').filter({ hasText: '4' }).waitFor();
    assert.ok(asked.some(({ name }) => name === 'classify'));
    const why = await page.locator('.answer .reader').innerText();
    assert.ok(why.startsWith(t('part.try.host.why', { why: '' }).trim()), why);
    assert.equal(await page.getByRole('button', { name: t('part.teach'), exact: true }).count(), 0);
    await inspection.look(page, 'a canvas that the host answers');
    assertQuiet(ada);
  });

  it('says so where there is no model yet', async () => {
    const { t } = french;
    await answerFor(chloe, {
      ...session(),
      trainedModel: () => ({ error: { code: 'no-model', message: 'Cannot.', details: {} } }),
    });
    await chloe.page.getByText(t('part.try.none')).waitFor();
    await inspection.look(chloe.page, 'a canvas without a model');
    assertQuiet(chloe);
  });

  it('is accessible and holds in its window', () => {
    inspection.assertNothingFound();
  });
});
