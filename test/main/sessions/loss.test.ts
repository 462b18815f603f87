/** A session with another loss: everyone is told, trains with it, and refuses one that it does not know. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { checkTranscript } from '../../../core/audit/check-transcript.ts';
import { sessionPlanSchema } from '../../../core/contract/session-plan.ts';
import { auditLines } from '../../../main/audit/write-audit.ts';
import { readPlan } from '../../../main/participant/preparation.ts';
import { SessionRoom } from '../../support/session-room.ts';

describe('a session with a loss of its own', () => {
  let room: SessionRoom;
  before(async () => {
    room = await SessionRoom.open();
  });
  after(() => room.close());

  it('ends with the model of the simulation with the same loss, tells everyone, and is audited with it', async () => {
    const settings = { loss: 'focal', focalGamma: 3 } as const;
    const coordinator = await room.coordinate(settings, {
      startWhenFull: 4,
      store: await room.store('coordinator'),
    });
    const members = await Promise.all(['Ada', 'Grace', 'Emmy', 'Sofia'].map((name) => room.join(name)));
    const { outcome, final } = await coordinator.outcome;
    assert.equal(outcome, 'finished');
    for (const { outcome: ended, log } of members) {
      assert.equal((await ended).outcome, 'finished');
      assert.deepEqual(log.last('joined')?.['loss'], { kind: 'focal', gamma: 3 });
    }
    assert.equal(final?.modelSha256, await room.simulate(settings));
    assert.notEqual(final.modelSha256, await room.simulate({}));
    const { store, id } = coordinator;
    const lines = [...auditLines(store, store.session(id)!, '0')];
    assert.deepEqual(
      checkTranscript(lines).findings.filter(({ ok }) => !ok),
      [],
    );
    const epochs = lines.flatMap((line) => (line.kind === 'epoch' ? [line.parameters.loss] : []));
    assert.deepEqual(epochs, [{ kind: 'focal', gamma: 3 }]);
  });

  it('is refused by a participant whose program does not know the loss, or not its number', async () => {
    const store = await room.store('plan');
    const coordinator = await room.coordinate({ labelSmoothing: 0.1 }, { store });
    const written = store.session(coordinator.id)!.plan;
    const plan = readPlan(written);
    assert.equal(plan.settings.labelSmoothing, 0.1);
    const told = (changes: object): string =>
      JSON.stringify({ ...plan, settings: { ...plan.settings, ...changes } });
    for (const [changes, field] of [
      [{ loss: 'hinge' }, 'loss'],
      [{ labelSmoothing: 1 }, 'labelSmoothing'],
      [{ loss: 'focal', labelSmoothing: 0, focalGamma: 11 }, 'focalGamma'],
    ] as const)
      assert.throws(() => readPlan(told(changes)), {
        code: 'plan-refused',
        message: new RegExp(`settings\\.${field} are not what this version`),
      });
    assert.throws(() => readPlan(told({ loss: 'focal' })), {
      code: 'plan-refused',
      message: /its labelSmoothing is of another loss than focal/,
    });
    const mixed = room.coordinate({ loss: 'focal', labelSmoothing: 0.1 }, { store });
    await assert.rejects(mixed, { code: 'invalid-setting', message: /labelSmoothing/ });
  });

  it('is none where the plan is from before there was a choice', async () => {
    const store = await room.store('old');
    const coordinator = await room.coordinate({}, { store });
    const { settings, ...rest } = sessionPlanSchema.parse(JSON.parse(store.session(coordinator.id)!.plan));
    const { loss: _, labelSmoothing: __, focalGamma: ___, ...old } = settings;
    assert.deepEqual(sessionPlanSchema.parse({ ...rest, settings: old }).settings, settings);
    assert.equal(settings.loss, 'cross-entropy');
  });
});
