import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { equalBytes, toHex } from '../../../core/bytes/bytes.ts';
import { runSettingsSchema, tolerances } from '../../../core/contract/run-settings.ts';
import { FederationError } from '../../../core/errors/federation-error.ts';
import { type Floors, checkFloors, defaultFloors } from '../../../core/secagg/floors.ts';
import {
  type RoundParameters,
  parametersDigest,
  roundParametersSchema,
} from '../../../core/secagg/parameters.ts';
import { type PlanFacts, planParameters } from '../../../core/secagg/plan-parameters.ts';
import { bitsFor, largestMagnitude, largestSlot } from '../../../core/secagg/quantise.ts';
import { colludersTolerated, leastThreshold } from '../../../core/secagg/quorum.ts';

const facts: PlanFacts = { parameterCount: 241_546, largestCount: 3000, datasetDigest: 'ab' };

function plan(
  settings: Readonly<Record<string, unknown>> = {},
  more: Partial<PlanFacts> = {},
): RoundParameters {
  return planParameters(runSettingsSchema.parse(settings), { ...facts, ...more });
}

/** The setting that plan() refuses. */
function refusedField(settings: Readonly<Record<string, unknown>>, more: Partial<PlanFacts> = {}): string {
  try {
    plan(settings, more);
  } catch (error) {
    assert.ok(error instanceof FederationError && error.code === 'invalid-setting', String(error));
    const { field, allowed } = (error as FederationError<'invalid-setting'>).details;
    assert.ok(error.message.includes(field) && error.message.includes(allowed));
    return field;
  }
  assert.fail(`${JSON.stringify(settings)} was accepted`);
}

describe('quorum', () => {
  it('any two quorums share more than the colluders, for every n; one less would not do', () => {
    for (let clients = 3; clients <= 500; clients += 1) {
      assert.ok(2 * leastThreshold(clients) - clients > colludersTolerated(clients));
      assert.ok(leastThreshold(clients) <= clients);
      // One less leaves c + 1 shared clients at most, of which c may be colluders.
      assert.ok(2 * (leastThreshold(clients) - 1) - clients <= colludersTolerated(clients));
    }
  });
});

describe('planParameters()', () => {
  it('takes the loss that was chosen, and refuses the number of another', () => {
    assert.equal(plan().loss, 'categorical-crossentropy');
    assert.deepEqual(plan({ labelSmoothing: 0.1 }).loss, { kind: 'cross-entropy', labelSmoothing: 0.1 });
    assert.deepEqual(plan({ loss: 'focal' }).loss, { kind: 'focal', gamma: 2 });
    const squared = plan({ loss: 'squared-error' });
    assert.deepEqual(squared.loss, { kind: 'squared-error' });
    // of n images, each 2 / classes at most
    assert.equal(squared.lossBound, 1);
    for (const parameters of [plan({ labelSmoothing: 0.1 }), plan({ loss: 'focal' }), squared])
      assert.equal(checkFloors(parameters, defaultFloors), undefined);
    for (const loss of ['squared-error', 'focal'])
      assert.equal(refusedField({ loss, labelSmoothing: 0.1 }), 'labelSmoothing');
    for (const loss of ['squared-error', 'cross-entropy'])
      assert.equal(refusedField({ loss, focalGamma: 1 }), 'focalGamma');
  });

  it('allows rules over single updates only where nothing is masked and nothing noised, and says why', () => {
    const rules = ['median', 'trimmed-mean', 'krum', 'norm-clipping'];
    for (const aggregation of rules) {
      assert.equal(refusedField({ aggregation }), 'aggregation');
      assert.throws(() => plan({ aggregation }), /masks leave the sum alone/);
      const open = plan({ aggregation, masks: false });
      assert.equal(open.demonstration, true);
      // no client computes anything else for it
      assert.equal(toHex(parametersDigest(open)), toHex(parametersDigest(plan({ masks: false }))));
    }
  });

  it('gives the reference experiment 21 bits, T = 14 and the complete graph', () => {
    const parameters = plan();
    assert.equal(parameters.bits, 21);
    assert.equal(parameters.threshold, 14);
    assert.equal(parameters.graph, 'complete');
    assert.equal(parameters.neighbours, 20);
    assert.equal(parameters.neighbourThreshold, 14);
    assert.equal(parameters.tolerate, null);
    assert.equal(parameters.weightCap, 3000);
    assert.equal(parameters.vectorLength, 241_551);
    // 3.2 x learning rate x steps
    assert.ok(Math.abs(parameters.clipBound - 3.2 * 0.001 * 94) < 1e-15);
    assert.equal(largestMagnitude(parameters), Math.floor((2 ** 21 - 1) / 40));
    assert.equal(parameters.demonstration, false);
  });

  it('gives parameters that the schema and the floors accept, for every n and settings', () => {
    fc.assert(
      fc.property(
        fc.record({
          clients: fc.integer({ min: 3, max: 500 }),
          weights: fc.constantFrom('exact', 'bucketed', 'uniform'),
          tolerate: fc.constantFrom(...tolerances),
          optimizer: fc.constantFrom('adam', 'sgd'),
          learningRate: fc.double({ min: 1e-9, max: 10, noNaN: true }),
          epochs: fc.integer({ min: 1, max: 1000 }),
          batch: fc.integer({ min: 1, max: 1024 }),
          serverOptimizer: fc.constantFrom('average', 'momentum', 'adam'),
          keyAgreement: fc.constantFrom('x25519', 'modp14'),
        }),
        fc.integer({ min: 1, max: 1_000_000 }),
        (settings, largestCount) => {
          const parameters = plan(settings, { largestCount });
          roundParametersSchema.parse(parameters);
          assert.equal(checkFloors(parameters, defaultFloors), undefined);
          assert.ok(2 * parameters.clients * largestSlot(parameters) + 1 <= 2 ** parameters.bits);
          const usual = 16 + Math.ceil(Math.log2(parameters.clients));
          assert.equal(parameters.bits, Math.max(usual, bitsFor(parameters.clients, parameters.weightCap)));
        },
      ),
    );
  });

  it('takes the sparse table above 200 clients, by the column to tolerate', () => {
    assert.equal(plan({ clients: 200 }).graph, 'complete');
    const parameters = plan({ clients: 201, tolerate: '20/10' });
    assert.deepEqual(
      [parameters.graph, parameters.neighbours, parameters.neighbourThreshold, parameters.tolerate],
      ['sparse', 106, 81, '20/10'],
    );
    assert.equal(plan({ clients: 500 }).neighbours, 90);
    assert.equal(parameters.threshold, 135);
  });

  it('R: SGD 1, or what is given; W: the largest count by the weights, or 10,000', () => {
    assert.equal(plan({ optimizer: 'sgd' }).clipBound, 1);
    assert.equal(plan({}, { clipBound: 0.25 }).clipBound, 0.25);
    assert.equal(plan({ weights: 'bucketed' }).weightCap, 2048);
    assert.equal(plan({ weights: 'uniform' }).weightCap, 1);
    const { largestCount: _, ...unknown } = facts;
    assert.equal(planParameters(runSettingsSchema.parse({}), unknown).weightCap, 10_000);
  });

  it('is a demonstration exactly when asked for, or when a protection is off', () => {
    assert.equal(plan({}, { demonstration: true }).demonstration, true);
    assert.equal(plan({ masks: false }).demonstration, true);
    assert.equal(plan({ signatures: false }).demonstration, true);
    assert.equal(plan({ masks: false, quantisation: false }).demonstration, true);
  });

  it('refuses thresholds outside floor(2n/3) + 1 .. n', () => {
    for (const [clients, threshold] of [
      [20, 13],
      [20, 21],
      [9, 6],
      [500, 333],
    ]) {
      assert.equal(refusedField({ clients, threshold }), 'threshold');
    }
    for (const threshold of [14, 17, 20]) assert.equal(plan({ threshold }).neighbourThreshold, threshold);
  });

  it('refuses a complete graph above 200, a sparse one up to 200, and more than 500 clients', () => {
    assert.equal(refusedField({ clients: 201, graph: 'complete' }), 'graph');
    assert.equal(refusedField({ clients: 200, graph: 'sparse' }), 'graph');
    const settings = runSettingsSchema.parse({});
    for (const clients of [501, 2, 3.5]) {
      assert.throws(
        () => planParameters({ ...settings, clients }, facts),
        (error: unknown) =>
          error instanceof FederationError &&
          error.code === 'invalid-setting' &&
          error.message.includes('clients'),
      );
    }
  });

  it('refuses masks without quantisation', () => {
    assert.equal(refusedField({ quantisation: false }), 'quantisation');
  });

  it('refuses a fraction that leaves fewer than ten honest clients on average', () => {
    assert.equal(refusedField({ fraction: 0.7 }), 'fraction');
    assert.equal(plan({ fraction: 0.72 }).fraction, 0.72);
    assert.equal(refusedField({ clients: 14, fraction: 0.99 }), 'fraction');
    assert.equal(plan({ clients: 3, fraction: 1 }).fraction, 1);
  });

  it('refuses clip bounds and counts that cannot be computed with', () => {
    for (const clipBound of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e-40]) {
      assert.equal(refusedField({}, { clipBound }), 'clipBound');
    }
    for (const largestCount of [0, 1.5, 2 ** 30]) {
      assert.equal(refusedField({}, { largestCount }), 'examplesPerClient');
    }
  });
});

/** Another value of the same kind, in the schema's range. */
const changes: Readonly<Record<string, unknown>> = {
  clients: 21,
  threshold: 15,
  graph: 'sparse',
  neighbours: 22,
  neighbourThreshold: 15,
  tolerate: '10/10',
  parameterCount: 241_547,
  vectorLength: 241_552,
  bits: 22,
  scale: 174_295.25,
  clipBound: 0.3009,
  weightCap: 3001,
  lossBound: 18,
  weights: 'uniform',
  rounds: 6,
  epochs: 2,
  batch: 33,
  loss: { kind: 'squared-error' },
  'optimiser.learningRate': 0.0011,
  proximalMu: 0.1,
  'serverOptimiser.learningRate': 0.02,
  'serverOptimiser.beta1': 0.8,
  'serverOptimiser.beta2': 0.98,
  'serverOptimiser.tau': 0.01,
  fraction: 0.9,
  seed: 2,
  'data.dataset': 'other',
  'data.digest': 'ac',
  'data.partition': 'shards:2',
  'data.examplesPerClient': 3000,
  keyAgreement: 'modp14',
  masks: false,
  signatures: false,
  quantisation: false,
  demonstration: true,
  language: 'fr',
};
/** Fields with a single value in this version. */
const constants = new Set(['differentialPrivacy', 'optimiser.kind', 'serverOptimiser.kind']);

function leaves(value: object, path = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null ? leaves(inner, `${path}${key}.`) : [`${path}${key}`],
  );
}

function changed(parameters: RoundParameters, path: string, value: unknown): RoundParameters {
  const copy = structuredClone(parameters) as unknown as Record<string, Record<string, unknown>>;
  const [outer, inner] = path.split('.') as [string, string?];
  if (inner === undefined) return { ...copy, [outer]: value } as unknown as RoundParameters;
  return { ...copy, [outer]: { ...copy[outer], [inner]: value } } as unknown as RoundParameters;
}

const losses = [
  { kind: 'cross-entropy', labelSmoothing: 0.1 },
  { kind: 'cross-entropy', labelSmoothing: 0.2 },
  { kind: 'focal', gamma: 0 },
  { kind: 'focal', gamma: 2 },
] as const;

describe('parametersDigest()', () => {
  const base = plan({ serverOptimizer: 'adam' });

  it('changes with every single field', () => {
    const seen = new Map([[toHex(parametersDigest(base)), 'nothing changed']]);
    const fields = leaves(base).filter((path) => !constants.has(path));
    assert.deepEqual(fields.toSorted(), Object.keys(changes).toSorted(), 'a change for every field');
    for (const field of fields) {
      const digest = toHex(parametersDigest(changed(base, field, changes[field])));
      assert.equal(seen.get(digest), undefined, field);
      seen.set(digest, field);
    }
    for (const other of [
      { ...base, optimiser: { kind: 'sgd', learningRate: 0.001, momentum: 0 } } as const,
      { ...base, optimiser: { kind: 'sgd', learningRate: 0.001, momentum: 0.9 } } as const,
      ...losses.map((loss) => ({ ...base, loss })),
      { ...base, serverOptimiser: { kind: 'average' } } as const,
      { ...base, serverOptimiser: { kind: 'momentum', learningRate: 1, momentum: 0.9 } } as const,
    ]) {
      const digest = toHex(parametersDigest(other));
      assert.equal(seen.get(digest), undefined);
      seen.set(digest, 'another kind');
    }
  });

  it('has one form of each loss, and refuses all others', () => {
    for (const loss of [
      'focal',
      { kind: 'hinge' },
      { kind: 'cross-entropy', labelSmoothing: 0 },
      { kind: 'cross-entropy', labelSmoothing: 1 },
      { kind: 'squared-error', gamma: 2 },
      { kind: 'focal' },
      { kind: 'focal', gamma: -1 },
      { kind: 'focal', gamma: Infinity },
    ])
      assert.throws(() => parametersDigest({ ...base, loss } as unknown as RoundParameters));
  });

  it('does not depend on the order of the fields', () => {
    const reversed = Object.fromEntries(Object.entries(base).reverse()) as unknown as RoundParameters;
    assert.ok(equalBytes(parametersDigest(reversed), parametersDigest(base)));
  });

  it('is frozen', () => {
    assert.equal(
      toHex(parametersDigest(base)),
      'd60b6efaa9c4f0f6ea446bfe1e80cfa7949f28c7fd311a15bc4f4cc5f2cf3035',
    );
  });

  it('refuses a field too many, too few, or of another kind', () => {
    const { seed: _, ...fewer } = base;
    for (const other of [
      { ...base, more: 1 },
      fewer,
      { ...base, masks: 1 },
      { ...base, scale: Number.NaN },
      { ...base, scale: Number.POSITIVE_INFINITY },
      { ...base, differentialPrivacy: {} },
      { ...base, optimiser: { kind: 'adam', learningRate: 0.001, momentum: 0.9 } },
      { ...base, optimiser: { kind: 'adam', learningRate: 0 } },
      { ...base, epochs: 0 },
      { ...base, data: new Map() },
    ]) {
      assert.throws(() => parametersDigest(other as unknown as RoundParameters));
    }
  });
});

describe('checkFloors()', () => {
  const complete = plan();
  const sparse = plan({ clients: 250, tolerate: '20/10' });
  const agreed: Floors = { ...defaultFloors, demonstration: true };

  const rule = (parameters: RoundParameters, floors: Floors = defaultFloors): string | undefined => {
    const error = checkFloors(parameters, floors);
    return error?.details.rule;
  };

  it('accepts what planParameters() gives', () => {
    assert.equal(rule(complete), undefined);
    assert.equal(rule(sparse), undefined);
    assert.equal(rule(plan({ clients: 3 })), undefined);
  });

  /** One refusal after the other: what is changed, and the rule that must name it. */
  const refusals: readonly (readonly [string, RoundParameters, Partial<RoundParameters>, string])[] = [
    ['fewer clients than the schema knows', complete, { clients: 2 }, 'well-formed'],
    ['more than 500', sparse, { clients: 501 }, 'well-formed'],
    ['T below floor(2n/3) + 1', complete, { threshold: 13, neighbourThreshold: 13 }, 'quorum'],
    ['T above n', complete, { threshold: 21, neighbourThreshold: 21 }, 'quorum'],
    ['n raised while T stays', complete, { clients: 30, neighbours: 30, bits: 24 }, 'quorum'],
    ['sparse graph up to 200', complete, { graph: 'sparse', tolerate: '10/10' }, 'graph'],
    ['a tolerance on the complete graph', complete, { tolerate: '10/10' }, 'graph'],
    ['complete graph with other neighbours', complete, { neighbours: 18 }, 'graph'],
    ['t below T on the complete graph', complete, { neighbourThreshold: 13 }, 'neighbour-threshold'],
    ['t above T on the complete graph', complete, { neighbourThreshold: 15 }, 'neighbour-threshold'],
    [
      'complete graph above 200',
      sparse,
      { graph: 'complete', tolerate: null, neighbours: 250, neighbourThreshold: 167 },
      'graph',
    ],
    ['sparse graph without a tolerance', sparse, { tolerate: null }, 'graph'],
    ['k below the table', sparse, { neighbours: 104 }, 'graph'],
    ['k above the table', sparse, { neighbours: 108 }, 'graph'],
    ['t below the table', sparse, { neighbourThreshold: 80 }, 'neighbour-threshold'],
    ['t above the table', sparse, { neighbourThreshold: 82 }, 'neighbour-threshold'],
    ['k and t of another column', sparse, { neighbours: 78, neighbourThreshold: 56 }, 'graph'],
    ['a bit too few', complete, { bits: 20 }, 'width'],
    ['a scale too large', complete, { scale: complete.scale * 1.001 }, 'width'],
    ['a clip bound too large', complete, { clipBound: complete.clipBound * 1.001 }, 'width'],
    ['a weight cap too large', complete, { weightCap: 60_000 }, 'width'],
    ['another layout', complete, { vectorLength: 241_546 }, 'layout'],
    ['a fraction that singles out', complete, { fraction: 0.5 }, 'fraction'],
    ['masks off', complete, { masks: false }, 'protections'],
    ['signatures off', complete, { signatures: false }, 'protections'],
    ['quantisation off', complete, { quantisation: false }, 'protections'],
    ['a demonstration', complete, { demonstration: true }, 'demonstration'],
    ['masks off in a demonstration', complete, { demonstration: true, masks: false }, 'demonstration'],
  ];
  for (const [what, base, change, expected] of refusals) {
    it(`refuses ${what}: ${expected}`, () => {
      assert.equal(rule({ ...base, ...change }), expected);
    });
  }

  it('refuses differential privacy, which this version does not have', () => {
    assert.equal(rule({ ...complete, differentialPrivacy: {} } as unknown as RoundParameters), 'well-formed');
  });

  it("insists on the participant's own floors", () => {
    assert.equal(rule(complete, { ...defaultFloors, clients: 21 }), 'roster-size');
    assert.equal(rule(complete, { ...defaultFloors, clients: 20 }), undefined);
    assert.equal(rule(sparse, { ...defaultFloors, tolerate: '33/10' }), 'tolerance');
    assert.equal(rule(sparse, { ...defaultFloors, tolerate: '20/10' }), undefined);
  });

  it('lets protections be off in a demonstration that was agreed to, never masks without quantisation', () => {
    assert.equal(
      rule({ ...complete, demonstration: true, masks: false, signatures: false }, agreed),
      undefined,
    );
    assert.equal(rule({ ...complete, masks: false }, agreed), 'protections');
    assert.equal(rule({ ...complete, demonstration: true, quantisation: false }, agreed), 'protections');
    assert.equal(
      rule({ ...complete, demonstration: true, quantisation: false, masks: false }, agreed),
      undefined,
    );
  });

  it('a demonstration has the same thresholds, graph and width', () => {
    const demonstration = { ...complete, demonstration: true };
    assert.equal(rule({ ...demonstration, threshold: 13, neighbourThreshold: 13 }, agreed), 'quorum');
    assert.equal(rule({ ...demonstration, bits: 20 }, agreed), 'width');
  });

  it('the message names the field, what is allowed and what it is', () => {
    const error = checkFloors({ ...complete, threshold: 13 }, defaultFloors);
    assert.match(error!.message, /threshold must be in 14 \.\. 20, and is 13/);
    assert.equal(error!.blame, 'coordinator');
  });
});
