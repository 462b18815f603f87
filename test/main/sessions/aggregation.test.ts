/** A session whose coordinator looks at every update: openly a demonstration, told to everyone, refused under masks. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { checkTranscript } from '../../../core/audit/check-transcript.ts';
import { auditLines } from '../../../main/audit/write-audit.ts';
import { checkProtections } from '../../../main/participant/preparation.ts';
import { sessionPlanSchema } from '../../../core/contract/session-plan.ts';
import { SessionRoom } from '../../support/session-room.ts';

const settings = { aggregation: 'median', masks: false } as const;

describe('a rule of aggregation over single updates', () => {
  let room: SessionRoom;
  before(async () => {
    room = await SessionRoom.open();
  });
  after(() => room.close());

  it('ends with the model of the simulation with the same rule, and the audit says what it cannot compute', async () => {
    const coordinator = await room.coordinate(settings, {
      demonstration: true,
      startWhenFull: 4,
      store: await room.store('coordinator'),
    });
    const members = await Promise.all(
      ['Ada', 'Grace', 'Emmy', 'Sofia'].map((name) => room.join(name, { agreeToDemonstration: true })),
    );
    const { outcome, final } = await coordinator.outcome;
    assert.equal(outcome, 'finished');
    for (const { outcome: ended, log } of members) {
      assert.equal((await ended).outcome, 'finished');
      assert.equal(log.last('joined')?.['aggregation'], 'median');
    }
    assert.equal(final?.modelSha256, await room.simulate(settings));
    assert.notEqual(final.modelSha256, await room.simulate({ masks: false }));
    const { store, id } = coordinator;
    const report = checkTranscript(auditLines(store, store.session(id)!, '0'));
    assert.deepEqual(
      report.findings.filter(({ ok }) => !ok),
      [],
    );
    assert.ok(report.notes.some(({ note }) => note === 'models-by-rule'));
  });

  it('is refused with masks on, before anybody can join, with the reason', async () => {
    const store = await room.store('refused');
    await assert.rejects(room.coordinate({ aggregation: 'median' }, { store, demonstration: true }), {
      code: 'invalid-setting',
      message: /aggregation.*masks leave the sum alone/,
    });
    assert.equal(store.sessions().length, 0);
  });

  it('is refused by a participant in a plan that claims masks', async () => {
    const store = await room.store('plan');
    const coordinator = await room.coordinate({ masks: false }, { demonstration: true, store });
    const written = store.session(coordinator.id)!.plan;
    const plan = sessionPlanSchema.parse(JSON.parse(written));
    checkProtections(plan, true);
    const settings = { ...plan.settings, masks: true, aggregation: 'krum' as const };
    assert.throws(() => checkProtections({ ...plan, settings }, true), {
      code: 'plan-refused',
      message: /krum, which needs single updates/,
    });
  });
});
