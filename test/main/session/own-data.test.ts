/** Which images a participant trains on: its part, its folder, its drawings, and never more than the session allows for. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SessionPlan } from '../../../core/contract/session-plan.ts';
import { runSettingsSchema } from '../../../core/contract/run-settings.ts';
import { loadParticipantData, type ParticipantData, shareOf } from '../../../main/session/own-data.ts';

const drawings = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    label: index % 10,
    pixels: new Uint8Array(784).fill(index + 1),
  }));
const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

function planOf(data: Partial<SessionPlan['data']>): SessionPlan {
  const { clients: _, ...settings } = runSettingsSchema.parse({});
  return {
    version: 1,
    title: 'Test',
    settings,
    data: {
      mode: 'own',
      name: 'MNIST',
      digest: '',
      classNames: digits,
      height: 28,
      width: 28,
      channels: 1,
      ...data,
    },
    model: { name: 'mlp', topology: {} },
    demonstration: false,
  };
}

describe('loadParticipantData() with drawings', () => {
  it('takes them alone where everyone brings their own', async () => {
    const data = await loadParticipantData(planOf({}), { source: undefined, drawings: drawings(12) });
    assert.equal(data.dataset.train.count, 12);
    assert.equal(data.source, data.dataset);
    assert.deepEqual([data.added, data.drawings], [undefined, 12]);
  });

  it('refuses none, and other images or classes than digits, in words that say what is needed', async () => {
    const none = { source: undefined, drawings: [] };
    await assert.rejects(loadParticipantData(planOf({}), none), {
      code: 'data-does-not-fit',
      message: /at least one drawing, and is none\. Draw some digits first/,
    });
    for (const change of [
      { height: 12, width: 12 },
      { channels: 3 as const },
      { classNames: ['cat', 'dog'] },
    ]) {
      await assert.rejects(
        loadParticipantData(planOf(change), { source: undefined, drawings: drawings(1) }),
        { code: 'data-does-not-fit', message: /is drawings of digits, 28 x 28 x 1\. Join without drawings/ },
      );
    }
    await assert.rejects(loadParticipantData(planOf({}), { source: undefined, drawings: undefined }), {
      code: 'data-does-not-fit',
      message: /a folder of your own, or your drawings/,
    });
  });

  it('puts them behind what is dealt, which is still checked', async () => {
    const choice = { source: undefined, drawings: drawings(3) };
    const altered = planOf({ mode: 'dealt', digest: '0'.repeat(64) });
    await assert.rejects(loadParticipantData(altered, choice), { message: /the very data set MNIST/ });
    const { base } = await loadParticipantData(planOf({ mode: 'own' }), {
      source: 'mnist',
      drawings: undefined,
    });
    const dealt = planOf({ mode: 'dealt', digest: base.digest });
    const data = await loadParticipantData(dealt, choice);
    assert.equal(data.base.digest, base.digest);
    assert.deepEqual([data.base.train.count, data.dataset.train.count], [60_000, 60_003]);
    assert.deepEqual([...data.dataset.train.labels.subarray(60_000)], [0, 1, 2]);
    assert.equal(data.dataset.train.images[60_002 * 784], 3);
    assert.deepEqual([data.source, data.added?.count, data.drawings], ['mnist', 3, 3]);
  });
});

describe('shareOf()', () => {
  /** So many images, of which the last are drawings. */
  const data = (count: number, drawn: number): ParticipantData =>
    ({ dataset: { train: { count } }, drawings: drawn }) as ParticipantData;
  const share = (count: number, drawn: number, dealt: readonly number[] | undefined, most: number) => {
    const { indices, ...rest } = shareOf(data(count, drawn), dealt && Uint32Array.from(dealt), most);
    return [[...indices], rest.drawings, rest.othersLeftOut, rest.drawingsLeftOut];
  };

  it('is the dealt part, or everything, where there are no drawings', () => {
    assert.deepEqual(share(9, 0, [1, 3, 5], 3), [[1, 3, 5], 0, 0, 0]);
    assert.deepEqual(share(3, 0, undefined, 10_000), [[0, 1, 2], 0, 0, 0]);
    // somebody else has more
    assert.deepEqual(share(9, 0, [1, 3], 5), [[1, 3], 0, 0, 0]);
  });

  it('adds drawings while there is room, then they take the place of others', () => {
    assert.deepEqual(share(12, 2, [1, 3], 5), [[1, 3, 10, 11], 2, 0, 0]);
    assert.deepEqual(share(12, 2, [1, 3, 5, 7], 5), [[1, 3, 5, 10, 11], 2, 1, 0]);
    assert.deepEqual(share(12, 2, [1, 3], 2), [[10, 11], 2, 2, 0]);
  });

  it('takes the latest drawings where there are more than anybody may train on', () => {
    assert.deepEqual(share(12, 4, [1, 3], 3), [[9, 10, 11], 3, 2, 1]);
    assert.deepEqual(share(4, 4, undefined, 3), [[1, 2, 3], 3, 0, 1]);
  });

  it('takes all drawings where they stand alone, and all of a folder beside them', () => {
    assert.deepEqual(share(3, 3, undefined, 10_000), [[0, 1, 2], 3, 0, 0]);
    assert.deepEqual(share(5, 2, undefined, 10_000), [[0, 1, 2, 3, 4], 2, 0, 0]);
  });
});
