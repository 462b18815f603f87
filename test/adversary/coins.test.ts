/**
 * Client fraction below 1: who trains is each client's own secret. A coordinator that could tell it, or have the coin
 * tossed until it falls as it likes, would choose the cohort, and could leave one honest client alone in a sum.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RandomSource } from '../../core/crypto/random.ts';
import type { ClientEffect } from '../../core/secagg/client-events.ts';
import { TestRoom, exactSum, repeatableRandom, typeOf } from '../support/secagg-room.ts';

const fraction = { clients: 30, settings: { fraction: 0.5 } } as const;

/** A generator whose coins (the only draws of 8 bytes) fall as told; counts them. */
function withCoins(client: number, selected: boolean): { random: RandomSource; tosses: () => number } {
  const others = repeatableRandom(client);
  let tosses = 0;
  return {
    random: {
      bytes: (length) => {
        const bytes = others.bytes(length);
        if (length !== 8) return bytes;
        tosses += 1;
        return bytes.fill(selected ? 0 : 255);
      },
    },
    tosses: () => tosses,
  };
}

function order(effects: readonly ClientEffect[]): string[] {
  return effects.map((effect) => (effect.kind === 'send' ? typeOf(effect.bytes) : effect.kind));
}

test('a client that is not selected does the same in the same order, and waits for its vector as long', () => {
  const orders = [true, false].map((selected) => {
    const room = new TestRoom({ ...fraction, random: (client) => withCoins(client, selected).random });
    const { aggregate } = room.begin(1);
    assert.deepEqual([...(aggregate?.sum ?? [])], exactSum(room.epoch, selected ? room.epoch.everyone : []));
    const train = room.desk(1).effects.find((effect) => effect.kind === 'train');
    assert.equal(train?.selected, selected);
    return order(room.desk(1).effects);
  });
  assert.deepEqual(orders[1], orders[0]);

  // until its driver hands over a vector, nothing leaves
  const waiting = new TestRoom({
    ...fraction,
    random: (client) => withCoins(client, false).random,
    withholdVectors: true,
  });
  waiting.stepCoordinator({
    kind: 'begin',
    round: 1,
    model: { hash: new Uint8Array(32), weights: new Uint8Array(0) },
  });
  waiting.deliver();
  assert.deepEqual(waiting.inPhase('train'), waiting.epoch.everyone);
});

test('whatever is handed over for a client that is not selected, zeros go under the masks, and are kept', () => {
  for (const vector of [new Uint32Array(8).fill(1), new Uint32Array(3), new Float32Array(8).fill(NaN)]) {
    const room = new TestRoom({
      ...fraction,
      random: (client) => withCoins(client, false).random,
      vector: () => vector,
    });
    const { aggregate } = room.begin(1);
    assert.ok(aggregate?.sum.every((value) => value === 0));
    assert.deepEqual(room.desk(1).kept, new Uint32Array(room.epoch.parameters.vectorLength));
  }
});

test('attempts that are aborted, wherever, never toss the coin again, nor does a restart', () => {
  const generators = Array.from({ length: 30 }, (_, index) => withCoins(index + 1, index % 2 === 0));
  const room = new TestRoom({
    ...fraction,
    random: (client) => generators[client - 1]!.random,
    withholdVectors: true,
  });
  const model = { hash: new Uint8Array(32), weights: new Uint8Array(0) };
  const before = room.epoch.everyone.filter((client) => client % 2 === 1);
  for (const blocked of ['key-advert', 'key-adverts', 'encrypted-shares', 'relayed-shares', 'nothing']) {
    room.tamper = {
      toClient: (_client, bytes, type) => (type === blocked ? [] : [bytes]),
      toCoordinator: (_client, bytes, type) => (type === blocked ? [] : [bytes]),
    };
    room.stepCoordinator(blocked === 'key-advert' ? { kind: 'begin', round: 1, model } : { kind: 'retry' });
    room.deliver();
    assert.deepEqual(room.selected(), before);
    room.tamper = {};
    room.stepCoordinator({ kind: 'cancel' });
    room.deliver();
    room.restart(7);
  }
  assert.deepEqual(new Set(generators.map(({ tosses }) => tosses())), new Set([1]));
  const trained = room.desks.flatMap((desk, index) =>
    desk.effects.flatMap((effect) =>
      effect.kind === 'train' ? [[index + 1, effect.selected] as const] : [],
    ),
  );
  assert.ok(trained.length >= 30);
  assert.ok(trained.every(([client, selected]) => selected === (client % 2 === 1)));

  // a new round is a new toss
  room.stepCoordinator({ kind: 'begin', round: 2, model });
  room.deliver();
  assert.deepEqual(new Set(generators.map(({ tosses }) => tosses())), new Set([2]));
});

test('the outcome is on disk before the advert leaves', () => {
  const room = new TestRoom({ ...fraction, random: (client) => withCoins(client, false).random });
  room.begin(1);
  const { effects } = room.desk(1);
  const advert = effects.findIndex((effect) => effect.kind === 'send');
  const flushed = effects.slice(0, advert).findLast((effect) => effect.kind === 'persist');
  assert.deepEqual([flushed?.record.round, flushed?.record.attempt, flushed?.record.selected], [1, 1, false]);
});

test('with fraction 1 there is no coin: everyone is selected', () => {
  const generator = withCoins(1, false);
  const room = new TestRoom({ clients: 4, random: () => generator.random });
  room.begin(1);
  assert.equal(generator.tosses(), 0);
  assert.deepEqual(room.selected(), [1, 2, 3, 4]);
});
