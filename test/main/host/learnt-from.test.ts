/** What is known of a simulation's model: which images its clients were dealt, for membership inference. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { chosenTarget } from '../../../main/host/attack-targets.ts';

const id = 'simulation-0123456789abcdef';

function materialOf(parts: readonly (readonly number[])[] | undefined) {
  const service = {
    model: () => Float32Array.of(1, 2),
    network: () => ({ topology: { class_name: 'Sequential' } }),
    ...(parts && {
      partOf: (client: number) => parts[client - 1] && Uint32Array.from(parts[client - 1]!),
    }),
  };
  const watched = { title: 'Test', kind: 'simulation', settings: { dataset: 'mnist' }, stored: null };
  const activity = { id, service, watched };
  const activities = { all: [activity], get: () => activity };
  const services = { store: {}, drawings: () => [] };
  return chosenTarget(services as never, activities as never, { kind: 'model', model: id }).material;
}

it("chosenTarget() hands a simulation's model over with all images that were dealt for it", () => {
  const { model } = materialOf([[3, 1], [8], [5, 13]]);
  assert.deepEqual([...(model?.learntFrom ?? [])], [3, 1, 8, 5, 13]);
  assert.deepEqual([...model!.weights], [1, 2]);
});

it('chosenTarget() says nothing of what a model has learnt from where nobody knows', () => {
  assert.equal(materialOf(undefined).model?.learntFrom, undefined);
});
