/** A room's sum that no honest clients can have: the round ends by name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '../../../core/crypto/random.ts';
import { createClient } from '../../../core/secagg/client.ts';
import { nothingStored } from '../../../core/secagg/client-session.ts';
import { createCoordinator } from '../../../core/secagg/coordinator.ts';
import { defaultFloors } from '../../../core/secagg/floors.ts';
import { aggregateFault, dequantise, unselectedVector } from '../../../core/secagg/quantise.ts';
import { slotIndex } from '../../../core/secagg/vector-layout.ts';
import { createCostMeter } from '../../../main/simulation/costs.ts';
import { createRoom } from '../../../main/simulation/room.ts';
import { architecture, testEpoch, testModel, testSigner } from '../../support/secagg-room.ts';

test('reject() ends a round whose sum one client has poisoned, for the coordinator and everyone', async () => {
  const epoch = testEpoch({ clients: 4 });
  const { parameters } = epoch;
  const aborted: string[] = [];
  const room = createRoom({
    coordinator: { state: createCoordinator(), environment: { epoch, signer: testSigner(epoch, 0) } },
    clients: epoch.everyone.map((client) => {
      const signer = testSigner(epoch, client);
      const environment = { epoch, client, signer, random: systemRandom, architecture };
      const floors = { ...defaultFloors, demonstration: true };
      return { state: createClient(environment, floors, nothingStored).state, environment };
    }),
    train: (client) => {
      const vector = unselectedVector(parameters);
      // client 3 claims to be a thousand
      if (client === 3) vector[slotIndex(parameters.parameterCount, 'selected')] = 1000;
      return Promise.resolve(vector);
    },
    observer: {
      event: (event) => {
        if (event.kind === 'aborted') aborted.push(`${event.detail['reason']}: ${event.detail['field']}`);
      },
      refused: () => undefined,
    },
  });
  const costs = createCostMeter(4);
  const outcome = await room.attempt(
    { kind: 'begin', round: 1, model: testModel(epoch, 1) },
    new Map(),
    costs,
  );
  assert.ok(outcome.kind === 'aggregate' && outcome.aggregate.sum instanceof Int32Array);
  const fault = aggregateFault(dequantise(outcome.aggregate.sum, parameters), 4, parameters);
  assert.equal(fault, 'selected');
  const { error, retry } = room.reject(fault, costs);
  assert.equal((error.details as { reason: string }).reason, 'aggregate-implausible');
  assert.equal(retry, 'burnt');
  assert.deepEqual(aborted, ['aggregate-implausible: selected']);
  assert.throws(() => room.reject(fault, costs), TypeError);
});
