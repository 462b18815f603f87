/** How noise becomes a picture: every pixel changes once, in an order that looks like none. */

/** [length] when each pixel changes, 0 .. 1; the same for the same length. */
export function dissolveOrder(length: number): Float32Array {
  const order = new Float32Array(length);
  let state = 0x9e3779b9;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + index) >>> 0;
    state = Math.imul(state ^ (state >>> 12), 0x297a2d39) >>> 0;
    order[index] = state / 2 ** 32;
  }
  return order;
}

/** True where the picture shows already. share: of the time, 0 .. 1. */
export function hasChanged(order: Float32Array, index: number, share: number): boolean {
  return share >= 1 || order[index]! < share;
}
