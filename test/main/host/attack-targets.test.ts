/** Whose update can be attacked: a simulation's client, a demonstration's member, and nobody else's. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { attackTargets, chosenTarget } from '../../../main/host/attack-targets.ts';
import { HostFailure } from '../../../main/host/calls.ts';
import { HostRoom, type Machine } from '../../support/host-room.ts';
import { inLobby } from '../../support/session-log.ts';
import { SessionRoom } from '../../support/session-room.ts';

/** All that goes on at a machine: one activity. */
const knownAt = ({ activity }: Machine) => ({
  all: [activity],
  get(id: string) {
    if (id === activity.id) return activity;
    throw new HostFailure('activity-unknown', 'Cannot find it.');
  },
});

describe('targets of attacks in sessions', () => {
  let room: SessionRoom;
  let host: HostRoom;
  before(async () => {
    room = await SessionRoom.open();
    host = new HostRoom(room);
  });
  after(async () => {
    await host.close();
    await room.close();
  });

  async function session(
    name: string,
    { demonstration, masks }: { readonly demonstration: boolean; readonly masks: boolean },
  ): Promise<{ readonly coordinator: Machine; readonly participant: Machine }> {
    const coordinator = await host.coordinate(name, { rounds: 1, masks }, { demonstration });
    const participants = await Promise.all(
      [0, 1, 2].map((index) => host.join(`${name}-${index}`, { agreeToDemonstration: demonstration })),
    );
    await coordinator.log.until(inLobby(3));
    coordinator.do({ do: 'close-lobby' });
    for (const participant of participants) {
      await participant.log.until('question');
      participant.do({ do: 'answer-words', agreed: true });
    }
    await coordinator.log.until('roster');
    coordinator.do({ do: 'confirm-words', agreed: true });
    await coordinator.log.until('finished');
    return { coordinator, participant: participants[0]! };
  }

  it('no update of a session that is no demonstration is kept or can be attacked, not even one that is masked', async () => {
    const { coordinator, participant } = await session('real', { demonstration: false, masks: true });
    for (const machine of [coordinator, participant]) {
      const { activity, services, service } = machine;
      assert.equal(service.sentUpdates?.(), undefined);
      assert.deepEqual(attackTargets(services, knownAt(machine)).updates, []);
      for (const client of [1, 2, 3])
        assert.throws(
          () => chosenTarget(services, knownAt(machine), { kind: 'update', activity: activity.id, client }),
          { code: 'not-a-demonstration' },
        );
    }
    // its model is everybody's, and can be
    const { services, activity } = coordinator;
    const { material, description } = chosenTarget(services, knownAt(coordinator), {
      kind: 'model',
      model: activity.id,
    });
    assert.ok(material.model !== undefined && material.observed === undefined);
    assert.equal(description, 'Test session');
  });

  it("in a demonstration the coordinator can attack each member's update; no participant can", async () => {
    const { coordinator, participant } = await session('open', { demonstration: true, masks: false });
    const { services, activity } = coordinator;
    const [update] = attackTargets(services, knownAt(coordinator)).updates;
    assert.deepEqual(
      update?.clients.map(({ number }) => number),
      [1, 2, 3],
    );
    assert.equal(update.masked, false);
    const target = { kind: 'update', activity: activity.id, client: 2 } as const;
    const { material, description } = chosenTarget(services, knownAt(coordinator), target);
    const { observed } = material;
    assert.ok(observed !== undefined);
    assert.equal(observed.update.length, observed.weights.length);
    assert.ok(observed.update.some((value) => value !== 0) && observed.update.every(Number.isFinite));
    assert.deepEqual([observed.masked, observed.truth], [false, undefined]);
    assert.match(description, /^Test session, /);
    assert.throws(() => chosenTarget(services, knownAt(coordinator), { ...target, client: 4 }), {
      code: 'target-unknown',
    });
    assert.throws(
      () =>
        chosenTarget(participant.services, knownAt(participant), {
          kind: 'update',
          activity: participant.activity.id,
          client: 1,
        }),
      { code: 'not-a-demonstration' },
    );
  });

  it('says so where a model or activity is not there', async () => {
    const coordinator = await host.coordinate('waiting', { rounds: 1 }, { demonstration: true });
    const { services, activity } = coordinator;
    const known = knownAt(coordinator);
    for (const model of [activity.id, 'simulation-0123456789abcdef', `session-${'a'.repeat(32)}`, 'run-1'])
      assert.throws(() => chosenTarget(services, known, { kind: 'model', model }), {
        code: 'target-unknown',
      });
    assert.throws(() => chosenTarget(services, known, { kind: 'update', activity: activity.id, client: 1 }), {
      code: 'target-unknown',
    });
    assert.throws(
      () => chosenTarget(services, known, { kind: 'update', activity: 'simulation-01234567', client: 1 }),
      { code: 'target-unknown' },
    );
  });
});
