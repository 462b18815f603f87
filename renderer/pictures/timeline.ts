/** The timeline of a round: its rows, and a scale that changes rarely, so that nothing jumps while time passes. */
import type { TimelineMark, TimelinePhase, WatchedRound } from '../../core/contract/watched.ts';
import type { GlyphName } from './glyph-shapes.ts';

type TimelineRowName = TimelinePhase | 'training';

export interface TimelineLine {
  readonly name: TimelineRowName;
  readonly glyph: GlyphName;
  /** Of the marks: a family of colours. */
  readonly family: 'gilt' | 'clear' | 'masked' | 'ink';
  readonly count: number;
  /** null before the phase has begun. */
  readonly total: number | null;
  /** From the round's beginning, ms; null before the phase has begun. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly deadlineMs: number | null;
  /** From the round's beginning, ms. */
  readonly done: readonly number[];
  readonly unusual: readonly { readonly ms: number; readonly kind: 'refused' | 'dropped' }[];
}

export interface TimeScale {
  readonly toMs: number;
  readonly ticksMs: readonly number[];
}

const glyphs: Readonly<Record<TimelineRowName, GlyphName>> = {
  'advertise-keys': 'keys',
  'share-keys': 'shares',
  training: 'training',
  'masked-input': 'sending',
  statement: 'signing',
  unmask: 'sum',
};

/** masks: without them there is one phase. told: whether anybody can know when training ends. */
export function timelineLines(
  { timeline, startedMs }: WatchedRound,
  atMs: number,
  { masks, told }: { readonly masks: boolean; readonly told: boolean },
): readonly TimelineLine[] {
  const names: readonly TimelineRowName[] = [
    ...(masks ? (['advertise-keys', 'share-keys'] as const) : []),
    ...(told ? (['training'] as const) : []),
    'masked-input',
    ...(masks ? (['statement', 'unmask'] as const) : []),
  ];
  return names.map((name): TimelineLine => {
    const row = timeline.find(({ phase }) => phase === (name === 'training' ? 'masked-input' : name));
    const marks = row?.marks ?? [];
    const wanted = name === 'training' ? 'trained' : 'answered';
    const done = marks.filter(({ kind }) => kind === wanted).map(({ ms }) => ms - startedMs);
    const last = done.at(-1) ?? null;
    const over =
      name === 'training' && row !== undefined && (row.endedMs !== null || done.length >= row.awaited);
    const endMs = row === undefined ? null : (row.endedMs ?? atMs) - startedMs;
    const deadlineMs = row?.endedMs === null ? row.deadlineMs : null;
    return {
      name,
      glyph: glyphs[name],
      family: familyOf(name, masks),
      count: done.length,
      total: row?.awaited ?? null,
      fromMs: row === undefined ? null : row.startedMs - startedMs,
      toMs: over ? last : endMs,
      deadlineMs: row === undefined || deadlineMs === null ? null : row.startedMs - startedMs + deadlineMs,
      done,
      // who left before sending left while training, as far as anybody can know
      unusual:
        name === 'training'
          ? []
          : marks.filter(isUnusual).map(({ ms, kind }) => ({ ms: ms - startedMs, kind })),
    };
  });
}

function isUnusual(mark: TimelineMark): mark is TimelineMark & { kind: 'refused' | 'dropped' } {
  return mark.kind === 'refused' || mark.kind === 'dropped';
}

function familyOf(name: TimelineRowName, masks: boolean): TimelineLine['family'] {
  switch (name) {
    case 'advertise-keys':
    case 'share-keys':
      return 'gilt';
    case 'training':
      return 'clear';
    case 'masked-input':
      return masks ? 'masked' : 'clear';
    case 'statement':
    case 'unmask':
      return 'ink';
  }
}

/** Lengths of a scale and the steps of their ticks, s. */
const lengths: readonly (readonly [number, number])[] = [
  [1, 0.2],
  [2, 0.5],
  [5, 1],
  [10, 2],
  [20, 5],
  [30, 5],
  [45, 15],
  [60, 10],
  [90, 15],
  [120, 30],
  [180, 30],
  [300, 60],
  [600, 120],
  [1_200, 300],
  [1_800, 300],
  [3_600, 600],
  [7_200, 1_800],
  [14_400, 3_600],
  [43_200, 7_200],
  [86_400, 14_400],
];

/** Beyond a day, ticks are so far apart or a multiple of it, s. */
const longestStep = 14_400;

/** Fits what has passed, and what is expected: the length of the round before. */
export function timeScale(passedMs: number, expectedMs: number): TimeScale {
  const longest = Math.max(passedMs * 1.04, expectedMs, 800) / 1000;
  const days = Math.ceil(longest / (6 * longestStep)) * longestStep;
  const [length, step] = lengths.find(([seconds]) => seconds >= longest) ?? [6 * days, days];
  return {
    toMs: length * 1000,
    ticksMs: Array.from({ length: Math.round(length / step) + 1 }, (_, index) => index * step * 1000),
  };
}

/** Lozenges of one size on a line, as one path. */
export function markPath(xs: readonly number[], y: number, size: number): string {
  const [wide, tall] = [size * 0.64, size];
  return xs
    .map(
      (x) => `M${x.toFixed(1)} ${(y - tall).toFixed(1)}l${wide} ${tall}l${-wide} ${tall}l${-wide} ${-tall}z`,
    )
    .join('');
}
