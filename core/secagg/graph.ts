/**
 * Who shares masks and secrets with whom in the sparse graph (Bell et al. 2020, section 3): a ring of all clients in
 * random order, in which N(v) is the k/2 clients on each side of v, without v. core/secagg/graph-security.ts justifies
 * k and t. (On the complete graph N(v) is everybody, v included, who holds a share of its own secrets.)
 *
 * The order must be nobody's choice: the seed is SHA-256 over the roster digest and all opened nonces.
 */
import { aesCtrKeystream } from '../crypto/keystream.ts';
import { littleEndianWords } from './little-endian.ts';

/** N(v) of client v at index v - 1: strictly increasing client numbers. */
export type Neighbourhoods = readonly (readonly number[])[];

/**
 * The neighbourhoods of clients 1 .. n on the permuted ring. neighbours: k, even, 2 .. n - 1; seed: 32 bytes.
 * Throws RangeError on another k.
 */
export function neighbourhoods(clients: number, neighbours: number, seed: Uint8Array): Neighbourhoods {
  if (neighbours % 2 !== 0 || neighbours < 2 || neighbours >= clients) {
    throw new RangeError(
      `cannot build a ring, as neighbours must be even and in 2 .. ${clients - 1}, and are ${neighbours}`,
    );
  }
  const ring = randomOrder(clients, seed);
  const lists = new Array<readonly number[]>(clients);
  ring.forEach((client, place) => {
    // Typed arrays sort by value, and ten times as fast.
    const near = new Uint16Array(neighbours);
    for (let distance = 1; distance <= neighbours / 2; distance += 1) {
      near[2 * distance - 2] = ring[(place + distance) % clients]!;
      near[2 * distance - 1] = ring[(place - distance + clients) % clients]!;
    }
    lists[client - 1] = [...near.sort()];
  });
  return lists;
}

/** The clients 1 .. n in an order that the seed decides, every order equally likely (Fisher, Yates; Durstenfeld 1964). */
function randomOrder(clients: number, seed: Uint8Array): number[] {
  const order = Array.from({ length: clients }, (_, index) => index + 1);
  const nextBelow = keystreamDraws(seed);
  for (let last = clients - 1; last > 0; last -= 1) {
    const other = nextBelow(last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

/** Uniform draws below a bound, without bias, from the words of the seed's AES-CTR keystream. */
function keystreamDraws(seed: Uint8Array): (bound: number) => number {
  let words = littleEndianWords(aesCtrKeystream(seed, 4096));
  let used = 0;
  return (bound) => {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      if (used === words.length) words = littleEndianWords(aesCtrKeystream(seed, words.length * 8));
      const word = words[used]!;
      used += 1;
      if (word < limit) return word % bound;
    }
  };
}
