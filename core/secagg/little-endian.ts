/**
 * Masks and packed vectors are defined as little-endian words, and read through typed arrays, which have the byte
 * order of the machine. All machines that Node and Electron run on today are little-endian; on another one the module
 * refuses to load, rather than compute masks that do not cancel.
 */
if (new Uint8Array(Uint32Array.of(1).buffer)[0] !== 1) {
  throw new Error('cannot load secure aggregation, as the machine must be little-endian, and is big-endian');
}

/** The bytes as little-endian words, [ceil(length / 4)]; a view where alignment and length allow, else a copy. */
export function littleEndianWords(bytes: Uint8Array): Uint32Array {
  if (bytes.byteOffset % 4 === 0 && bytes.length % 4 === 0) {
    return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  }
  const words = new Uint32Array(Math.ceil(bytes.length / 4));
  new Uint8Array(words.buffer).set(bytes);
  return words;
}
