/**
 * Differential privacy over real sockets and real disks: what a session tells, each participant's own ledger, its budget, and
 * what noise makes unnecessary (batches, questions about burnt rounds).
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { checkTranscript } from '../../../core/audit/check-transcript.ts';
import { epsilonOfGaussian } from '../../../core/privacy/accountant.ts';
import { auditLines } from '../../../main/audit/write-audit.ts';
import { accountsOf } from '../../../main/participant/privacy-ledger.ts';
import { loadDataset } from '../../../main/data/load.ts';
import type { Store } from '../../../main/storage/store.ts';
import { told, type Told } from '../../support/session-log.ts';
import { nobody, SessionRoom } from '../../support/session-room.ts';

const noise = { noiseMultiplier: 1, delta: 1e-5 } as const;
const names = ['Ada', 'Grace', 'Emmy', 'Sofia'];
const waiting = (event: Told): boolean =>
  event.type === 'lobby' &&
  (event['participants'] as { number: number | null }[]).some(({ number }) => number === null);

describe('a session with differential privacy', () => {
  let room: SessionRoom;
  let accounts: readonly string[];
  before(async () => {
    room = await SessionRoom.open();
    const base = await loadDataset(room.data);
    accounts = accountsOf({ base, source: room.data, drawings: 0 });
  });
  after(() => room.close());

  const ledgerOf = async (store: Store) => {
    const { row } = await store.identity();
    return accounts.map((account) => store.privacyCharges(row.fingerprint, account));
  };
  const epsilonAfter = (rounds: number): number =>
    epsilonOfGaussian({ samplingRate: 1, ...noise, rounds }).epsilon;

  it('tells epsilon and the noise of every round, and nothing of the clients; its audit file holds', async () => {
    const { coordinator, participants } = await room.startSession(names, { ...noise, rounds: 2 });
    const { outcome, rounds } = await coordinator.outcome;
    assert.equal(outcome, 'finished');
    for (const { round, privacy, reported, clippedRate } of rounds) {
      assert.deepEqual([reported, clippedRate], [null, null]);
      assert.ok(Math.abs(privacy!.epsilon - epsilonAfter(round)) < 1e-6);
      // T - c = 3 - 1 of the four
      assert.equal(privacy?.honest, 2);
      assert.equal(privacy.excess, Math.sqrt(2));
      assert.equal(privacy.withinNorm, null);
      // the noise is 160 times as long as an update may be, and of 203,530 coordinates: 1 % is 6 deviations
      assert.ok(Math.abs(privacy.updateNorm / privacy.noiseNorm - 1) < 0.01);
    }
    const plan = coordinator.log.last('privacy-plan');
    assert.ok(Math.abs(Number(plan?.['epsilon']) - epsilonAfter(2)) < 1e-6);
    for (const { store, log, outcome: ended } of participants) {
      assert.equal((await ended).outcome, 'finished');
      for (const entries of await ledgerOf(store)) {
        assert.deepEqual(
          entries.map(({ round, attempt, session }) => [round, attempt, session]),
          [
            [1, 1, coordinator.id],
            [2, 1, coordinator.id],
          ],
        );
        // one vector for each round, and not the same
        assert.equal(new Set(entries.map(({ vectorDigest }) => vectorDigest)).size, 2);
      }
      const charged = log.all('privacy-charged');
      assert.deepEqual(
        charged.map(({ epsilon }) => Math.abs(Number(epsilon) - epsilonAfter(charged.length)) < 1e-6),
        [false, true],
      );
      // told before it left
      const types = log.events.map(({ type }) => type);
      assert.ok(types.indexOf('privacy-charged') < types.indexOf('masked'));
    }
    const { store, id } = coordinator;
    const row = store.session(id)!;
    const report = checkTranscript([...auditLines(store, row, '0.1.0')]);
    assert.deepEqual(
      report.findings.flatMap((finding) => (finding.ok ? [] : [finding.fault])),
      [],
    );
  });

  it('goes on without whoever has no budget left; the ledger goes on from session to session', async () => {
    const store = await room.store('thrifty');
    const budget = epsilonAfter(1) + 0.1;
    const coordinator = await room.coordinate(
      { ...noise, rounds: 2 },
      { startWhenFull: 4, store: await room.store('second') },
    );
    const others = await room.joinAll(['A', 'B', 'C']);
    const thrifty = await room.join('thrifty', { store, privacyBudget: budget });
    const { outcome, rounds } = await coordinator.outcome;
    assert.equal(outcome, 'finished');
    assert.deepEqual(
      rounds.map(({ clients }) => clients.masked),
      [4, 3],
    );
    assert.equal((await thrifty.outcome).outcome, 'finished');
    const plan = thrifty.log.last('privacy-plan');
    assert.deepEqual([plan?.['roundsWithin'], plan?.['budget'], plan?.['spent']], [1, budget, 0]);
    const reached = thrifty.log.last('budget-reached');
    assert.deepEqual([reached?.['round'], reached?.['budget']], [2, budget]);
    assert.ok(Math.abs(Number(reached?.['epsilon']) - epsilonAfter(2)) < 1e-6);
    // charged once, and the refusal costs nothing
    for (const entries of await ledgerOf(store)) assert.equal(entries.length, 1);
    // what its own affair is, the coordinator is not told
    const number = Number(thrifty.log.last('roster')?.['own']);
    const left = coordinator.log.all('protocol').map(({ event }) => event as Told);
    const why = left.filter(({ kind, client }) => kind === 'dropped' && client === number);
    assert.deepEqual(
      why.map(({ detail }) => detail),
      [{ reason: 'own-doing' }],
    );
    for (const machine of others) assert.equal((await machine.outcome).outcome, 'finished');

    // another session, the same identity and data
    const next = await room.coordinate(
      { ...noise, rounds: 1 },
      { startWhenFull: 4, store: await room.store('third') },
    );
    await room.joinAll(['D', 'E', 'F']);
    const again = await room.join('thrifty', { store, privacyBudget: budget });
    assert.equal((await next.outcome).rounds[0]?.clients.masked, 3);
    assert.equal((await again.outcome).outcome, 'finished');
    assert.equal(again.log.last('privacy-plan')?.['roundsWithin'], 0);
    assert.equal(again.log.all('masked').length, 0);
    for (const entries of await ledgerOf(store)) assert.equal(entries.length, 1);
  });

  it('keeps the charge of a participant that is killed before its vector leaves', async () => {
    const coordinator = await room.coordinate(
      { ...noise, rounds: 2 },
      { startWhenFull: 4, deadlineMs: 8_000, patienceMs: 20_000, store: await room.store('fourth') },
    );
    await room.joinAll(['G', 'H', 'I'], { person: nobody });
    const victim = room.startParticipant('victim', ['--yes'], { type: 'privacy-charged', round: 1 });
    assert.equal((await victim.ended).signal, 'SIGKILL');
    assert.equal(victim.log.all('masked').length, 0);
    const folder = await room.openFolder('victim');
    for (const entries of await ledgerOf(folder))
      assert.deepEqual(
        entries.map(({ round }) => round),
        [1],
      );
    folder.close();
    const survivor = room.startParticipant('victim');
    const { rounds } = await coordinator.outcome;
    assert.equal(await survivor.exitCode(), 0);
    const later = await room.openFolder('victim');
    const number = Number(victim.log.last('roster')?.['own']);
    // charged for what it sent and for what it did not
    const sent = rounds.filter(({ dropped }) => !dropped.includes(number)).length;
    for (const entries of await ledgerOf(later)) assert.equal(entries.length, 1 + sent);
  });

  it('takes up a single change at once: noise hides whoever comes or goes', async () => {
    const { coordinator, participants } = await room.startSession(
      names.map((name) => `${name}-2`),
      { ...noise, rounds: 3 },
      { store: await room.store('fifth') },
    );
    const { session, log, store, id } = coordinator;
    await log.until(told('round-started', { round: 1 }));
    session.pause();
    const newcomer = await room.join('Late', { person: nobody });
    await newcomer.log.until('waiting');
    await log.until(waiting);
    await log.until(told('round', { round: 1 }));
    session.resume();
    assert.equal((await coordinator.outcome).outcome, 'finished');
    assert.deepEqual(
      store.epochs(id).map(({ members }) => members.length),
      [4, 5],
    );
    for (const machine of [...participants, newcomer])
      assert.equal((await machine.outcome).outcome, 'finished');
  });

  it('asks nobody about a burnt round: another over the same model is charged again', async () => {
    const args = [
      ...room.settingArgs({ rounds: 2, noiseMultiplier: 1, adaptiveClipping: 'on' }),
      ...['--participants', '4', '--start-when-full', '--deadline', '2', '--patience', '2'],
      ...['--data-dir', 'burnt'],
    ];
    const first = await room.startCoordinator(args, { type: 'phase', phase: 'statement' });
    const participants = await room.joinAll(['J', 'K', 'L'], { person: nobody });
    const lost = await room.join('M', { person: nobody });
    assert.equal((await first.ended).signal, 'SIGKILL');
    await lost.log.until('disconnected');
    lost.session.leave();
    await lost.outcome;
    const coordinator = await room.startCoordinator([...args, '--resume']);
    assert.equal(await coordinator.exitCode(), 0);
    assert.equal(coordinator.log.last('attempt-aborted')?.['retry'], 'burnt');
    assert.equal(coordinator.log.all('repeat-asked').length, 0);
    assert.deepEqual(
      coordinator.log.all('round').map(({ round }) => round),
      [2],
    );
    for (const { store, log, outcome } of participants) {
      assert.equal((await outcome).outcome, 'finished');
      assert.equal(log.all('repeat-question').length, 0);
      const { record } = store.clientSession(store.sessions()[0]!.session);
      const [one, other] = record!.signed;
      assert.equal(one?.model, other?.model);
      for (const entries of await ledgerOf(store))
        assert.deepEqual(
          entries.map(({ round }) => round),
          [1, 2],
        );
    }
  });

  it('is refused by whoever has a budget when there is no noise', async () => {
    const coordinator = await room.coordinate({}, { store: await room.store('sixth') });
    const careful = await room.join('careful', { privacyBudget: 5 });
    await assert.rejects(careful.outcome, { code: 'not-noised', details: { budget: 5 } });
    coordinator.session.stop();
    assert.equal((await coordinator.outcome).outcome, 'stopped');
  });
});
