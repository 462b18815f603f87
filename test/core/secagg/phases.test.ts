/** All pairs of phase and event: those that are not allowed are refused, and change nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientStep } from '../../../core/secagg/client.ts';
import type { ClientEvent } from '../../../core/secagg/client-events.ts';
import type { ClientPhase, ClientState } from '../../../core/secagg/client-state.ts';
import { coordinatorStep } from '../../../core/secagg/coordinator.ts';
import type { CoordinatorEvent } from '../../../core/secagg/coordinator-events.ts';
import type { CoordinatorPhase, CoordinatorState } from '../../../core/secagg/coordinator-state.ts';
import { type Body, type MessageType, messageTypes } from '../../../core/wire/messages.ts';
import { sealMessage } from '../../../core/wire/envelope.ts';
import { samples, messageTypeNames } from '../../support/messages.ts';
import { TestRoom, testModel, testSession, testSigner } from '../../support/secagg-room.ts';

const position = { session: testSession, round: 1, attempt: 1 };

/** A room in which client 1, or the coordinator, has come to a phase and waits there. */
function roomAt(blocked: MessageType | 'vector' | 'begin' | 'nothing'): TestRoom {
  const room = new TestRoom({ clients: 4, withholdVectors: blocked === 'vector' });
  if (blocked === 'begin') return room;
  room.tamper = {
    toClient: (client, bytes, type) => (type === blocked && client === 1 ? [] : [bytes]),
    toCoordinator: (_client, bytes, type) => (type === blocked ? [] : [bytes]),
  };
  room.stepCoordinator({ kind: 'begin', round: 1, model: testModel(room.epoch, 1) });
  room.deliver();
  room.tamper = {};
  return room;
}

/** An authentic message of the attempt. */
function sealed(room: TestRoom, type: MessageType): Uint8Array {
  const { body, attachment } = samples[type];
  const sender = messageTypes[type].from === 'coordinator' ? 0 : 1;
  return sealMessage(type, position, body as Body<MessageType>, testSigner(room.epoch, sender), attachment);
}

const clientPhases: Readonly<Record<Exclude<ClientPhase, 'barred'>, Parameters<typeof roomAt>[0]>> = {
  idle: 'begin',
  'advertise-keys': 'key-adverts',
  'share-keys': 'relayed-shares',
  train: 'vector',
  'masked-input': 'statement-request',
  statement: 'signed-statements',
  unmask: 'nothing',
};

const allowedMessages: Readonly<Record<Exclude<ClientPhase, 'barred'>, readonly MessageType[]>> = {
  idle: ['announcement', 'sighting'],
  'advertise-keys': ['announcement', 'sighting', 'result', 'abort', 'key-adverts'],
  'share-keys': ['announcement', 'sighting', 'result', 'abort', 'relayed-shares'],
  train: ['announcement', 'sighting', 'result', 'abort'],
  'masked-input': ['announcement', 'sighting', 'result', 'abort', 'statement-request'],
  statement: ['announcement', 'sighting', 'result', 'abort', 'signed-statements'],
  unmask: ['announcement', 'sighting', 'result', 'abort'],
};

const allowedEvents: Readonly<Record<Exclude<ClientPhase, 'barred'>, readonly ClientEvent['kind'][]>> = {
  idle: ['repeat-confirmed'],
  'advertise-keys': ['repeat-confirmed', 'cancel', 'reconnected'],
  'share-keys': ['repeat-confirmed', 'cancel', 'reconnected', 'member-returned'],
  train: ['repeat-confirmed', 'cancel', 'reconnected', 'member-returned', 'vector', 'vector-lost'],
  'masked-input': ['repeat-confirmed', 'cancel', 'reconnected', 'member-returned'],
  statement: ['repeat-confirmed', 'cancel', 'reconnected', 'member-returned'],
  unmask: ['repeat-confirmed', 'cancel', 'reconnected', 'member-returned'],
};

const plainEvents: readonly ClientEvent[] = [
  { kind: 'vector', round: 1, vector: new Uint32Array(8) },
  { kind: 'vector-lost', round: 1 },
  // answers to a question that no machine asks without noise, nor before a vector is there
  { kind: 'charged', round: 1 },
  { kind: 'budget-reached', round: 1 },
  { kind: 'reconnected' },
  { kind: 'member-returned', member: 2 },
  { kind: 'repeat-confirmed', model: new Uint8Array(32) },
  { kind: 'cancel' },
];

function assertClientRefuses(room: TestRoom, event: ClientEvent, label: string): void {
  const before: ClientState = room.desk(1).state;
  const step = clientStep(before, event, room.desk(1).environment);
  assert.equal(step.state, before, label);
  assert.deepEqual(
    step.effects.map((effect) => effect.kind),
    ['refused'],
    label,
  );
}

for (const [phase, blocked] of Object.entries(clientPhases) as [
  Exclude<ClientPhase, 'barred'>,
  MessageType,
][]) {
  test(`clientStep() in ${phase} refuses every message that does not belong there`, () => {
    const room = roomAt(blocked);
    assert.equal(room.desk(1).state.phase, phase);
    for (const type of messageTypeNames) {
      if (allowedMessages[phase].includes(type)) continue;
      assertClientRefuses(room, { kind: 'message', bytes: sealed(room, type) }, type);
    }
  });

  test(`clientStep() in ${phase} refuses every event that does not belong there, and takes the others`, () => {
    for (const event of plainEvents) {
      const room = roomAt(blocked);
      if (!allowedEvents[phase].includes(event.kind)) {
        assertClientRefuses(room, event, event.kind);
        continue;
      }
      const { effects } = clientStep(room.desk(1).state, event, room.desk(1).environment);
      assert.ok(
        effects.every((effect) => effect.kind !== 'refused'),
        event.kind,
      );
    }
  });
}

test('clientStep() of a barred client refuses everything', () => {
  const room = new TestRoom({ clients: 4, floors: { clients: 5 } });
  assert.equal(room.desk(1).state.phase, 'barred');
  assert.equal(room.reasonOf(1), 'floors-not-met');
  for (const event of plainEvents) assertClientRefuses(room, event, event.kind);
  for (const type of messageTypeNames) {
    assertClientRefuses(room, { kind: 'message', bytes: sealed(room, type) }, type);
  }
});

const coordinatorPhases: Readonly<Record<CoordinatorPhase, Parameters<typeof roomAt>[0]>> = {
  idle: 'begin',
  'advertise-keys': 'key-advert',
  'share-keys': 'encrypted-shares',
  'masked-input': 'masked-input',
  statement: 'statement',
  unmask: 'reveal',
  aggregate: 'nothing',
};

const collected: Partial<Record<CoordinatorPhase, MessageType>> = {
  'advertise-keys': 'key-advert',
  'share-keys': 'encrypted-shares',
  'masked-input': 'masked-input',
  statement: 'statement',
  unmask: 'reveal',
};

for (const [phase, blocked] of Object.entries(coordinatorPhases) as [CoordinatorPhase, MessageType][]) {
  const collecting = phase !== 'idle' && phase !== 'aggregate';

  test(`coordinatorStep() in ${phase} refuses every message that does not belong there`, () => {
    const room = roomAt(blocked);
    assert.equal(room.coordinator.phase, phase);
    for (const type of messageTypeNames) {
      if (type === collected[phase] || type === 'sighting' || (collecting && type === 'withdrawal')) continue;
      assertCoordinatorRefuses(room, { kind: 'message', from: 1, bytes: sealed(room, type) }, type);
    }
  });

  test(`coordinatorStep() in ${phase} refuses every event that does not belong there, and takes the others`, () => {
    const model = testModel(roomAt('begin').epoch, 7);
    const events: readonly (readonly [CoordinatorEvent, boolean])[] = [
      [{ kind: 'begin', round: 2, model }, phase === 'idle'],
      [{ kind: 'begin', round: 0, model }, false],
      [{ kind: 'retry' }, false],
      [{ kind: 'publish', model }, phase === 'aggregate'],
      [{ kind: 'reject', fault: 'loss' }, phase === 'aggregate'],
      [{ kind: 'cancel' }, collecting],
      [{ kind: 'reconnected', client: 1 }, phase !== 'idle'],
      [{ kind: 'reconnected', client: 9 }, false],
      ...Object.keys(coordinatorPhases).map(
        (named) => [{ kind: 'timeout', phase: named as never }, collecting && named === phase] as const,
      ),
    ];
    for (const [event, allowed] of events) {
      const room = roomAt(blocked);
      if (!allowed) {
        assertCoordinatorRefuses(room, event, JSON.stringify(event));
        continue;
      }
      const { effects } = coordinatorStep(room.coordinator, event, room.environment);
      assert.ok(
        effects.every((effect) => effect.kind !== 'refused'),
        JSON.stringify(event),
      );
    }
  });
}

function assertCoordinatorRefuses(room: TestRoom, event: CoordinatorEvent, label: string): void {
  const before: CoordinatorState = room.coordinator;
  const step = coordinatorStep(before, event, room.environment);
  assert.equal(step.state, before, label);
  const kinds = new Set(step.effects.map((effect) => effect.kind));
  kinds.delete('report');
  assert.deepEqual([...kinds], ['refused'], label);
}

test('coordinatorStep() cancels an attempt for everyone, and allows a retry', () => {
  const room = roomAt('masked-input');
  const outcome = room.run({ kind: 'cancel' });
  assert.equal(outcome.retry, 'allowed');
  assert.deepEqual(room.inPhase('idle'), [1, 2, 3, 4]);
  assert.equal(room.run({ kind: 'retry' }).aggregate?.attempt, 2);
});

test('a client that withdraws is not waited for, and what it has sent before stands', () => {
  const room = roomAt('statement-request');
  room.stepClient(1, { kind: 'cancel' });
  room.deliver();
  assert.equal(room.coordinator.phase, 'aggregate');
  const aggregate = room.effects.find((effect) => effect.kind === 'aggregate')?.aggregate;
  assert.deepEqual(aggregate?.u3, [1, 2, 3, 4]);
  assert.deepEqual(aggregate.u4, [2, 3, 4]);
});
