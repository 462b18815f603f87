import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AttackImage } from '../../../core/contract/attacks/attack-report.ts';
import { attackCatalogue } from '../../../core/contract/attacks/catalogue.ts';
import { openAttack } from '../../../core/watching/attack-view.ts';
import {
  candidatesOf,
  chartsOf,
  emptyScene,
  frameOf,
  pairsOf,
  rebuildsPictures,
  sceneOf,
  stripsOf,
  toneOf,
} from '../../../renderer/state/lab-scene.ts';
import { choicesOf, countVote, letterOf, openVote, totalOf } from '../../../renderer/state/lab-vote.ts';

function image(id: string, role: AttackImage['role'], about: Partial<AttackImage> = {}): AttackImage {
  const pixels = new Uint8Array(4);
  const shape = { pixels, height: 2, width: 2, channels: 1 };
  return { id, role, index: 0, name: role, label: null, value: null, masked: false, ...shape, ...about };
}

const baselines = (['black', 'globalMean', 'classMean', 'nearestOther'] as const).map((name) =>
  image(`${name}-0`, 'baseline', { name }),
);
const scene = {
  ...emptyScene,
  images: [
    image('rebuilt-1', 'rebuilt', { index: 1 }),
    image('target-1', 'target', { index: 1 }),
    image('target-0', 'target'),
    image('rebuilt-0', 'rebuilt', { value: 30 }),
    ...baselines,
    image('trigger-0', 'other', { name: 'trigger' }),
    image('clean-0', 'other', { name: 'clean' }),
    image('trigger-1', 'other', { name: 'trigger', index: 1 }),
  ],
};

describe('candidatesOf()', () => {
  it('takes the first private image with its copy and its baselines, in their order', () => {
    const { target, rebuilt, baselines: others } = candidatesOf(scene);
    assert.equal(target?.id, 'target-0');
    assert.equal(rebuilt?.id, 'rebuilt-0');
    assert.deepEqual(
      others.map(({ image: shown }) => shown?.id),
      ['black-0', 'globalMean-0', 'classMean-0', 'nearestOther-0'],
    );
  });

  it('has a frame for everything before anything is there', () => {
    const { target, rebuilt, baselines: others } = candidatesOf(emptyScene);
    assert.equal(target, null);
    assert.equal(rebuilt, null);
    assert.equal(others.length, 4);
    assert.ok(others.every(({ image: shown }) => shown === null));
  });
});

describe('pairsOf() and stripsOf()', () => {
  it('put private images over their copies by index, and all others into rows by name', () => {
    assert.deepEqual(
      pairsOf(scene).map(({ index, target, rebuilt }) => [index, target?.id, rebuilt?.id]),
      [
        [0, 'target-0', 'rebuilt-0'],
        [1, 'target-1', 'rebuilt-1'],
      ],
    );
    assert.deepEqual(
      stripsOf(scene).map(({ name, images }) => [name, images.length]),
      [
        ['trigger', 2],
        ['clean', 1],
      ],
    );
  });
});

describe('sceneOf()', () => {
  it('shows what a run has sent over the private images and baselines of before, and never over an old copy', () => {
    const run = openAttack('run-1', {
      attack: 'closed-form',
      target: { kind: 'fresh' },
      protection: { signature: false, masks: true, noise: 0 },
      settings: {},
      seed: 1,
    });
    const begun = sceneOf(run, scene);
    assert.equal(candidatesOf(begun).rebuilt, null);
    assert.equal(candidatesOf(begun).target?.id, 'target-0');
    const newer = image('target-0', 'target', { label: 7 });
    const later = sceneOf({ ...run, images: [newer] }, scene);
    assert.deepEqual(
      later.images.filter(({ id }) => id === 'target-0'),
      [newer],
    );
    assert.deepEqual(later.series, []);
  });
});

describe('frameOf() and toneOf()', () => {
  it('frame what gives something away, on the side that is success', () => {
    const above = { value: 25, side: 'above' } as const;
    const below = { value: 0.04, side: 'below' } as const;
    assert.equal(frameOf(image('a', 'rebuilt', { value: 25 }), above), 'leak');
    assert.equal(frameOf(image('a', 'rebuilt', { value: 24.9 }), above), 'plain');
    assert.equal(frameOf(image('a', 'rebuilt', { value: 0.03 }), below), 'leak');
    assert.equal(frameOf(image('a', 'target', { value: 99 }), above), 'plain');
    assert.equal(frameOf(image('a', 'rebuilt', { value: 99, masked: true }), above), 'masked');
  });

  it('call stopped safe only where masks or refusals stopped it', () => {
    const none = { signature: false, masks: false, noise: 0.03 };
    const masks = { signature: true, masks: true, noise: 0 };
    const reads = { seat: 'reads-update' } as const;
    assert.equal(toneOf(reads, { outcome: 'stopped', protection: none }), 'plain');
    assert.equal(toneOf(reads, { outcome: 'stopped', protection: masks }), 'safe');
    assert.equal(toneOf(reads, { outcome: 'leaks', protection: masks }), 'leak');
    assert.equal(toneOf(reads, { outcome: 'partly', protection: masks }), 'plain');
    assert.equal(toneOf({ seat: 'cheats' }, { outcome: 'stopped', protection: none }), 'safe');
  });
});

describe('rebuildsPictures()', () => {
  it('is so of the attacks that a drawing can be given to', () => {
    const names = Object.values(attackCatalogue)
      .filter(rebuildsPictures)
      .map(({ name }) => name);
    assert.ok(names.includes('closed-form'));
    for (const without of ['backdoor', 'forgery', 'membership-inference'] as const)
      assert.ok(!names.includes(without), without);
  });
});

describe('one of several private images', () => {
  const several = {
    ...scene,
    images: [...scene.images, image('nearestOther-1', 'baseline', { index: 1, name: 'nearestOther' })],
  };

  it('stands beside its own copy and baselines; the first where nobody has asked, or there is no such', () => {
    assert.equal(candidatesOf(several).rebuilt?.id, 'rebuilt-0');
    const second = candidatesOf(several, 1);
    assert.deepEqual([second.target?.id, second.rebuilt?.id], ['target-1', 'rebuilt-1']);
    assert.deepEqual(
      second.baselines.flatMap(({ image: shown }) => shown?.id ?? []),
      ['nearestOther-1'],
    );
    assert.equal(candidatesOf(several, 7).rebuilt?.id, 'rebuilt-0');
  });

  it('is what the room votes on', () => {
    const vote = openVote(choicesOf(candidatesOf(several, 1)), () => 0);
    assert.equal(vote.index, 1);
    assert.deepEqual([...vote.order].sort(), ['nearestOther-1', 'rebuilt-1']);
  });
});

describe('a blind vote', () => {
  const choices = choicesOf(candidatesOf(scene));

  it('is between the copy and the baselines that might be taken for it; none where nothing was rebuilt', () => {
    assert.deepEqual(
      choices.map(({ id }) => id),
      ['rebuilt-0', 'classMean-0', 'nearestOther-0', 'globalMean-0'],
    );
    assert.deepEqual(choicesOf(candidatesOf(emptyScene)), []);
    assert.deepEqual(choicesOf(candidatesOf({ ...scene, images: scene.images.slice(0, 4) })), []);
  });

  it('shows every picture once, in an order that chance alone decides', () => {
    const orders = new Set<string>();
    let state = 1;
    const random = (): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    for (let time = 0; time < 400; time += 1) {
      const { order } = openVote(choices, random);
      assert.deepEqual([...order].sort(), choices.map(({ id }) => id).sort());
      orders.add(order.join());
    }
    // 400 draws of 24 orders miss one with a probability below 24 (23/24)^400 < 1e-6
    assert.equal(orders.size, 24);
  });

  it('counts hands up and down, never below none, and only for what was shown', () => {
    const vote = openVote(choices, () => 0);
    const counted = countVote(countVote(countVote(vote, 'rebuilt-0', 1), 'rebuilt-0', 1), 'classMean-0', -1);
    assert.equal(counted.counts['rebuilt-0'], 2);
    assert.equal(counted.counts['classMean-0'], 0);
    assert.equal(totalOf(counted), 2);
    assert.equal(countVote(vote, 'target-0', 1), vote);
    assert.equal(vote.revealed, false);
    assert.deepEqual([letterOf(0), letterOf(3)], ['A', 'D']);
  });
});

describe('chartsOf()', () => {
  it('joins lines of the same axes, and puts what needs no attack where it reaches as far', () => {
    const line = (name: string, far: number) => ({
      name,
      points: [
        [0, 0],
        [far, 1],
      ] as const,
    });
    const series = [line('chance', 1), line('found', 1000), line('missed', 1000), line('roc', 1)];
    const axes = (one: { readonly name: string }): string =>
      ({ found: 'images,share', missed: 'images,share' })[one.name] ?? ',';
    assert.deepEqual(
      chartsOf(series, axes).map((chart) => chart.map(({ name }) => name)),
      [
        ['found', 'missed'],
        ['roc', 'chance'],
      ],
    );
    assert.deepEqual(chartsOf([line('chance', 1)], axes).length, 1);
    assert.deepEqual(chartsOf([], axes), []);
  });
});
