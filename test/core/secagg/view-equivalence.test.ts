/**
 * What the coordinator sees depends on the sum alone. Two runs with the same sum and other inputs, whose pairwise masks
 * are shifted by a programmed generator to make up for the difference: every byte, length and event that reaches the
 * coordinator is identical. As an honest mask is uniform, the shifted one is as likely, so that the coordinator cannot
 * tell the runs apart.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '../../../core/bytes/bytes.ts';
import { sha256 } from '../../../core/crypto/hash.ts';
import type { ProtocolEvent } from '../../../core/contract/run-result.ts';
import { addMask } from '../../../core/secagg/masks.ts';
import type { MaskGenerator } from '../../../core/secagg/key-schedule.ts';
import type { Phase } from '../../../core/wire/messages.ts';
import { signedPartOf } from '../../../core/wire/envelope.ts';
import { read } from '../../support/attack.ts';
import {
  type RoomOptions,
  TestRoom,
  repeatableRandom,
  testVector,
  typeOf,
} from '../../support/secagg-room.ts';

interface View {
  /** Digests of everything that clients sent, signatures left out: they are random, and valid in both runs. */
  readonly messages: readonly string[];
  readonly lengths: readonly number[];
  readonly events: readonly ProtocolEvent[];
  readonly sum: readonly number[];
}

interface Run {
  readonly options: RoomOptions;
  readonly dropAt: ReadonlyMap<number, Phase>;
  readonly vectors: ReadonlyMap<number, Uint32Array>;
  /** What is added to the mask of a key, by the key's hexadecimal text. */
  readonly shifts: ReadonlyMap<string, Uint32Array>;
}

/** A run with fixed keys, seeds and polynomials; also says which clients used each mask key. */
function observe({ options, dropAt, vectors, shifts }: Run): { view: View; keyUsers: Map<string, number[]> } {
  const keyUsers = new Map<string, number[]>();
  let stepping = 0;
  const generator: MaskGenerator = (vector, key, sign) => {
    addMask(vector, key, sign);
    const name = toHex(key);
    keyUsers.set(name, [...(keyUsers.get(name) ?? []), stepping]);
    shifts.get(name)?.forEach((shift, index) => {
      vector[index]! += sign * shift;
    });
  };
  const room = new TestRoom({
    ...options,
    random: options.random ?? ((client) => repeatableRandom(client)),
    addMask: generator,
    vector: (client) => {
      stepping = client;
      return vectors.get(client)!;
    },
  });
  room.dropAt = new Map(dropAt);
  const messages: string[] = [];
  const lengths: number[] = [];
  room.tamper = {
    toCoordinator: (client, bytes) => {
      const { attachment } = read(room.epoch, typeOf(bytes), bytes);
      const digest = toHex(sha256(signedPartOf(bytes), attachment));
      messages.push(`${client} ${typeOf(bytes)} ${digest}`);
      lengths.push(bytes.length);
      return [bytes];
    },
  };
  // a client masks in the step that hands over its vector
  const { stepClient } = room;
  room.stepClient = (client, event) => {
    stepping = client;
    const effects = stepClient.call(room, client, event);
    // from here on the coordinator uses the generator
    stepping = 0;
    return effects;
  };
  const { aggregate, error } = room.begin(1);
  assert.ok(aggregate !== undefined, error?.message);
  const events = room.effects.flatMap((effect) => (effect.kind === 'report' ? [effect.event] : []));
  return { view: { messages, lengths, events, sum: [...aggregate.sum] }, keyUsers };
}

/** Shifts of the masks along the chain of survivors that turn `from` into `to`, where both have the same sum. */
function chainShifts(
  survivors: readonly number[],
  from: ReadonlyMap<number, Uint32Array>,
  to: ReadonlyMap<number, Uint32Array>,
  keyUsers: ReadonlyMap<string, number[]>,
): Map<string, Uint32Array> {
  const shifts = new Map<string, Uint32Array>();
  const { length } = from.get(survivors[0]!)!;
  let carried = new Uint32Array(length);
  survivors.slice(0, -1).forEach((client, index) => {
    const peer = survivors[index + 1]!;
    const key = [...keyUsers].find(([, users]) => users.includes(client) && users.includes(peer))![0];
    // the lower client of the pair adds the mask: what it lacks, and what was carried to it
    carried = carried.map((value, at) => value + from.get(client)![at]! - to.get(client)![at]!);
    shifts.set(key, carried);
  });
  return shifts;
}

for (const [name, options] of [
  ['without signatures', { clients: 7 }],
  ['with signatures', { clients: 7, settings: { signatures: true } }],
] as const) {
  test(`the coordinator's view is the same for other inputs of the same sum, ${name} and with dropouts`, () => {
    const dropAt = new Map<number, Phase>([
      [3, 'masked-input'],
      [6, 'unmask'],
    ]);
    const { epoch } = new TestRoom(options);
    const survivors = [1, 2, 4, 5, 6, 7];
    const modulus = 2 ** epoch.parameters.bits;
    const first = new Map(epoch.everyone.map((client) => [client, testVector(epoch, client)]));
    // other inputs: everyone's is rotated on to the next survivor; the dropout's is anything
    const second = new Map(survivors.map((client, index) => [client, first.get(survivors.at(index - 1)!)!]));
    second.set(
      3,
      first.get(3)!.map((value) => (value + 1) % modulus),
    );
    const plain = observe({ options, dropAt, vectors: first, shifts: new Map() });
    const shifts = chainShifts(survivors, first, second, plain.keyUsers);
    const shifted = observe({ options, dropAt, vectors: second, shifts });
    assert.deepEqual(shifted.view, plain.view);
    // the test would notice a difference: without the shifts the views differ, in the masked inputs alone
    const unshifted = observe({ options, dropAt, vectors: second, shifts: new Map() });
    const differing = unshifted.view.messages.filter(
      (message, index) => message !== plain.view.messages[index],
    );
    assert.equal(differing.length, survivors.length);
    assert.deepEqual(unshifted.view.lengths, plain.view.lengths);
    assert.deepEqual(unshifted.view.events, plain.view.events);
    assert.deepEqual(unshifted.view.sum, plain.view.sum);
  });
}

test('the view is the same whoever was selected by its own coin, of the same sum', () => {
  const pairs = [
    [1, 2],
    [9, 30],
    [15, 16],
  ] as const;
  // in the first run one of each pair is selected, in the second the other; of the others, the even ones in both
  const selectedIn = (run: number, client: number): boolean => {
    const pair = pairs.find((candidate) => (candidate as readonly number[]).includes(client));
    return pair === undefined ? client % 2 === 0 : pair[run] === client;
  };
  const optionsOf = (run: number): RoomOptions => ({
    clients: 30,
    settings: { fraction: 0.5 },
    random: (client) => {
      const others = repeatableRandom(client);
      // the coin is the only draw of 8 bytes
      return {
        bytes: (length) =>
          length === 8 ? others.bytes(8).fill(selectedIn(run, client) ? 0 : 255) : others.bytes(length),
      };
    },
  });
  const { epoch } = new TestRoom(optionsOf(0));
  const inputs = [0, 1].map(
    (run) =>
      new Map(
        epoch.everyone.map((client) => {
          const owner = pairs.find((pair) => (pair as readonly number[]).includes(client))?.[0] ?? client;
          const trained = testVector(epoch, owner);
          return [client, selectedIn(run, client) ? trained : trained.map(() => 0)] as const;
        }),
      ),
  );
  const dropAt = new Map<number, Phase>([[4, 'masked-input']]);
  const [first, second] = [inputs[0]!, inputs[1]!];
  const plain = observe({ options: optionsOf(0), dropAt, vectors: first, shifts: new Map() });
  const shifts = new Map(pairs.flatMap((pair) => [...chainShifts(pair, first, second, plain.keyUsers)]));
  const shifted = observe({ options: optionsOf(1), dropAt, vectors: second, shifts });
  assert.deepEqual(shifted.view, plain.view);
});

test('in a ring of 8 elements, for all inputs of three clients: the same sum gives the same view', () => {
  const options: RoomOptions = {
    clients: 3,
    parameterCount: 1,
    parameters: { bits: 3, scale: 1, clipBound: 1, weightCap: 1, lossBound: 1 },
  };
  const everyone = [1, 2, 3];
  const inputs = (values: readonly number[]): Map<number, Uint32Array> =>
    new Map(everyone.map((client) => [client, Uint32Array.of(values[client - 1]!, 0, 0, 0, 0, 0)]));
  const baseline = new Map<
    number,
    { view: View; vectors: Map<number, Uint32Array>; keyUsers: Map<string, number[]> }
  >();
  for (let code = 0; code < 512; code += 1) {
    const values = [code & 7, (code >> 3) & 7, code >> 6];
    const vectors = inputs(values);
    const sum = values.reduce((total, value) => total + value, 0) % 8;
    const known = baseline.get(sum);
    if (known === undefined) {
      const run = observe({ options, dropAt: new Map(), vectors, shifts: new Map() });
      baseline.set(sum, { ...run, vectors });
      continue;
    }
    const shifts = chainShifts(everyone, known.vectors, vectors, known.keyUsers);
    assert.deepEqual(observe({ options, dropAt: new Map(), vectors, shifts }).view, known.view);
  }
  assert.equal(baseline.size, 8);
});
