/** Scales of charts over two numbers: ticks at round values, even or by powers. */

export interface Scale {
  readonly kind: 'linear' | 'logarithmic';
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  /** 0 .. 1 within from .. to. */
  readonly share: (value: number) => number;
}

/** Multiples of 1, 2, 2.5 or 5 and a power of ten within from .. to; about as many as are asked for, and two at least. */
export function linearTicks(from: number, to: number, count: number): readonly number[] {
  const step = roundStep((to - from) / Math.max(1, count));
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  // multiples are divided by their step's inverse: 0.30000000000000004 is no tick
  return Array.from({ length: Math.max(0, last - first) + 1 }, (_, index) => rounded((first + index) * step));
}

/** Least round number that is at least so much. */
function roundStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10) * power;
}

function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

/** Past this ratio of its greatest to its least value, an even axis shows only the greatest. */
const widest = 50;

/**
 * values: all that are drawn; `whole`: 0 and 1 belong to it, as of shares. Ratios
 * beyond 50 are drawn by powers; of a `crowd`, which grows by factors, only what does: steps from 1 to 1,000 are even.
 */
export function scaleOf(
  values: readonly number[],
  {
    count,
    whole,
    crowd = false,
  }: { readonly count: number; readonly whole: boolean; readonly crowd?: boolean },
): Scale {
  const finite = values.filter(Number.isFinite);
  if (whole || finite.length === 0) return linear(0, 1, count);
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  if (least > 0 && (crowd ? doubles(finite) : most / least > widest)) return logarithmic(least, most, finite);
  const from = least >= 0 && least < most * 0.5 ? 0 : least;
  const span = most - from || Math.abs(most) || 1;
  const step = roundStep(span / count);
  return linear(
    rounded(Math.floor(from / step + 1e-9) * step),
    rounded(Math.ceil((from + span) / step - 1e-9) * step),
    count,
  );
}

/** 8, 16, 32, 128: steps grow with what they start from. */
function doubles(values: readonly number[]): boolean {
  const distinct = [...new Set(values)].sort((one, other) => one - other);
  return (
    distinct.length > 2 &&
    distinct.every((value, index) => index === 0 || value >= 1.5 * distinct[index - 1]!)
  );
}

function linear(from: number, to: number, count: number): Scale {
  return {
    kind: 'linear',
    from,
    to,
    ticks: linearTicks(from, to, count),
    share: (value) => (value - from) / (to - from),
  };
}

/** Few values are their own ticks (8, 16, 32, 128); many are told by powers of ten. */
function logarithmic(least: number, most: number, values: readonly number[]): Scale {
  const distinct = [...new Set(values)].sort((one, other) => one - other);
  const few = distinct.length <= 8;
  const from = few ? least : 10 ** Math.floor(Math.log10(least) + 1e-9);
  const to = few ? most : 10 ** Math.ceil(Math.log10(most) - 1e-9);
  const powers = Math.round(Math.log10(to / from));
  const stride = Math.max(1, Math.ceil(powers / 5));
  const ticks = few
    ? distinct
    : Array.from({ length: Math.floor(powers / stride) + 1 }, (_, index) =>
        rounded(from * 10 ** (index * stride)),
      );
  return {
    kind: 'logarithmic',
    from,
    to,
    ticks,
    share: (value) => (Math.log(Math.max(value, from)) - Math.log(from)) / (Math.log(to) - Math.log(from)),
  };
}

/** Shares of something, to be written with per cent signs: parts of 1, and no loss or distance by its name. */
export function isShare(name: string, values: readonly number[]): boolean {
  return (
    values.every((value) => value >= 0 && value <= 1) &&
    values.some((value) => !Number.isInteger(value)) &&
    !/loss|distance|error|mae|objective|gap/i.test(name)
  );
}

/** At most so many of them, first and last always among them: no screen shows more. */
export function thinned<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  return Array.from(
    { length: most },
    (_, index) => items[Math.round((index * (items.length - 1)) / (most - 1))]!,
  );
}
