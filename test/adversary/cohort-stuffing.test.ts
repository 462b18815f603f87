/** A coordinator, or settings made by it, that would leave an honest client among too few others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEpoch, rosterFault } from '../../core/secagg/epoch.ts';
import type { RoundParameters } from '../../core/secagg/parameters.ts';
import { parametersDigest } from '../../core/secagg/parameters.ts';
import { TestRoom, testEpoch } from '../support/secagg-room.ts';

/** Why client 1 would take no part under these parameters. */
function barred(
  clients: number,
  parameters: Partial<RoundParameters>,
  demonstration = false,
): string | undefined {
  const room = new TestRoom({
    clients,
    settings: { signatures: true },
    parameters,
    floors: { demonstration },
  });
  return room.desk(1).state.phase === 'barred' ? room.reasonOf(1) : undefined;
}

test('the parameters that the tests change one by one are otherwise accepted', () => {
  assert.equal(barred(9, {}), undefined);
  assert.equal(barred(9, { demonstration: true }, true), undefined);
});

test('a threshold below floor(2n/3) + 1, global or in the neighbourhood, bars the session', () => {
  assert.equal(barred(9, { threshold: 6, neighbourThreshold: 6 }), 'floors-not-met');
  assert.equal(barred(9, { threshold: 1, neighbourThreshold: 1 }), 'floors-not-met');
  assert.equal(barred(9, { neighbourThreshold: 2 }), 'floors-not-met');
  assert.equal(barred(9, { threshold: 10, neighbourThreshold: 10 }), 'floors-not-met');
});

test('a sparse graph among few, or fewer clients than the participant insists on, bars the session', () => {
  assert.equal(
    barred(9, { graph: 'sparse', neighbours: 4, neighbourThreshold: 3, tolerate: '10/10' }),
    'floors-not-met',
  );
  const room = new TestRoom({ clients: 4, floors: { clients: 5 } });
  assert.equal(room.reasonOf(1), 'floors-not-met');
});

test('a fraction that would select fewer than ten honest clients on average bars the session', () => {
  assert.equal(barred(9, { fraction: 0.5 }), 'floors-not-met');
  assert.equal(barred(30, { fraction: 0.4 }), 'floors-not-met');
  assert.equal(barred(30, { fraction: 0.5 }), undefined);
});

test('a width that the sum could overflow bars the session', () => {
  assert.equal(barred(9, { bits: 8 }), 'floors-not-met');
});

test('protections off outside an agreed demonstration bar the session', () => {
  assert.equal(barred(9, { masks: false }), 'floors-not-met');
  assert.equal(barred(9, { masks: false, demonstration: true }), 'floors-not-met');
  assert.equal(barred(9, { masks: false, demonstration: true }, true), undefined);
  const unsigned = new TestRoom({ clients: 9, floors: { demonstration: false } });
  assert.equal(unsigned.reasonOf(1), 'floors-not-met');
});

test('a barred client sends nothing, whatever it is sent', () => {
  const room = new TestRoom({ clients: 9, parameters: { threshold: 6, neighbourThreshold: 6 } });
  const { error } = room.begin(1);
  assert.equal((error?.details as { reason: string }).reason, 'below-threshold');
  for (const client of room.epoch.everyone) {
    assert.ok(room.desk(client).effects.every((effect) => effect.kind !== 'send'));
  }
});

test('with masks on every roster member is asked in every round: the coordinator has no cohort to choose', () => {
  const room = new TestRoom({ clients: 5 });
  for (const round of [1, 2]) {
    room.begin(round);
    room.run({
      kind: 'publish',
      model: { hash: new Uint8Array(32).fill(round), weights: new Uint8Array(0) },
    });
  }
  for (const client of room.epoch.everyone) assert.equal(room.sentBy(client, 'masked-input').length, 2);
});

test('createEpoch() refuses a roster made for other parameters, another size or flag, or with an identity twice', () => {
  const { roster, parameters } = testEpoch({ clients: 4, settings: { signatures: true } });
  assert.equal(rosterFault(roster, parameters), undefined);
  const [first, ...others] = roster.members;
  const faulty = [
    { ...roster, members: others },
    { ...roster, parametersDigest: new Uint8Array(32) },
    { ...roster, demonstration: !roster.demonstration },
    { ...roster, members: [first!, first!, ...others.slice(1)] },
    { ...roster, coordinator: first!.publicKey },
  ];
  for (const candidate of faulty) {
    assert.notEqual(rosterFault(candidate, parameters), undefined);
    assert.throws(() => createEpoch(candidate, parameters, []), RangeError);
  }
  const lowered = { ...parameters, threshold: 1 };
  assert.notDeepEqual(parametersDigest(lowered), roster.parametersDigest);
});
