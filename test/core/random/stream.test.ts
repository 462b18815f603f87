/**
 * Seeded streams. The statistical tests run over fixed seeds, so that they always give the same answer; the stated
 * probability is that of a good generator failing them for a seed drawn at random.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomStream, shuffle, streamState } from '../../../core/random/stream.ts';

/** Pearson's statistic of counts that should all be equal. */
function chiSquare(counts: Uint32Array): number {
  const expected = counts.reduce((total, count) => total + count, 0) / counts.length;
  return counts.reduce((total, count) => total + (count - expected) ** 2 / expected, 0);
}

/** Upper quantiles of chi-square at 10^-6. */
const CHI_SQUARE_255 = 378;
const CHI_SQUARE_23 = 71;

test('randomStream() is frozen: runs can be repeated by later versions', () => {
  const stream = randomStream(42, 'rounding', 3, 7);
  assert.deepEqual(
    Array.from({ length: 4 }, () => stream.nextUint32()),
    [943689679, 1444428181, 352338862, 3519189669],
  );
  assert.deepEqual([...streamState(42, 'deal')], [-405357316, -1972816302, -1779812872, 790884240]);
});

test('randomStream() with the same seed and labels starts anew every time', () => {
  const first = randomStream(1, 'shuffle', 2, 3);
  const second = randomStream(1, 'shuffle', 2, 3);
  for (let draw = 0; draw < 100; draw += 1) assert.equal(first.nextUint32(), second.nextUint32());
});

test('streamState() differs for every seed and list of labels, however alike they are written', () => {
  const states = [
    streamState(1, 'shuffle', 2, 3),
    streamState(2, 'shuffle', 2, 3),
    streamState(1, 'shuffle', 23),
    streamState(1, 'shuffle', '2', 3),
    streamState(1, 'shuffle2', 3),
    streamState(1, 'shuffle', 3, 2),
    streamState(1, 'dropout', 2, 3),
    streamState(1, 'shuffle'),
  ];
  assert.equal(new Set(states.map((state) => state.join())).size, states.length);
});

test('nextUint32() is uniform in each of its bytes (false alarm 4 * 10^-6)', () => {
  const stream = randomStream(5, 'uniform');
  const counts = Array.from({ length: 4 }, () => new Uint32Array(256));
  for (let draw = 0; draw < 2 ** 16; draw += 1) {
    const value = stream.nextUint32();
    counts.forEach((count, byte) => (count[(value >>> (8 * byte)) & 255]! += 1));
  }
  for (const count of counts) assert.ok(chiSquare(count) < CHI_SQUARE_255, String(chiSquare(count)));
});

test('nextFloat() lies in [0, 1) with mean 1/2 (false alarm 10^-6)', () => {
  const stream = randomStream(6, 'float');
  const draws = 100_000;
  let sum = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    const value = stream.nextFloat();
    assert.ok(value >= 0 && value < 1);
    sum += value;
  }
  // 4.9 standard deviations of the mean of uniform values
  assert.ok(Math.abs(sum / draws - 0.5) < 4.9 * Math.sqrt(1 / 12 / draws), String(sum / draws));
});

test('nextBelow() has no modulo bias (false alarm 10^-6)', () => {
  // of 2^32 values taken modulo 3 * 2^30, half would fall into the lowest third
  const stream = randomStream(7, 'below');
  const draws = 20_000;
  let lowest = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    const value = stream.nextBelow(3 * 2 ** 30);
    assert.ok(Number.isInteger(value) && value >= 0 && value < 3 * 2 ** 30);
    if (value < 2 ** 30) lowest += 1;
  }
  assert.ok(Math.abs(lowest - draws / 3) < 4.9 * Math.sqrt((draws * 2) / 9), String(lowest));
});

test('nextBelow() takes every bound from 1 to 2^32', () => {
  const stream = randomStream(8, 'bounds');
  assert.equal(stream.nextBelow(1), 0);
  const copy = randomStream(8, 'bounds');
  copy.nextUint32();
  assert.equal(stream.nextBelow(2 ** 32), copy.nextUint32());
});

test('shuffle() makes every order of four equally likely (false alarm 10^-6)', () => {
  const stream = randomStream(9, 'shuffle');
  const orders = new Map<string, number>();
  for (let draw = 0; draw < 24_000; draw += 1) {
    const items = Uint32Array.of(0, 1, 2, 3);
    shuffle(items, stream);
    orders.set(items.join(), (orders.get(items.join()) ?? 0) + 1);
  }
  assert.equal(orders.size, 24);
  const statistic = chiSquare(Uint32Array.from(orders.values()));
  assert.ok(statistic < CHI_SQUARE_23, String(statistic));
});

test('shuffle() keeps every item', () => {
  const items = Uint32Array.from({ length: 1000 }, (_, index) => index);
  shuffle(items, randomStream(10, 'shuffle'));
  assert.notDeepEqual(items, items.toSorted());
  assert.deepEqual(
    items.toSorted(),
    Uint32Array.from({ length: 1000 }, (_, index) => index),
  );
});
