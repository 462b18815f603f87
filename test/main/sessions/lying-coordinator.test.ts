/**
 * A coordinator that lies over the socket, with its real identity: to one member, another word each round. The member
 * leaves the attempt by the name of the lie; nobody ever reveals twice, or signs two sets of survivors in a round.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { utf8 } from '../../../core/bytes/bytes.ts';
import { canonicalArchitecture } from '../../../core/model/model-hash.ts';
import { presetTopology } from '../../../core/model/presets.ts';
import { modelHash } from '../../../core/secagg/context.ts';
import { identitySigner } from '../../../core/secagg/roster.ts';
import { encodeClientSet } from '../../../core/wire/client-set.ts';
import { sealMessage, type Signer } from '../../../core/wire/envelope.ts';
import { readHeader } from '../../../core/wire/header.ts';
import type { Body, MessageType } from '../../../core/wire/messages.ts';
import type { Told } from '../../support/session-log.ts';
import { forge, numbersIn, readMessage } from '../../support/session-messages.ts';
import {
  type CoordinatorMachine,
  nobody,
  type ParticipantMachine,
  SessionRoom,
} from '../../support/session-room.ts';
import { smallData } from '../compute/small-data.ts';

const flipped = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes, (byte) => byte ^ 1);

/** mlp on the small data set. */
const topology = presetTopology('mlp', smallData);
const architecture = utf8(canonicalArchitecture(topology));

interface Lie {
  readonly name: string;
  readonly type: MessageType;
  /** own: the number of the member that is lied to. */
  readonly tell: (bytes: Uint8Array, signer: Signer, own: number) => readonly Uint8Array[];
  /** By which the member leaves the attempt; undefined: it takes no notice, or the lie ends the round for it. */
  readonly reason: string | undefined;
}

function change<Type extends MessageType>(
  type: Type,
  name: string,
  reason: string | undefined,
  body: (body: Body<Type>, own: number) => Body<Type>,
): Lie {
  const tell: Lie['tell'] = (bytes, signer, own) => [
    forge(type, bytes, signer, { body: (told) => body(told, own) }),
  ];
  return { name, type, tell, reason };
}

const lies: readonly Lie[] = [
  change('announcement', 'other parameters', 'parameters-differ', (body) => ({
    ...body,
    parameters: flipped(body.parameters),
  })),
  change('announcement', 'another roster', 'roster-differs', (body) => ({
    ...body,
    roster: flipped(body.roster),
  })),
  change('announcement', 'a model that has not this hash', 'model-differs', (body) => ({
    ...body,
    model: flipped(body.model),
  })),
  {
    // the round is another one for her: her keys fit nobody's, and nobody's statement is hers
    name: 'another model, with its own hash',
    type: 'announcement',
    tell: (bytes, signer) => {
      const weights = Uint8Array.from(readMessage('announcement', bytes).attachment).fill(0, 0, 4_000);
      const model = modelHash(architecture, weights);
      return [
        forge('announcement', bytes, signer, {
          body: (body) => ({ ...body, model }),
          attachment: () => weights,
        }),
      ];
    },
    reason: undefined,
  },
  {
    name: 'a model of another length',
    type: 'announcement',
    tell: (bytes, signer) => [
      forge('announcement', bytes, signer, {
        body: (body) => ({ ...body, modelBytes: body.modelBytes - 4 }),
        attachment: (model) => model.subarray(4),
      }),
    ],
    reason: 'model-malformed',
  },
  change('key-adverts', 'U1 without its own advert', 'not-included', ({ adverts }, own) => ({
    adverts: adverts.filter((_, index) => index !== own - 1),
  })),
  change('key-adverts', 'U1 of too few', 'below-threshold', ({ adverts }, own) => ({
    adverts: adverts.filter((_, index) => index === own - 1 || index === own % 4),
  })),
  change('key-adverts', 'one advert twice', 'relay-refused', ({ adverts }, own) => ({
    adverts: adverts.map((advert, index) => (index === (own + 1) % 4 ? adverts[own % 4]! : advert)),
  })),
  change('relayed-shares', 'a ciphertext that is not the one signed for', 'ciphertexts-differ', (body) => ({
    ...body,
    digests: flipped(body.digests),
  })),
  change('relayed-shares', 'U2 without itself', 'not-included', (body, own) => ({
    u2: encodeClientSet(
      [1, 2, 3, 4].filter((client) => client !== own),
      4,
    ),
    digests: body.digests.subarray(0, 96),
  })),
  change('statement-request', 'U3 without itself', 'not-included', (body, own) => ({
    ...body,
    u3: encodeClientSet(
      [1, 2, 3, 4].filter((client) => client !== own),
      4,
    ),
  })),
  change('statement-request', 'U3 of too few', 'below-threshold', (body, own) => ({
    ...body,
    u3: encodeClientSet(
      [own, (own % 4) + 1].sort((one, other) => one - other),
      4,
    ),
  })),
  // signed, as it is a set that could be; its statement fits nobody else's, so that it is worth nothing
  change('statement-request', 'another U3 than the others', undefined, (body, own) => ({
    ...body,
    u3: encodeClientSet(
      [1, 2, 3, 4].filter((client) => client !== (own % 4) + 1),
      4,
    ),
  })),
  change('signed-statements', 'statements left out', 'below-threshold', ({ statements }) => ({
    statements: statements.slice(1),
  })),
  change('signed-statements', 'one statement for two', 'relay-refused', ({ statements }) => ({
    statements: statements.map((statement, index) => (index === 1 ? statements[0]! : statement)),
  })),
  {
    name: 'an early result',
    type: 'statement-request',
    tell: (bytes, signer) => {
      const { header } = readMessage('statement-request', bytes);
      const body = { model: new Uint8Array(32), modelBytes: 0 };
      return [sealMessage('result', header, body, signer), bytes];
    },
    reason: undefined,
  },
  {
    name: 'an earlier round once more',
    type: 'announcement',
    tell: (bytes, signer) => {
      const { round } = readMessage('announcement', bytes).header;
      return [forge('announcement', bytes, signer, { round: round - 1, attempt: 9 }), bytes];
    },
    reason: undefined,
  },
  // last, as it hears of no other round any more
  {
    name: 'a round beyond those confirmed',
    type: 'announcement',
    tell: (bytes, signer) => [bytes, forge('announcement', bytes, signer, { round: 100_000 })],
    reason: 'rounds-exceeded',
  },
];

describe('a coordinator that lies to one member', () => {
  let room: SessionRoom;
  let coordinator: CoordinatorMachine;
  let members: ParticipantMachine[];
  const names = ['Ada', 'Grace', 'Emmy', 'Sofia'];
  const sent: { readonly name: string; readonly type: MessageType; readonly bytes: Uint8Array }[] = [];
  const toldLies = new Set<string>();

  const reasonsIn = (round: number): string[] =>
    members[0]!.log
      .all('note')
      .map(({ text }) => /Cannot go on with round (\d+), attempt \d+: ([a-z-]+)\./.exec(String(text)))
      .flatMap((match) => (Number(match?.[1]) === round ? [match![2]!] : []));

  before(async () => {
    room = await SessionRoom.open();
    const store = await room.store('coordinator');
    const signer = identitySigner(0, (await store.identity()).identity);
    room.wire = {
      toMember: (name, bytes, type) => {
        const header = readHeader(bytes);
        const lie = header.ok ? lies[header.value.round - 1] : undefined;
        if (name !== 'Ada' || lie?.type !== type || toldLies.has(lie.name)) return [bytes];
        toldLies.add(lie.name);
        return lie.tell(bytes, signer, Number(members[0]!.log.last('roster')?.['own']));
      },
      fromMember: (name, bytes) => {
        const header = readHeader(bytes);
        const types = { 6: 'masked-input', 8: 'statement', 10: 'reveal' } as const;
        const type = header.ok ? types[header.value.type as keyof typeof types] : undefined;
        if (type !== undefined) sent.push({ name, type, bytes });
      },
    };
    coordinator = await room.coordinate(
      { rounds: lies.length, examplesPerClient: 10 },
      { startWhenFull: 4, store, deadlineMs: 3_000 },
    );
    members = await room.joinAll(names, { person: nobody });
    await coordinator.outcome;
    await Promise.all(members.map(({ outcome }) => outcome));
  });
  after(() => room.close());

  for (const [index, { name, reason }] of lies.entries())
    it(`${name}: ${reason === undefined ? 'gives nothing away' : `it leaves by ${reason}`}`, async () => {
      assert.ok(toldLies.has(name), 'the lie was never told');
      const round = index + 1;
      if (name === 'a round beyond those confirmed') assert.deepEqual(reasonsIn(100_000), [reason]);
      else assert.deepEqual(reasonsIn(round), reason === undefined ? [] : [reason]);
      // the others finish the round with the very sum of those who were not lied to
      const { rounds } = await coordinator.outcome;
      assert.ok(rounds[round - 1]!.clients.unmasked >= 3);
      const revealed = sent.filter(
        (message) => message.name === 'Ada' && message.type === 'reveal' && roundOf(message.bytes) === round,
      );
      // a lie about an earlier round is the only one after which it goes on
      assert.equal(revealed.length, name === 'an earlier round once more' ? 1 : 0);
    });

  it('never gets two vectors or reveals of an attempt, nor two sets of survivors of a round', () => {
    const seen = new Set<string>();
    for (const { name, type, bytes } of sent) {
      const header = readHeader(bytes);
      assert.ok(header.ok);
      const { round, attempt } = header.value;
      const place = `${name} ${type} ${round} ${attempt}`;
      assert.ok(!seen.has(place), place);
      seen.add(place);
      if (type === 'reveal') {
        const { dealers } = readMessage('reveal', bytes).body;
        assert.ok(numbersIn(dealers).length >= 3);
      }
    }
    for (const { store } of members) {
      const { record } = store.clientSession(coordinator.id);
      const rounds = record!.signed.map(({ round }) => round);
      assert.equal(new Set(rounds).size, rounds.length);
    }
  });

  it('leaves everyone with the same model in the end', async () => {
    const { final, outcome } = await coordinator.outcome;
    assert.equal(outcome, 'finished');
    for (const member of members) assert.equal((await member.outcome).final?.modelSha256, final?.modelSha256);
    const barred = members.flatMap(({ log }) => log.all((event: Told) => event.type === 'error'));
    assert.deepEqual(barred, []);
  });
});

function roundOf(bytes: Uint8Array): number {
  const header = readHeader(bytes);
  assert.ok(header.ok);
  return header.value.round;
}
