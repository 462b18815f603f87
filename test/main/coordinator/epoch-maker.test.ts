/** How long an unattended start waits for confirmations: for who is there as long as it takes, for who is gone a moment. */
import assert from 'node:assert/strict';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import type { Connection } from '../../../main/network/transport.ts';
import { EpochMaker, type EpochMakerOptions } from '../../../main/coordinator/epoch-maker.ts';
import { People } from '../../../main/coordinator/people.ts';
import { Condition } from '../../../main/session/condition.ts';
import { freshEpochRow } from '../../../main/session/epoch-record.ts';
import type { Store } from '../../../main/storage/store.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { testEpoch } from '../../support/secagg-room.ts';
import { at, newFolder, open, sessionRow } from '../storage/store-folder.ts';

const epoch = testEpoch({ clients: 5, settings: { signatures: true } });
const session = Buffer.from(epoch.roster.session).toString('hex');

const stores: Store[] = [];
after(() => {
  for (const store of stores) store.close();
});

async function openMaker(startWhenFull: number | undefined): Promise<{
  maker: EpochMaker;
  people: People;
  condition: Condition;
  store: Store;
}> {
  const store = await open(newFolder());
  stores.push(store);
  store.createSession(sessionRow({ session }), { transportPrivateKey: null });
  store.saveEpoch(freshEpochRow(epoch, 1, [], at));
  const people = new People();
  for (const { name, publicKey } of epoch.roster.members) {
    // only whether there is one counts here
    people.addKey(publicKey, name).connection = {} as Connection;
  }
  people.takeRoster(epoch.roster);
  const condition = new Condition();
  const options = { store, session: epoch.roster.session, people, condition, startWhenFull };
  const { signal } = new AbortController();
  return { maker: new EpochMaker({ ...options, signal } as EpochMakerOptions), people, condition, store };
}

describe('waitForConfirmations()', () => {
  let clock: FakeClock;
  beforeEach(() => {
    clock = new FakeClock();
  });
  afterEach(() => {
    clock.end();
  });

  function confirm(people: People, condition: Condition, numbers: readonly number[]): void {
    for (const number of numbers) people.member(number)!.confirmation = { agreed: true, compared: false };
    condition.touch();
  }

  it('of an unattended start gives a member that is gone a moment to be back, not the time of one that is there', async () => {
    const { maker, people, condition, store } = await openMaker(5);
    let outcome: string | undefined;
    void maker.waitForConfirmations(epoch, 1).then((result) => {
      outcome = result;
    });
    confirm(people, condition, [1, 2, 3, 4]);
    // the last one is there, and has not answered: a person may be comparing
    await clock.pass(60_000);
    assert.equal(outcome, undefined);
    people.member(5)!.connection = undefined;
    condition.touch();
    await clock.pass(10_000);
    // back, and gone again: the moment begins anew
    people.member(5)!.connection = {} as Connection;
    condition.touch();
    await clock.pass(10_000);
    people.member(5)!.connection = undefined;
    condition.touch();
    await clock.pass(14_000);
    assert.equal(outcome, undefined);
    await clock.pass(2_000);
    assert.equal(outcome, 'confirmed');
    assert.notEqual(store.epochs(session)[0]?.confirmedAt, null);
  });

  it('of an unattended start ends after ten minutes without a quorum', async () => {
    const { maker, people, condition } = await openMaker(5);
    let outcome: string | undefined;
    void maker.waitForConfirmations(epoch, 1).then((result) => {
      outcome = result;
    });
    confirm(people, condition, [1, 2, 3]);
    for (const number of [4, 5]) people.member(number)!.connection = undefined;
    await clock.pass(9 * 60_000);
    assert.equal(outcome, undefined);
    await clock.pass(2 * 60_000);
    assert.equal(outcome, 'not-confirmed');
  });

  it('with a leader waits for the leader, and for everyone whom the leader does not go without', async () => {
    const { maker, people, condition } = await openMaker(undefined);
    let outcome: string | undefined;
    void maker.waitForConfirmations(epoch, 1).then((result) => {
      outcome = result;
    });
    confirm(people, condition, [1, 2, 3, 4]);
    maker.agree();
    people.member(5)!.connection = undefined;
    condition.touch();
    await clock.pass(24 * 3_600_000);
    assert.equal(outcome, undefined);
    maker.start();
    condition.touch();
    await clock.pass(1);
    assert.equal(outcome, 'confirmed');
  });

  it('is over with the first no, a member’s or the leader’s', async () => {
    for (const no of ['leader', 'member']) {
      const { maker, people, condition } = await openMaker(undefined);
      const waiting = maker.waitForConfirmations(epoch, 1);
      confirm(people, condition, [1, 2, 3, 4, 5]);
      if (no === 'leader') maker.disagree();
      else people.member(2)!.confirmation = { agreed: false, compared: true };
      condition.touch();
      assert.equal(await waiting, 'words-differ', no);
    }
  });
});
