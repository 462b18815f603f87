/** Axes of a chart of scores or losses by round: bounds and ticks on round numbers, labels that do not overlap. */

export interface VerticalScale {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  /** from, from + step, ... to */
  readonly ticks: readonly number[];
  /** That tell the ticks apart. */
  readonly decimals: number;
}

/** Scores end at 1 at most, losses begin at 0; four to six lines between the bounds. */
export function verticalScale(values: readonly number[], kind: 'score' | 'loss'): VerticalScale {
  const highest = Math.max(...values, kind === 'loss' ? 0.01 : 0);
  const lowest = kind === 'loss' ? 0 : Math.min(...values, 1);
  const top = kind === 'score' ? Math.min(1, highest + (highest - lowest) * 0.05) : highest;
  const span = Math.max(top - lowest, 0.004);
  const step =
    [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100].find(
      (size) => span / size <= 5,
    ) ?? 1000;
  // where all are 1, the line lies at the top
  const lowestTick = kind === 'score' ? Math.min(lowest, 1 - step) : lowest;
  const from = Math.max(0, Math.floor(lowestTick / step + 1e-9) * step);
  const to = Math.max(Math.ceil(top / step - 1e-9) * step, from + step);
  return {
    from,
    to,
    step,
    ticks: Array.from({ length: Math.round((to - from) / step) + 1 }, (_, index) => from + index * step),
    decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)),
  };
}

/** First and last round, and at most five between at round distances. */
export function horizontalTicks(longest: number): readonly number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].find((size) => longest / size <= 6) ?? 5000;
  if (step === 1) return Array.from({ length: longest }, (_, index) => index + 1);
  const between = Array.from({ length: Math.floor(longest / step) }, (_, index) => (index + 1) * step);
  return [1, ...between];
}

/** Moves labels apart, in pixels, that would otherwise overlap; keeps their order. */
export function spreadLabels(positions: readonly number[], distance: number): readonly number[] {
  const order = positions
    .map((_, index) => index)
    .sort((first, second) => (positions[first] ?? 0) - (positions[second] ?? 0));
  const placed = [...positions];
  for (const [rank, index] of order.entries()) {
    const above = order[rank - 1];
    if (above !== undefined) placed[index] = Math.max(placed[index] ?? 0, (placed[above] ?? 0) + distance);
  }
  // Shift back by half of what the pushing moved them, so that a bundle stays centred on its lines.
  const shift =
    placed.reduce((sum, value, index) => sum + value - (positions[index] ?? 0), 0) /
    Math.max(1, positions.length);
  return placed.map((value) => value - shift);
}
