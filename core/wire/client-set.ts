/** Sets of clients: in memory as strictly increasing client numbers 1 .. n, on the wire as bitmaps. */

/** Strictly increasing client numbers, 1 .. n. */
export type ClientSet = readonly number[];

/** ceil(n / 8) bytes; client v is bit (v - 1) mod 8 of byte floor((v - 1) / 8). */
export function encodeClientSet(clients: ClientSet, n: number): Uint8Array<ArrayBuffer> {
  const bitmap = new Uint8Array(Math.ceil(n / 8));
  for (const client of clients) {
    if (!Number.isInteger(client) || client < 1 || client > n)
      throw new RangeError(`client ${client} is not in 1 .. ${n}`);
    bitmap[(client - 1) >> 3]! |= 1 << ((client - 1) & 7);
  }
  return bitmap;
}

/** Undefined when the bitmap has another length, or bits set beyond client n. */
export function decodeClientSet(bitmap: Uint8Array, n: number): ClientSet | undefined {
  if (bitmap.length !== Math.ceil(n / 8)) return undefined;
  const clients: number[] = [];
  for (let bit = 0; bit < bitmap.length * 8; bit += 1) {
    if (((bitmap[bit >> 3]! >> (bit & 7)) & 1) === 0) continue;
    if (bit >= n) return undefined;
    clients.push(bit + 1);
  }
  return clients;
}

/** Both sets strictly increasing: true when every client of `inner` is in `outer`. */
export function isSubset(inner: ClientSet, outer: ClientSet): boolean {
  const members = new Set(outer);
  return inner.every((client) => members.has(client));
}
