/**
 * What the templates of the training step share.
 *
 * The source is generated because accumulators must be separate local variables to live in registers: WebAssembly has no
 * arrays of registers, so every register tile is written out, and a template is its readable form. What needs no
 * unrolling stands in the templates as plain AssemblyScript.
 */

/** The text of each index 0 .. count - 1, one after the other. */
export function times(count: number, text: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => text(index)).join('\n');
}

/** Eight channels are two vectors of four: channels 0-3 (low) and 4-7 (high), 16 bytes apart. */
export const halves = [
  { half: 'Low', at: 0 },
  { half: 'High', at: 16 },
] as const;

/** The text for both halves of eight channels. */
export function bothHalves(text: (half: 'Low' | 'High', at: 0 | 16) => string): string {
  return halves.map(({ half, at }) => text(half, at)).join('\n');
}

/** Stores the 4 x 4 transpose of the vectors row0 .. row3: column c goes to `target` plus columnOffsets[c]. */
export function storeTransposed(
  target: string,
  columnOffsets: readonly [number, number, number, number],
): string {
  return `
    const evenPairs01 = v128.shuffle<f32>(row0, row1, 0, 4, 1, 5), oddPairs01 = v128.shuffle<f32>(row0, row1, 2, 6, 3, 7);
    const evenPairs23 = v128.shuffle<f32>(row2, row3, 0, 4, 1, 5), oddPairs23 = v128.shuffle<f32>(row2, row3, 2, 6, 3, 7);
    v128.store(${target}, v128.shuffle<f32>(evenPairs01, evenPairs23, 0, 1, 4, 5), ${columnOffsets[0]});
    v128.store(${target}, v128.shuffle<f32>(evenPairs01, evenPairs23, 2, 3, 6, 7), ${columnOffsets[1]});
    v128.store(${target}, v128.shuffle<f32>(oddPairs01, oddPairs23, 0, 1, 4, 5), ${columnOffsets[2]});
    v128.store(${target}, v128.shuffle<f32>(oddPairs01, oddPairs23, 2, 3, 6, 7), ${columnOffsets[3]});`;
}
