/**
 * Protections as they were agreed to stay: a coordinator that tells another plan to a machine that comes back, that turns
 * a demonstration on in the list that it closes, or in a round.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { defaultFloors } from '../../../core/secagg/floors.ts';
import { type RoundParameters, parametersDigest } from '../../../core/secagg/parameters.ts';
import { identitySigner } from '../../../core/secagg/roster.ts';
import type { Signer } from '../../../core/wire/envelope.ts';
import { lie, reseal } from '../../support/attack.ts';
import { TestRoom } from '../../support/secagg-room.ts';
import { told } from '../../support/session-log.ts';
import { forge } from '../../support/session-messages.ts';
import { agreeable, type CoordinatorMachine, nobody, SessionRoom } from '../../support/session-room.ts';

interface Plan {
  readonly demonstration: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
}

describe('a coordinator that tells another plan to whoever comes back', () => {
  let room: SessionRoom;
  let signer: Signer;
  let change: ((plan: Plan) => Plan) | undefined;
  before(async () => {
    room = await SessionRoom.open();
    room.wire = {
      toMember: (_name, bytes, type) => {
        const changed = change;
        if (type !== 'welcome' || changed === undefined) return [bytes];
        const body = (welcome: { readonly plan: string }) => ({
          plan: JSON.stringify(changed(JSON.parse(welcome.plan) as Plan)),
        });
        return [forge('welcome', bytes, signer, { body: (told) => ({ ...told, ...body(told) }) })];
      },
    };
  });
  after(() => room.close());

  async function coordinate(name: string, demonstration: boolean): Promise<CoordinatorMachine> {
    change = undefined;
    const store = await room.store(name);
    signer = identitySigner(0, (await store.identity()).identity);
    return room.coordinate({ rounds: 1 }, { demonstration, store });
  }

  const without = (protection: string, demonstration: boolean) => (plan: Plan) => ({
    ...plan,
    demonstration,
    settings: { ...plan.settings, [protection]: false },
  });

  it('is refused, whatever the person has agreed to, and the machine goes on once the plan is the one it knows', async () => {
    const { session, id, log } = await coordinate('open', true);
    const agreed = { agreeToDemonstration: true, person: agreeable };
    const ada = await room.join('Ada', agreed);
    await ada.log.until('joined');
    ada.session.leaveForNow();
    await ada.outcome;

    const cases: readonly (readonly [string, (plan: Plan) => Plan])[] = [
      // she agreed to a demonstration in which masks were on
      ['plan-refused', without('masks', true)],
      ['plan-refused', without('signatures', true)],
      ['plan-refused', without('masks', false)],
      ['plan-refused', (plan) => ({ ...plan, demonstration: false })],
    ];
    for (const [code, changed] of cases) {
      change = changed;
      const back = await room.join('Ada', { ...agreed, store: ada.store });
      await assert.rejects(back.outcome, { code });
      assert.equal(ada.store.session(id)?.state, 'lobby');
    }
    change = undefined;
    const [back, ...others] = await Promise.all([
      room.join('Ada', { ...agreed, store: ada.store }),
      ...['Grace', 'Emmy'].map((name) => room.join(name, agreed)),
    ]);
    await log.until((event) => event.type === 'lobby' && (event['participants'] as unknown[]).length === 3);
    session.closeLobby();
    for (const machine of [back, ...others]) await machine.log.until('roster');
    session.stop();
    await Promise.all([back, ...others].map(({ outcome }) => outcome));
  });

  it('is refused by whoever agreed to no demonstration, on joining and on coming back', async () => {
    const { session, log } = await coordinate('protected', false);
    const grace = await room.join('Grace-2', { person: nobody });
    await grace.log.until('joined');
    await log.until(told('lobby'));
    grace.session.leaveForNow();
    await grace.outcome;
    const store = await room.store('Emmy-2');
    for (const [changed, onJoining, onComingBack] of [
      [without('masks', true), 'demonstration-refused', 'plan-refused'],
      [without('masks', false), 'plan-refused', 'plan-refused'],
      [(plan: Plan) => ({ ...plan, demonstration: true }), 'demonstration-refused', 'plan-refused'],
    ] as const) {
      change = changed;
      const emmy = await room.join('Emmy-2', { person: nobody, store });
      await assert.rejects(emmy.outcome, { code: onJoining });
      const back = await room.join('Grace-2', { person: nobody, store: grace.store });
      await assert.rejects(back.outcome, { code: onComingBack });
    }
    change = undefined;
    session.stop();
  });
});

describe('a coordinator that changes protections in a round', () => {
  const changes: Readonly<Record<string, Partial<RoundParameters>>> = {
    'a demonstration that was none': { demonstration: true },
    'a demonstration without masks': { demonstration: true, masks: false },
    'no signatures any more': { signatures: false },
    'floats instead of whole numbers': { masks: false, quantisation: false },
    'a lower threshold': { threshold: 3 },
  };
  for (const [name, changed] of Object.entries(changes))
    it(`${name}: everybody who is told leaves the round before anything is computed`, () => {
      const room = new TestRoom({ clients: 6, settings: { signatures: true } });
      const { parameters } = room.epoch;
      const parametersTold = parametersDigest({ ...parameters, ...changed });
      assert.notDeepEqual(parametersTold, room.epoch.roster.parametersDigest);
      const liedTo = [1, 2, 3, 4, 5, 6];
      lie(room, 'announcement', liedTo, (bytes) => [
        reseal(room.epoch, 'announcement', bytes, {
          body: (body) => ({ ...body, parameters: parametersTold }),
        }),
      ]);
      assert.equal(room.begin(1).aggregate, undefined);
      for (const client of liedTo) {
        assert.equal(room.reasonOf(client), 'parameters-differ');
        assert.equal(room.sentBy(client, 'key-advert').length, 0);
        assert.equal(room.sentBy(client, 'masked-input').length, 0);
      }
    });

  it('is none of those who agreed to none, even where the whole roster was made so', () => {
    const room = new TestRoom({
      clients: 6,
      settings: { signatures: true, masks: false },
      floors: { demonstration: defaultFloors.demonstration },
    });
    room.begin(1);
    for (const client of room.epoch.everyone) assert.equal(room.sentBy(client, 'masked-input').length, 0);
  });
});
