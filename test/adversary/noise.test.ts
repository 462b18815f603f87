/**
 * Differential privacy against a coordinator that colludes with c clients and chooses who vanishes: what noise is left,
 * what may be sent twice, what is charged when, and which weaker noise a client refuses.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { float64Bytes } from '../../core/bytes/bytes.ts';
import { runSettingsSchema } from '../../core/contract/run-settings.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import { localUpdate } from '../../core/fedavg/local-update.ts';
import { noiseVariance } from '../../core/privacy/sensitivity.ts';
import type { ClientEffect } from '../../core/secagg/client-events.ts';
import type { Epoch } from '../../core/secagg/epoch.ts';
import { checkFloors, defaultFloors } from '../../core/secagg/floors.ts';
import { noisedSumFault } from '../../core/secagg/noised-sum.ts';
import type { NoiseParameters, RoundParameters } from '../../core/secagg/parameters.ts';
import { planParameters } from '../../core/secagg/plan-parameters.ts';
import { privacyPlanOf } from '../../core/secagg/privacy-plan.ts';
import { centredLift } from '../../core/secagg/quantise.ts';
import { sealMessage } from '../../core/wire/envelope.ts';
import { withdrawalReasons } from '../../core/errors/protocol-reasons.ts';
import { readMessage } from '../support/session-messages.ts';
import {
  type RoomOptions,
  TestRoom,
  testEpoch,
  testModel,
  testSigner,
  typeOf,
} from '../support/secagg-room.ts';

const noised = {
  signatures: true,
  weights: 'uniform',
  noiseMultiplier: 1,
  clippingNorm: 0.5,
} as const;
const options = { clients: 6, parameterCount: 3000, settings: noised } as const;

/** Deviations beyond which a normal value lies once in 10^6, on one side. */
const MILLIONTH = 4.7534;

/** The value that a chi-square of so many degrees is below once in 10^6 (Wilson, Hilferty 1931; to 1 in 1,000 here). */
function lowestChiSquare(degrees: number): number {
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread - MILLIONTH * Math.sqrt(spread)) ** 3;
}

function squares(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value ** 2;
  return sum;
}

/** What a client would send that has learnt `change` in every coordinate, as its driver makes it. */
function noisedVector(epoch: Epoch, client: number, change: number, selected = true): Uint32Array {
  const { parameters } = epoch;
  const { parameterCount, differentialPrivacy } = parameters;
  const before = new Float32Array(parameterCount);
  const trained = {
    weights: new Float32Array(parameterCount).fill(change),
    examples: 10,
    loss: 1,
    accuracy: 1,
    steps: 1,
    epochWeights: [],
  };
  const turn = { selected, clippingNorm: differentialPrivacy!.clippingNorm, random: systemRandom };
  const { vector } = localUpdate(parameters, before, trained, client, 1, turn);
  assert.ok(vector instanceof Uint32Array);
  return vector;
}

/** A room whose clients have learnt nothing: what they send is noise. */
function noisyRoom(
  changes: Partial<RoomOptions> = {},
): TestRoom & { readonly vectors: Map<number, Uint32Array[]> } {
  const vectors = new Map<number, Uint32Array[]>();
  const room = new TestRoom({
    ...options,
    vector: (client, epoch) => {
      const vector = noisedVector(epoch, client, 0);
      vectors.set(client, [...(vectors.get(client) ?? []), vector]);
      return vector;
    },
    ...changes,
  });
  return Object.assign(room, { vectors });
}

const noiseOf = ({ parameters }: { parameters: RoundParameters }): NoiseParameters =>
  parameters.differentialPrivacy!;

function kinds(effects: readonly ClientEffect[]): string[] {
  return effects.map((effect) => (effect.kind === 'send' ? typeOf(effect.bytes) : effect.kind));
}

describe('the noise that is left in a sum', () => {
  it('is z times the sensitivity when n - T vanish and c subtract theirs; less would be noticed', () => {
    const room = noisyRoom();
    const { bits, threshold, clients } = room.epoch.parameters;
    const { variance, squaredSensitivity, honest, noiseMultiplier } = noiseOf(room.epoch);
    const colluders = [1, 2];
    for (let client = threshold + 1; client <= clients; client += 1) room.dropAt.set(client, 'masked-input');
    const { aggregate } = room.begin(1);
    assert.deepEqual(aggregate?.u3, [1, 2, 3, 4, 5]);
    // colluders know their own vectors
    const left = Array.from(aggregate.sum);
    for (const client of colluders)
      centredLift(room.vectors.get(client)![0]!, bits).forEach((value, index) => (left[index]! -= value));
    const needed = noiseMultiplier ** 2 * squaredSensitivity;
    assert.equal(honest, threshold - colluders.length);
    assert.ok(honest * variance >= needed);
    const lowest = lowestChiSquare(left.length);
    assert.ok(squares(left) >= needed * lowest, `${squares(left) / needed} ${lowest}`);
    // with a third less noise this test fails but once in 10^6, too: it can tell
    assert.ok(squares(left) * (2 / 3) < needed * lowest);
    // nothing else is in it
    const known = new Array<number>(left.length).fill(0);
    for (const client of [3, 4, 5])
      centredLift(room.vectors.get(client)![0]!, bits).forEach((value, index) => (known[index]! += value));
    assert.deepEqual(left, known);
  });

  it('counts on h = T - c on the complete graph, and on t - c_max + 1 on the sparse one', () => {
    const honestOf = (clients: number, settings = {}): number =>
      noiseOf(testEpoch({ clients, settings: { ...noised, ...settings }, parameterCount: 10 })).honest;
    assert.deepEqual(
      [3, 4, 5, 6, 20].map((clients) => honestOf(clients)),
      [2, 2, 3, 3, 8],
    );
    assert.equal(honestOf(6, { threshold: 6 }), 4);
  });

  it('comes from everyone, whether or not its coin chose it', () => {
    const settings = { ...noised, fraction: 0.6 } as const;
    const epoch = testEpoch({ clients: 25, settings, parameterCount: 2000 });
    const { bits } = epoch.parameters;
    const { variance } = noiseOf(epoch);
    for (const selected of [true, false]) {
      const sent = centredLift(noisedVector(epoch, 1, selected ? 0 : 5, selected), bits);
      const [lowest, found] = [lowestChiSquare(sent.length), squares(sent) / variance];
      assert.ok(found > lowest && found < 2 * sent.length - lowest + 200, `${found}`);
    }
    // the machine sends what was handed over in either case
    const room = noisyRoom({ clients: 25, settings, parameterCount: 40 });
    const { aggregate } = room.begin(1);
    assert.ok(room.selected().length < 25);
    const sum = new Array<number>(40).fill(0);
    for (const [vector] of room.vectors.values())
      centredLift(vector!, room.epoch.parameters.bits).forEach((value, index) => (sum[index]! += value));
    assert.deepEqual(Array.from(aggregate!.sum), sum);
  });
});

describe('a noised vector', () => {
  it('is charged before it is kept, recorded or sent; nothing leaves until that is on disk', () => {
    const asked: string[] = [];
    const room = noisyRoom({
      clients: 4,
      charge: (client, { round, attempt, digest }) => {
        if (client === 1) asked.push(`${round} ${attempt} ${digest.length}`);
        return true;
      },
    });
    const { aggregate } = room.begin(1);
    assert.deepEqual(aggregate?.u3, [1, 2, 3, 4]);
    assert.deepEqual(asked, ['1 1 64']);
    const order = kinds(room.desk(1).effects);
    const charge = order.indexOf('charge');
    assert.deepEqual(order.slice(charge, charge + 4), ['charge', 'keep-vector', 'persist', 'masked-input']);
    assert.ok(!order.slice(0, charge).includes('masked-input'));
  });

  it('does not leave past the budget: the others go on, and only the client itself knows why', () => {
    const room = noisyRoom({ clients: 4, charge: (client) => client !== 2 });
    const { aggregate } = room.begin(1);
    assert.deepEqual(aggregate?.u3, [1, 3, 4]);
    assert.equal(room.reasonOf(2), 'budget-reached');
    assert.equal(room.sentBy(2, 'masked-input').length, 0);
    assert.equal(room.desk(2).kept, undefined);
    assert.equal(room.desk(2).record?.vector, null);
    const [withdrawal] = room.sentBy(2, 'withdrawal');
    assert.deepEqual(readMessage('withdrawal', withdrawal!).body, { reason: 'own-doing' });
    assert.ok(!(withdrawalReasons as readonly string[]).includes('budget-reached'));
  });

  it('is the same in every attempt of its round, and charged once', () => {
    const charges: string[] = [];
    const room = noisyRoom({
      clients: 4,
      charge: (client, { digest }) => {
        charges.push(`${client} ${digest}`);
        return true;
      },
    });
    room.dropAt.set(3, 'masked-input').set(4, 'masked-input');
    assert.equal(room.begin(1).retry, 'allowed');
    room.dropAt.clear();
    const { aggregate } = room.run({ kind: 'retry' });
    assert.equal(aggregate?.attempt, 2);
    const { bits } = room.epoch.parameters;
    const sum = new Array<number>(options.parameterCount).fill(0);
    for (const client of [1, 2, 3, 4]) {
      // what vanished before its vector left was recorded all the same, and is not made anew
      assert.equal(room.vectors.get(client)?.length, 1);
      centredLift(room.vectors.get(client)![0]!, bits).forEach((value, index) => (sum[index]! += value));
    }
    assert.deepEqual(Array.from(aggregate.sum), sum);
    assert.equal(charges.length, 4);
    assert.equal(new Set(charges).size, 4);
  });

  it('that was made anew after a crash is charged anew; so is one for the same model in another round', () => {
    const charges: string[] = [];
    const room = noisyRoom({
      clients: 4,
      charge: (client, { round, digest }) => {
        if (client === 1) charges.push(`${round} ${digest}`);
        return true;
      },
    });
    const model = testModel(room.epoch, 1);
    // charged, and killed before it could send
    room.tamper = {
      toCoordinator: (client, bytes, type) => (client === 1 && type === 'masked-input' ? [] : [bytes]),
    };
    const disk = { record: room.desk(1).record, mark: room.desk(1).mark };
    room.stepCoordinator({ kind: 'begin', round: 1, model });
    room.deliver();
    assert.equal(charges.length, 1);
    const before = room
      .desk(1)
      .effects.findLast((effect) => effect.kind === 'persist' && effect.record.vector === null);
    assert.ok(before?.kind === 'persist' && disk.record !== undefined);
    room.restart(1, { record: before.record, mark: before.record.token });
    room.tamper = {};
    room.settle();
    room.run({ kind: 'retry' });
    assert.equal(charges.length, 1);
    // the others' sum is out; the next round is over the same model, unasked
    room.stepCoordinator({ kind: 'publish', model });
    const { aggregate } = room.begin(2, model);
    assert.deepEqual(aggregate?.u3, [1, 2, 3, 4]);
    assert.equal(charges.length, 2);
    assert.notEqual(charges[0]?.slice(2), charges[1]?.slice(2));
    assert.deepEqual(
      room.desk(2).record?.signed.map(({ round }) => round),
      [1, 2],
    );
  });
});

describe('a client refuses', () => {
  const { parameters } = testEpoch(options);
  const noise = noiseOf({ parameters });
  const adaptive = testEpoch({ ...options, settings: { ...noised, adaptiveClipping: true } }).parameters;
  const withNoise = (changes: Partial<NoiseParameters>): RoundParameters => ({
    ...parameters,
    differentialPrivacy: { ...noise, ...changes },
  });
  const refusedField = (changed: RoundParameters): unknown => {
    const refused = checkFloors(changed, { ...defaultFloors, demonstration: true });
    return refused && [refused.details.rule, refused.details.field];
  };

  it('nothing of what was planned', () => {
    assert.equal(refusedField(parameters), undefined);
    assert.equal(refusedField(adaptive), undefined);
    const large = planParameters(runSettingsSchema.parse({ ...noised, clients: 210 }), {
      parameterCount: 10,
    });
    assert.equal(refusedField(large), undefined);
    const { honest } = noiseOf({ parameters: large });
    // t = 56 in a neighbourhood, of whom at most 21 are corrupt
    assert.ok(honest >= 56 - 21 + 1 && honest < 56 - 21 + 5, String(honest));
    const fewer = {
      ...large,
      differentialPrivacy: { ...noiseOf({ parameters: large }), honest: 2 * honest },
    };
    assert.deepEqual(refusedField(fewer), ['noise', 'honest']);
  });

  const weaker: readonly (readonly [string, RoundParameters, string])[] = [
    ['less noise', withNoise({ variance: noise.variance - 1 }), 'variance'],
    [
      'noise that counts on more honest survivors',
      withNoise({ honest: 4, variance: noiseVariance(1, noise.squaredSensitivity, 4) }),
      'honest',
    ],
    [
      'a sensitivity that rounding exceeds',
      withNoise({ squaredSensitivity: noise.clipUnits ** 2 }),
      'squaredSensitivity',
    ],
    ['a coarser grid', withNoise({ clipUnits: 1000 }), 'clipUnits'],
    ['a count slot outside of the sensitivity', withNoise({ countUnits: 1000 }), 'countUnits'],
    [
      'more for the count than was agreed on',
      {
        ...adaptive,
        differentialPrivacy: {
          ...noiseOf({ parameters: adaptive }),
          countUnits: noiseOf({ parameters: adaptive }).countUnits + 1,
        },
      },
      'countUnits',
    ],
    [
      'slots for counts and metrics',
      { ...parameters, vectorLength: parameters.vectorLength + 5 },
      'vectorLength',
    ],
    ['sums that wrap', { ...parameters, bits: parameters.bits - 1 }, 'bits'],
    ['weights', { ...parameters, weights: 'exact', weightCap: 10 }, 'weights'],
    ['weights by another name', { ...parameters, weightCap: 10 }, 'weights'],
    ['vectors that are not masked', { ...parameters, masks: false, demonstration: true }, 'masks'],
    ['statements that nobody signs', { ...parameters, signatures: false, demonstration: true }, 'signatures'],
    ['another scale than the grid has', { ...parameters, scale: 2 * parameters.scale }, 'scale'],
  ];
  for (const [what, changed, field] of weaker)
    it(what, () => {
      assert.deepEqual(refusedField(changed), ['noise', field]);
    });

  const noNumber = [Number.NaN, Infinity, 0, -1, 1e31];
  const announced = (room: TestRoom, client: number, norm: number | undefined): void => {
    const signer = testSigner(room.epoch, 0);
    room.tamper = {
      toClient: (to, bytes, type) => {
        if (type !== 'announcement' || (client !== 0 && to !== client)) return [bytes];
        const { header, body, attachment } = readMessage('announcement', bytes);
        const { clippingNorm: _norm, ...others } = body;
        const changed = norm === undefined ? others : { ...others, clippingNorm: float64Bytes(norm) };
        const { session, round, attempt } = header;
        return [sealMessage('announcement', { session, round, attempt }, changed, signer, attachment)];
      },
    };
  };

  it('a clipping norm where it stays, none where it adapts, one that is no length, another in a retry', () => {
    const fixed = noisyRoom({ clients: 4 });
    announced(fixed, 1, 0.5);
    fixed.begin(1);
    assert.equal(fixed.reasonOf(1), 'parameters-differ');
    for (const norm of [undefined, ...noNumber]) {
      const room = noisyRoom({ clients: 4, settings: { ...noised, adaptiveClipping: true } });
      announced(room, 1, norm);
      room.begin(1, { ...testModel(room.epoch, 1), clippingNorm: 0.5 });
      assert.equal(room.reasonOf(1), 'parameters-differ', String(norm));
      assert.equal(room.sentBy(1, 'key-advert').length, 0);
    }
    const room = noisyRoom({ clients: 4, settings: { ...noised, adaptiveClipping: true } });
    room.dropAt.set(3, 'masked-input').set(4, 'masked-input');
    assert.equal(room.begin(1, { ...testModel(room.epoch, 1), clippingNorm: 0.5 }).retry, 'allowed');
    room.dropAt.clear();
    announced(room, 1, 0.25);
    room.run({ kind: 'retry' });
    assert.equal(room.reasonOf(1), 'parameters-differ');
  });

  it('a sum with clients that were told another clipping norm: their keys are for another context', () => {
    const room = noisyRoom({ clients: 4, settings: { ...noised, adaptiveClipping: true } });
    announced(room, 2, 0.25);
    const { aggregate } = room.begin(1, { ...testModel(room.epoch, 1), clippingNorm: 0.5 });
    assert.ok(!(aggregate?.u3 ?? []).includes(2));
    assert.ok(
      room.refusals.some(({ at, reason, from }) => at === 0 && reason === 'wrong-context' && from === 2),
    );
  });
});

describe('noisedSumFault()', () => {
  const { parameters } = testEpoch({ ...options, clients: 20, parameterCount: 400 });
  const plan = privacyPlanOf(parameters)!;
  const epoch = testEpoch({ ...options, clients: 20, parameterCount: 400 });
  const lift = (vector: Uint32Array): Int32Array => centredLift(vector, parameters.bits);
  const sumOf = (vectors: readonly Int32Array[]): Int32Array =>
    vectors.reduce((sum, vector) => sum.map((value, index) => value + vector[index]!), new Int32Array(400));

  it('finds nothing in sums of honest clients, all of them at the largest norm and alike', () => {
    for (let time = 0; time < 20; time += 1) {
      const vectors = Array.from({ length: 14 }, (_, client) => lift(noisedVector(epoch, client + 1, 1)));
      assert.equal(noisedSumFault(sumOf(vectors), plan, 14), undefined);
    }
  });

  it('finds a vector many times too long, and one coordinate too large', () => {
    const honest = Array.from({ length: 13 }, (_, client) => lift(noisedVector(epoch, client + 1, 0)));
    const long = new Int32Array(400).fill(4 * plan.clipUnits);
    assert.equal(noisedSumFault(sumOf([...honest, long]), plan, 14), 'mean-update');
    const spike = new Int32Array(400).with(7, 30 * plan.clipUnits);
    assert.equal(noisedSumFault(sumOf([...honest, spike]), plan, 14), 'mean-update');
  });
});
