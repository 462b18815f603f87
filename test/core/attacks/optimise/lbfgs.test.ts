import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Lbfgs, type Evaluate } from '../../../../core/attacks/optimise/lbfgs.ts';

/** Rosenbrock 1960: a bent valley, minimum 0 at (1, 1). */
const rosenbrock: Evaluate = (place, gradient) => {
  const [x, y] = place as unknown as [number, number];
  gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
  gradient[1] = 200 * (y - x * x);
  return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
};

/** A bowl whose axes differ by a factor of 10,000. */
const bowl: Evaluate = (place, gradient) => {
  let value = 0;
  for (const [index, x] of place.entries()) {
    const steepness = 10 ** (index % 5);
    value += 0.5 * steepness * (x - index) ** 2;
    gradient[index] = steepness * (x - index);
  }
  return value;
};

describe('Lbfgs', () => {
  it('finds the minimum of a bent valley, always downhill', () => {
    const search = new Lbfgs(Float64Array.of(-1.2, 1), rosenbrock);
    let steps = 0;
    for (let before = search.value; search.value > 1e-16; before = search.value) {
      assert.ok(search.step());
      assert.ok(search.value < before);
      steps += 1;
      assert.ok(steps < 100, `still at ${search.value} after ${steps} steps`);
    }
    assert.ok(Math.abs(search.place[0]! - 1) < 1e-6 && Math.abs(search.place[1]! - 1) < 1e-6);
  });

  it('learns the curvature of a steep bowl from its steps', () => {
    const search = new Lbfgs(new Float64Array(20), bowl);
    for (let step = 0; step < 60 && search.value > 1e-18; step += 1) search.step();
    for (const [index, x] of search.place.entries()) assert.ok(Math.abs(x - index) < 1e-6);
  });

  it('says so where nothing leads down any more, and stays', () => {
    const search = new Lbfgs(Float64Array.of(1, 1), rosenbrock);
    assert.equal(search.step(), false);
    assert.deepEqual([...search.place], [1, 1]);
  });

  it('leaves the start as it was, and gives places that later steps do not change', () => {
    const start = Float64Array.of(-1.2, 1);
    const search = new Lbfgs(start, rosenbrock);
    const first = search.place;
    search.step();
    assert.deepEqual([...start], [-1.2, 1]);
    assert.deepEqual([...first], [-1.2, 1]);
    assert.notDeepEqual([...search.place], [-1.2, 1]);
  });

  it('gives up on a slope that is not that of the function', () => {
    const uphill: Evaluate = (place, gradient) => {
      gradient[0] = -2 * place[0]!;
      return place[0]! ** 2;
    };
    const search = new Lbfgs(Float64Array.of(3), uphill);
    assert.equal(search.step(), false);
    assert.equal(search.value, 9);
  });
});
