import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aggregationRules, runSettingsSchema } from '../../../core/contract/run-settings.ts';
import { readAggregate } from '../../../core/fedavg/global-update.ts';
import { ruledUpdate, updateByRule } from '../../../core/fedavg/individual-updates.ts';
import { randomStream } from '../../../core/random/stream.ts';
import type { InputVector } from '../../../core/secagg/client-events.ts';
import { floatVector } from '../../../core/secagg/float-vector.ts';
import type { RoundParameters } from '../../../core/secagg/parameters.ts';
import { planParameters } from '../../../core/secagg/plan-parameters.ts';
import { centredLift, quantise, unselectedVector } from '../../../core/secagg/quantise.ts';

const parameterCount = 12;

function parametersFor(quantisation: boolean, clients = 7): RoundParameters {
  const settings = runSettingsSchema.parse({ clients, masks: false, quantisation });
  return planParameters(settings, { parameterCount, largestCount: 50 });
}

/** Updates around one direction; the last client's is another, ten times as long, and claims most images. */
function updatesOf(clients: number, bound: number): Float32Array[] {
  const stream = randomStream(4, 'updates');
  return Array.from({ length: clients }, (_, index) =>
    Float32Array.from({ length: parameterCount }, () =>
      index === clients - 1 ? -bound : 0.1 * bound * (0.9 + 0.2 * stream.nextFloat()),
    ),
  );
}

function vectorOf(update: Float32Array, client: number, parameters: RoundParameters): InputVector {
  const contribution = { update, weight: client === 7 ? 50 : 1, loss: 0.5, accuracy: 0.5 };
  return parameters.quantisation
    ? quantise(contribution, parameters, randomStream(1, 'rounding', client)).vector
    : floatVector(contribution, parameters.weightCap);
}

function sumOf(vectors: Iterable<InputVector>, parameters: RoundParameters): Int32Array | Float64Array {
  const sum = parameters.quantisation
    ? new Int32Array(parameters.vectorLength)
    : new Float64Array(parameters.vectorLength);
  for (const vector of vectors) {
    const values = vector instanceof Uint32Array ? centredLift(vector, parameters.bits) : vector;
    values.forEach((value, index) => (sum[index]! += value));
  }
  return sum;
}

for (const quantisation of [true, false]) {
  test(`ruledUpdate() makes of ${quantisation ? 'quantised' : 'float'} vectors what the rule makes of their updates`, () => {
    const parameters = parametersFor(quantisation);
    const updates = updatesOf(7, parameters.clipBound);
    const vectors = new Map(
      updates.map((update, index) => [index + 1, vectorOf(update, index + 1, parameters)]),
    );
    const summed = readAggregate(sumOf(vectors.values(), parameters), parameters);
    // 50 of 56 images are the cheater's: the mean is lost
    assert.ok(summed.meanUpdate!.every((value) => value < 0));
    assert.equal(ruledUpdate('mean', summed, vectors, parameters), summed);
    for (const rule of aggregationRules.filter((name) => name !== 'mean')) {
      const ruled = ruledUpdate(rule, summed, vectors, parameters);
      const expected = updateByRule(rule, updates);
      ruled.meanUpdate!.forEach((value, index) =>
        assert.ok(Math.abs(value - expected[index]!) <= 2e-3 * parameters.clipBound, `${rule} ${index}`),
      );
      assert.ok(
        ruled.meanUpdate!.every((value) => value > 0),
        rule,
      );
      // counts and metrics stay those of the sum
      assert.deepEqual({ ...ruled, meanUpdate: undefined }, { ...summed, meanUpdate: undefined });
    }
  });
}

test('ruledUpdate() leaves out clients whose coin left them out, and lets the mean of fewer than three stand', () => {
  const parameters = parametersFor(true);
  const updates = updatesOf(7, parameters.clipBound);
  const own = (clients: readonly number[]): Map<number, InputVector> =>
    new Map([
      ...clients.map((client) => [client, vectorOf(updates[client - 1]!, client, parameters)] as const),
      [6, unselectedVector(parameters)],
      [5, unselectedVector(parameters)],
    ]);
  const three = own([1, 2, 3]);
  const summed = readAggregate(sumOf(three.values(), parameters), parameters);
  const median = ruledUpdate('median', summed, three, parameters).meanUpdate!;
  // with the zeros among them the median would be another
  const expected = updateByRule('median', updates.slice(0, 3));
  median.forEach((value, index) =>
    assert.ok(Math.abs(value - expected[index]!) <= 2e-3 * parameters.clipBound),
  );
  const two = own([1, 2]);
  const ofTwo = readAggregate(sumOf(two.values(), parameters), parameters);
  assert.equal(ruledUpdate('krum', ofTwo, two, parameters), ofTwo);
  const nobody = own([]);
  const ofNobody = readAggregate(sumOf(nobody.values(), parameters), parameters);
  assert.equal(ruledUpdate('median', ofNobody, nobody, parameters).meanUpdate, undefined);
});

test('ruledUpdate() takes no rule without vectors for a mean', () => {
  const parameters = parametersFor(true);
  const vector = vectorOf(updatesOf(7, 1)[0]!, 1, parameters);
  const summed = readAggregate(sumOf([vector], parameters), parameters);
  assert.throws(() => ruledUpdate('median', summed, undefined, parameters), TypeError);
});
