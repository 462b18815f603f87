/**
 * On the sparse graph a coordinator tries to strip one client v of its neighbours, so that v's masks could be rebuilt
 * by colluders. Clients that are not adjacent to v refuse as well: they compute everyone's neighbourhood again.
 */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { encodeClientSet } from '../../core/wire/client-set.ts';
import { assertLeft, lie, read, reseal } from '../support/attack.ts';
import { TestRoom, testModel } from '../support/secagg-room.ts';

const clients = 201;
let room: TestRoom;
/** What each client was asked, and not yet told. */
const requests = new Map<number, Uint8Array>();

before(() => {
  room = new TestRoom({ clients, parameterCount: 1 });
  lie(room, 'statement-request', room.epoch.everyone, (bytes, client) => {
    requests.set(client, bytes);
    return [];
  });
  room.stepCoordinator({ kind: 'begin', round: 1, model: testModel(room.epoch, 1) });
  room.deliver();
  assert.equal(requests.size, clients);
});

/** Asks one client with a false U3. */
function ask(
  client: number,
  u3: readonly number[],
  rewrite = (input: Uint8Array, _owner: number) => input,
): void {
  const bytes = reseal(room.epoch, 'statement-request', requests.get(client)!, {
    body: (body) => ({
      u3: encodeClientSet(u3, clients),
      maskedInputs: u3.map((owner) => rewrite(body.maskedInputs[owner - 1]!, owner)),
    }),
  });
  room.stepClient(client, { kind: 'message', bytes });
}

/** U3 without as many of v's neighbours as leaves it one too few; T and everyone else's neighbourhoods hold. */
function starving(v: number): number[] {
  const { neighbourThreshold, neighbours } = room.epoch.parameters;
  const removed = new Set(room.epoch.neighbours(v).slice(0, neighbours - neighbourThreshold + 1));
  return room.epoch.everyone.filter((client) => !removed.has(client));
}

test('a U3 in which some v has fewer than t neighbours is refused by clients that are not adjacent to v', () => {
  const v = 50;
  const u3 = starving(v);
  assert.ok(u3.length >= room.epoch.parameters.threshold);
  const far = u3.find((client) => client !== v && !room.epoch.neighbours(v).includes(client))!;
  const near = u3.find((client) => room.epoch.neighbours(v).includes(client))!;
  for (const client of [far, near, v]) ask(client, u3);
  assertLeft(room, [far, near, v], 'neighbourhood-starved');
  for (const client of [far, near, v]) assert.equal(room.sentBy(client, 'statement').length, 0);
});

test("a false U2 told to v shows in v's signed header, which every client is relayed", () => {
  const v = 60;
  ask(61, room.epoch.everyone, (input, owner) =>
    owner === v
      ? reseal(room.epoch, 'masked-input', input, { body: (body) => ({ ...body, u2: new Uint8Array(32) }) })
      : input,
  );
  ask(62, room.epoch.everyone, (input, owner) =>
    owner === v
      ? reseal(room.epoch, 'masked-input', input, { body: (body) => ({ ...body, u1: new Uint8Array(32) }) })
      : input,
  );
  assertLeft(room, [61, 62], 'inputs-differ');
});

test('a header left out, repeated, of an earlier attempt or of somebody else is refused', () => {
  const { everyone } = room.epoch;
  const withInputs = (client: number, change: (inputs: readonly Uint8Array[]) => Uint8Array[]): void => {
    const bytes = reseal(room.epoch, 'statement-request', requests.get(client)!, {
      body: (body) => ({ ...body, maskedInputs: change(body.maskedInputs) }),
    });
    room.stepClient(client, { kind: 'message', bytes });
  };
  withInputs(70, (inputs) => inputs.slice(1));
  withInputs(71, () => []);
  assertLeft(room, [70, 71], 'malformed-relay');
  withInputs(72, (inputs) => inputs.map((input, index) => (index === 5 ? inputs[4]! : input)));
  ask(73, everyone, (input, owner) =>
    owner === 5 ? reseal(room.epoch, 'masked-input', input, { attempt: 2 }) : input,
  );
  withInputs(74, (inputs) => inputs.map((input, index) => (index === 5 ? input.subarray(1) : input)));
  assertLeft(room, [72, 73, 74], 'relay-refused');
});

test('a client masks nothing when U2 leaves it fewer than t neighbours, and shares nothing when U1 does', () => {
  const fresh = new TestRoom({ clients, parameterCount: 1 });
  const { neighbourThreshold, neighbours } = fresh.epoch.parameters;
  const without = (v: number): readonly number[] => {
    const removed = new Set(fresh.epoch.neighbours(v).slice(0, neighbours - neighbourThreshold + 1));
    return fresh.epoch.everyone.filter((client) => !removed.has(client));
  };
  fresh.tamper = {
    toClient: (client, bytes, type) => {
      if (type === 'relayed-shares' && client === 80) {
        const u2 = without(80);
        return [
          reseal(fresh.epoch, 'relayed-shares', bytes, {
            body: ({ digests }) => ({
              u2: encodeClientSet(u2, clients),
              digests: digests.subarray(0, 32 * u2.length),
            }),
          }),
        ];
      }
      if (type === 'key-adverts' && client === 90) {
        const u1 = new Set(without(90));
        return [
          reseal(fresh.epoch, 'key-adverts', bytes, {
            body: ({ adverts }) => ({
              adverts: adverts.filter((advert) =>
                u1.has(read(fresh.epoch, 'key-advert', advert).header.sender),
              ),
            }),
          }),
        ];
      }
      // nobody else needs to go on
      return type === 'relayed-shares' ? [] : [bytes];
    },
  };
  fresh.stepCoordinator({ kind: 'begin', round: 1, model: testModel(fresh.epoch, 1) });
  fresh.deliver();
  fresh.stepCoordinator({ kind: 'timeout', phase: 'share-keys' });
  fresh.deliver();
  assertLeft(fresh, [80, 90], 'neighbourhood-starved');
  assert.equal(fresh.sentBy(90, 'encrypted-shares').length, 0);
  assert.equal(fresh.sentBy(80, 'masked-input').length, 0);
});
