/**
 * What a masked vector holds: the quantised update, then five slots about the client's round. All of it is summed under
 * the masks; of a single client nothing is seen.
 */

/** Slots after the update's coordinates, in this order. */
export const extraSlots = ['exampleCount', 'lossSum', 'correctCount', 'clippedShare', 'selected'] as const;

export type ExtraSlot = (typeof extraSlots)[number];

/** Length of the vector of a model with so many parameters. */
export function vectorLengthOf(parameterCount: number): number {
  return parameterCount + extraSlots.length;
}

/** Where a slot lies in the vector. */
export function slotIndex(parameterCount: number, slot: ExtraSlot): number {
  return parameterCount + extraSlots.indexOf(slot);
}
