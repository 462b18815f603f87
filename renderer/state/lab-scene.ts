/** What a run shows, put in order for the eye: one private image beside its copy and its baselines, then all of them. */
import type {
  AttackImage,
  AttackOutcome,
  AttackReport,
  AttackRow,
  AttackSeries,
} from '../../core/contract/attacks/attack-report.ts';
import type { AttackDescription } from '../../core/contract/attacks/description.ts';
import { baselineNames } from '../../core/contract/attacks/names.ts';
import type { AttackView } from '../../core/watching/attack-view.ts';

/** Of a run that works, or of a report. */
export interface Scene {
  readonly images: readonly AttackImage[];
  readonly series: readonly AttackSeries[];
  readonly rows: readonly AttackRow[];
}

export const emptyScene: Scene = { images: [], series: [], rows: [] };

/** Baselines that are pictures, in the order in which they stand; the others only have figures. */
const picturedBaselines = ['black', 'globalMean', 'classMean', 'nearestOther'] as const;
export type PicturedBaseline = (typeof picturedBaselines)[number];

export interface Candidates {
  readonly target: AttackImage | null;
  readonly rebuilt: AttackImage | null;
  /** null: not there yet. */
  readonly baselines: readonly { readonly name: PicturedBaseline; readonly image: AttackImage | null }[];
}

/** A run's private image of that index, the first where there is none of it; frames for what is not there yet. */
export function candidatesOf({ images }: Scene, asked = 0): Candidates {
  const known = images.filter(({ role }) => role !== 'other').map(({ index }) => index);
  const shown = known.includes(asked) ? asked : Math.min(...known);
  const find = (role: AttackImage['role'], name?: string): AttackImage | null =>
    images.find(
      (image) => image.role === role && image.index === shown && (name === undefined || image.name === name),
    ) ?? null;
  return {
    target: find('target'),
    rebuilt: find('rebuilt'),
    baselines: picturedBaselines.map((name) => ({ name, image: find('baseline', name) })),
  };
}

export interface Pair {
  readonly index: number;
  readonly target: AttackImage | null;
  readonly rebuilt: AttackImage | null;
}

/** Every private image with its copy, in their order. */
export function pairsOf({ images }: Scene): readonly Pair[] {
  const pairs = new Map<number, { target: AttackImage | null; rebuilt: AttackImage | null }>();
  for (const image of images) {
    if (image.role !== 'target' && image.role !== 'rebuilt') continue;
    const pair = pairs.get(image.index) ?? { target: null, rebuilt: null };
    pair[image.role] ??= image;
    pairs.set(image.index, pair);
  }
  return [...pairs].sort(([one], [other]) => one - other).map(([index, pair]) => ({ index, ...pair }));
}

/** Other pictures worth a look, by what the attack calls them. */
export function stripsOf({
  images,
}: Scene): readonly { readonly name: string; readonly images: readonly AttackImage[] }[] {
  const strips = new Map<string, AttackImage[]>();
  for (const image of images)
    if (image.role === 'other') strips.set(image.name, [...(strips.get(image.name) ?? []), image]);
  return [...strips].map(([name, shown]) => ({ name, images: shown }));
}

/** What stands behind a verdict, one part of it at a time. */
export type ProofPanel = 'images' | 'table' | 'curves' | 'pictures';

/**
 * Lines that share their axes share a chart; what needs no attack is a line in the chart that reaches as far as it does.
 * axesOf: names of its axes, ',' where they have none.
 */
export function chartsOf(
  series: readonly AttackSeries[],
  axesOf: (series: AttackSeries) => string,
): readonly (readonly AttackSeries[])[] {
  const isBaseline = ({ name }: AttackSeries): boolean => (baselineNames as readonly string[]).includes(name);
  const reach = ({ points }: AttackSeries): number => Math.max(0, ...points.map(([x]) => x));
  const charts = new Map<string, AttackSeries[]>();
  for (const one of series) {
    if (isBaseline(one)) continue;
    const axes = axesOf(one);
    const key = axes === ',' ? one.name : axes;
    charts.set(key, [...(charts.get(key) ?? []), one]);
  }
  const found = [...charts.values()];
  for (const one of series) {
    if (!isBaseline(one)) continue;
    const distance = ([first]: readonly AttackSeries[]): number =>
      first === undefined ? 0 : Math.abs(reach(first) - reach(one));
    const [nearest] = [...found].sort((left, right) => distance(left) - distance(right));
    if (nearest === undefined) found.push([one]);
    else nearest.push(one);
  }
  return found;
}

/** How one picture is framed: it gives something away, nobody can read it, or neither. */
export type Frame = 'leak' | 'masked' | 'plain';

/** side: on which success lies. */
export function frameOf(
  image: AttackImage,
  threshold: { readonly value: number; readonly side: 'above' | 'below' },
): Frame {
  if (image.masked) return 'masked';
  if (image.role !== 'rebuilt' || image.value === null) return 'plain';
  const { value, side } = threshold;
  return (side === 'above' ? image.value >= value : image.value <= value) ? 'leak' : 'plain';
}

/** How a result is coloured: what leaks is vermilion, what masks or refusals stopped is blue, all else is ink. */
export type Tone = 'leak' | 'safe' | 'plain';

export function toneOf(
  { seat }: Pick<AttackDescription, 'seat'>,
  report: { readonly outcome: AttackOutcome; readonly protection: AttackReport['protection'] },
): Tone {
  if (report.outcome === 'leaks') return 'leak';
  if (report.outcome === 'partly') return 'plain';
  return report.protection.masks || seat === 'cheats' ? 'safe' : 'plain';
}

/**
 * What is on show while an attack works: what it has sent, over the private images and baselines of the same attack under
 * another protection, which are the same. So frames do not empty when somebody tries the next switch.
 */
export function sceneOf(run: AttackView, before: Scene): Scene {
  const known = new Set(run.images.map(({ id }) => id));
  const lasting = before.images.filter(
    ({ id, role }) => (role === 'target' || role === 'baseline') && !known.has(id),
  );
  return { images: [...lasting, ...run.images], series: run.series, rows: run.rows };
}

/** The attack rebuilds pictures of private images: whoever draws one finds it among them. */
export function rebuildsPictures({ name, axis }: AttackDescription): boolean {
  return axis.metric === 'psnr' || name === 'model-inversion';
}
