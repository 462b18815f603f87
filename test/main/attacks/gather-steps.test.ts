import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AttackImage, AttackStep } from '../../../core/contract/attacks/attack-report.ts';
import { StepGatherer } from '../../../main/attacks/gather-steps.ts';

const image = (id: string, value: number): AttackImage => ({
  id,
  role: 'rebuilt',
  index: 0,
  name: 'rebuilt',
  pixels: Uint8Array.of(value),
  height: 1,
  width: 1,
  channels: 1,
  label: null,
  value,
  masked: false,
});
const progress = (done: number): AttackStep => ({ kind: 'progress', done, stage: 'optimising', figures: {} });
const images = (...shown: AttackImage[]): AttackStep => ({ kind: 'images', images: shown });
const rows = (name: string, tries: number): AttackStep => ({
  kind: 'rows',
  rows: [{ name, cells: { tries } }],
});
const loss = (...points: [number, number][]): AttackStep => ({
  kind: 'series',
  series: { name: 'loss', points },
});

/** An hour: only what is told at once is told. */
const rarely = 3_600_000;

describe('StepGatherer', () => {
  it('tells the first step and the first pictures at once, and of the others the latest of each when asked', () => {
    const told: (readonly AttackStep[])[] = [];
    const steps = new StepGatherer(rarely, (some) => told.push(some));
    steps.take(progress(0));
    steps.take(images(image('a', 1)));
    assert.deepEqual(told, [[progress(0)], [images(image('a', 1))]]);
    for (const step of [
      progress(0.1),
      images(image('a', 2), image('b', 1)),
      rows('mean', 1),
      loss([0, 1]),
      progress(0.2),
      images(image('a', 3)),
      rows('median', 1),
      rows('mean', 2),
      loss([0, 1], [1, 0.5]),
    ])
      steps.take(step);
    assert.equal(told.length, 2);
    steps.flush();
    assert.deepEqual(told[2], [
      progress(0.2),
      images(image('a', 3), image('b', 1)),
      loss([0, 1], [1, 0.5]),
      {
        kind: 'rows',
        rows: [
          { name: 'mean', cells: { tries: 2 } },
          { name: 'median', cells: { tries: 1 } },
        ],
      },
    ]);
    steps.flush();
    assert.equal(told.length, 3);
  });

  it('tells pictures that came before with the first of them, and loses nothing where every step is told', () => {
    const told: AttackStep[] = [];
    const steps = new StepGatherer(0, (some) => told.push(...some));
    const all = [progress(0), rows('mean', 1), images(image('a', 1)), loss([0, 1]), images(image('b', 2))];
    for (const step of all) steps.take(step);
    assert.deepEqual(told, all);
  });
});
