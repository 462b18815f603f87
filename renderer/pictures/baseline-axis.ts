/** Where an attack's figures and its baselines lie on one axis; copies that are exact stand apart, behind a break. */
import type { AttackDescription } from '../../core/contract/attacks/description.ts';
import { exactFrom } from '../wording/attacks/figures.ts';
import { linearTicks } from './chart-scale.ts';
import { spreadLabels } from '../../core/results/scales.ts';

export interface AxisLayout {
  readonly left: number;
  readonly right: number;
  /** Of a value on the axis; beyond its ends, the end. */
  readonly x: (value: number) => number;
  readonly ticks: readonly number[];
  /** Where the axis is broken before the exact ones; null where nothing can be exact. */
  readonly exact: { readonly broken: number } | null;
  /** Of each value, from the least. */
  readonly attack: readonly number[];
  /** Of each baseline's name, apart from one another. */
  readonly labels: readonly number[];
}

/** dB up to which the axis is drawn at least: beyond, nobody sees a difference. */
const leastDecibels = 45;
/** For the exact ones, behind the break. */
const exactRoom = 74;
const inset = 8;

/** width: of the drawing, px. */
export function axisLayout({
  axis,
  baselines,
  values,
  width,
}: {
  readonly axis: AttackDescription['axis'];
  readonly baselines: readonly number[];
  readonly values: readonly number[];
  readonly width: number;
}): AxisLayout {
  const decibels = axis.metric === 'psnr';
  const isExact = (value: number): boolean => decibels && value >= exactFrom;
  const { from } = axis;
  const to = decibels
    ? Math.max(
        leastDecibels,
        ...values.filter((value) => !isExact(value)).map((value) => Math.ceil(value / 5) * 5),
      )
    : axis.to;
  const [left, right] = [4, width - inset];
  const end = decibels ? width - exactRoom : right;
  const x = (value: number): number =>
    left + ((Math.min(to, Math.max(from, value)) - from) / (to - from)) * (end - left);
  const sorted = [...values].sort((one, other) => one - other);
  const exact = sorted.filter(isExact).length;
  // side by side, as far as there is room
  const step = Math.min(5.5, (exactRoom - 36) / Math.max(1, exact - 1));
  const attack = sorted.map((value, index) =>
    isExact(value) ? right - 4 - (sorted.length - 1 - index) * step : x(value),
  );
  const labels = spreadLabels(baselines.map(x), 116);
  return {
    left,
    right,
    x,
    ticks: linearTicks(from, to, Math.max(2, Math.floor(width / 150))),
    exact: decibels ? { broken: width - exactRoom + 12 } : null,
    attack,
    labels,
  };
}
