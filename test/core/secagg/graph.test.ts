import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { sha256 } from '../../../core/crypto/hash.ts';
import { uint32Bytes } from '../../../core/bytes/bytes.ts';
import { type Neighbourhoods, neighbourhoods } from '../../../core/secagg/graph.ts';

const seedOf = (number: number): Uint8Array => sha256(uint32Bytes(number));
const shape = fc
  .integer({ min: 3, max: 60 })
  .chain((clients) =>
    fc.tuple(fc.constant(clients), fc.integer({ min: 1, max: Math.floor((clients - 1) / 2) })),
  );

/** Clients in the order of a ring with two neighbours each, from client 1. */
function walk(graph: Neighbourhoods): number[] {
  const path = [1];
  for (let previous = 0, here = 1; path.length < graph.length;) {
    const next = graph[here - 1]!.find((client) => client !== previous)!;
    [previous, here] = [here, next];
    path.push(here);
  }
  return path;
}

describe('neighbourhoods()', () => {
  it('gives every client k others, sorted, and is symmetric', () => {
    fc.assert(
      fc.property(shape, fc.nat(), ([clients, half], number) => {
        const graph = neighbourhoods(clients, 2 * half, seedOf(number));
        assert.equal(graph.length, clients);
        graph.forEach((near, index) => {
          assert.equal(near.length, 2 * half);
          assert.ok(!near.includes(index + 1));
          near.forEach((client, place) => {
            assert.ok(place === 0 || client > near[place - 1]!, 'strictly increasing');
            assert.ok(client >= 1 && client <= clients);
            assert.ok(graph[client - 1]!.includes(index + 1), 'symmetric');
          });
        });
      }),
    );
  });

  it('joins each client to the k/2 nearest on both sides of one ring', () => {
    fc.assert(
      fc.property(shape, fc.nat(), ([clients, half], number) => {
        const ring = walk(neighbourhoods(clients, 2, seedOf(number)));
        assert.equal(new Set(ring).size, clients);
        const graph = neighbourhoods(clients, 2 * half, seedOf(number));
        ring.forEach((client, place) => {
          const expected = Array.from({ length: half }, (_, index) => [
            ring[(place + index + 1) % clients]!,
            ring[(place - index - 1 + clients) % clients]!,
          ])
            .flat()
            .sort((left, right) => left - right);
          assert.deepEqual(graph[client - 1], expected);
        });
      }),
    );
  });

  it('depends on the seed alone: frozen for one seed, other for another', () => {
    assert.deepEqual(neighbourhoods(7, 2, seedOf(1)), neighbourhoods(7, 2, seedOf(1)));
    assert.deepEqual(walk(neighbourhoods(9, 2, seedOf(1))), [1, 6, 7, 2, 4, 8, 3, 5, 9]);
    assert.notDeepEqual(neighbourhoods(300, 78, seedOf(1)), neighbourhoods(300, 78, seedOf(2)));
  });

  it('draws every ring of five clients equally often (chi-squared, false alarm 10^-6; the seeds are fixed)', () => {
    // 4! / 2 rings without start and direction.
    const counts = new Map<string, number>();
    const draws = 6000;
    for (let number = 0; number < draws; number += 1) {
      const key = JSON.stringify(neighbourhoods(5, 2, seedOf(number)));
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    assert.equal(counts.size, 12);
    const expected = draws / 12;
    const statistic = [...counts.values()].reduce(
      (sum, count) => sum + (count - expected) ** 2 / expected,
      0,
    );
    // 11 degrees of freedom: P(> 49.0) = 10^-6.
    assert.ok(statistic < 49, `chi-squared ${statistic}`);
  });

  it('goes on after the first stretch of keystream', () => {
    const graph = neighbourhoods(3000, 2, seedOf(3));
    assert.equal(new Set(walk(graph)).size, 3000);
  });

  it('refuses odd k, k below 2 and k not below n', () => {
    for (const neighbours of [0, 1, 3, 10, 12, -2, 2.5]) {
      assert.throws(() => neighbourhoods(10, neighbours, seedOf(1)), RangeError);
    }
  });
});
