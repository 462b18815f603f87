/** A comparison under way: how far each of its three rows is, and what to say about it. */
import type { ComparisonRow } from '../../../core/contract/run-result.ts';
import type { Watched } from '../../../core/contract/watched.ts';
import type { Texts } from '../../messages/translate.ts';
import { roughTime } from '../rough-time.ts';
import type { Headline } from './headline.ts';
import { majorityText } from './parts.ts';

export interface ComparedRow {
  readonly name: ComparisonRow['name'];
  readonly state: 'waiting' | 'training' | 'done';
  /** Of its training, 0 .. 1. */
  readonly share: number;
  readonly examplesPerSecond: number;
  /** null before there is a speed to go by. */
  readonly secondsLeft: number | null;
  /** By epoch or round, as far as they are known. */
  readonly curve: readonly number[];
  readonly row: ComparisonRow | null;
}

const names = [
  'centralised',
  'single-client',
  'federated',
] as const satisfies readonly ComparisonRow['name'][];

export function comparedRows(watched: Watched): readonly ComparedRow[] {
  return names.map((name): ComparedRow => {
    const row = watched.rows.find((known) => known.name === name) ?? null;
    if (row !== null)
      return {
        name,
        state: 'done',
        share: 1,
        examplesPerSecond: 0,
        secondsLeft: 0,
        curve: row.curve.map(({ accuracy }) => accuracy),
        row,
      };
    return name === 'federated' ? federatedRow(watched) : aloneRow(name, watched);
  });
}

function aloneRow(name: ComparisonRow['name'], { rowsTraining }: Watched): ComparedRow {
  const training = rowsTraining.find(({ what }) => what === name);
  const waiting = {
    name,
    state: 'waiting',
    share: 0,
    examplesPerSecond: 0,
    secondsLeft: null,
    curve: [],
    row: null,
  } as const;
  if (training === undefined) return waiting;
  const { examplesDone, examplesTotal, examplesPerSecond } = training;
  return {
    ...waiting,
    state: 'training',
    share: examplesTotal === 0 ? 0 : examplesDone / examplesTotal,
    examplesPerSecond,
    secondsLeft: examplesPerSecond > 0 ? (examplesTotal - examplesDone) / examplesPerSecond : null,
  };
}

function federatedRow({ round, rounds, finished, training, ms }: Watched): ComparedRow {
  const inRound = training?.what === 'round' ? training : null;
  const under =
    inRound === null || inRound.examplesTotal === 0 ? 0 : inRound.examplesDone / inRound.examplesTotal;
  const done = finished.length;
  // by what the finished rounds took, everything included
  const first = finished[0];
  const perRound = first === undefined ? null : first.ms.total / 1000;
  const running = round !== null && round.endedMs === null ? (ms - round.startedMs) / 1000 : 0;
  return {
    name: 'federated',
    state: round === null ? 'waiting' : 'training',
    share: rounds === 0 ? 0 : Math.min(1, (done + (round?.endedMs === null ? under : 0)) / rounds),
    examplesPerSecond: inRound?.examplesPerSecond ?? 0,
    secondsLeft:
      perRound === null ? null : Math.max(0, (rounds - done) * perRound - Math.min(running, perRound)),
    curve: finished.map(({ accuracy }) => accuracy),
    row: null,
  };
}

export function comparisonHeadline(watched: Watched, texts: Texts): Headline {
  const { t } = texts;
  const lead = t('watch.compare.lead');
  const { outcome, rows, stage, round, rounds, rowsTraining } = watched;
  if (stage === 'ended') {
    const whole = rows.length === names.length && outcome?.outcome === 'finished';
    return {
      head: t(whole ? 'watch.compare.head.ended' : 'watch.compare.head.stopped'),
      lead: scoresLead(watched, texts) ?? lead,
    };
  }
  if (round !== null)
    return { head: t('watch.compare.head.federated', { round: round.round, rounds }), lead };
  const training = rowsTraining.map(({ what }) => what);
  if (training.includes('centralised') && training.includes('single-client'))
    return { head: t('watch.compare.head.both'), lead };
  if (training.includes('centralised')) return { head: t('watch.compare.head.centralised'), lead };
  if (training.includes('single-client')) return { head: t('watch.compare.head.single-client'), lead };
  return { head: t('watch.compare.head.begin'), lead };
}

/** What is known, each beside the others and beside no learning at all. */
function scoresLead({ rows, finished }: Watched, texts: Texts): string | undefined {
  const { t, formats } = texts;
  if (rows.length === 0) return undefined;
  const scores = names.flatMap((name) => {
    const row = rows.find((known) => known.name === name);
    if (row === undefined) return [];
    return [
      t('watch.compare.score', { name: t(`results.${name}`), accuracy: formats.percent(row.accuracy) }),
    ];
  });
  const majority = majorityText(finished, texts);
  const sentence = `${scores.join(t('watch.compare.join'))}.`;
  return majority === undefined ? sentence : `${sentence} ${t('watch.lead.finished.first', { majority })}`;
}

/** '5,400 images a second, about 12 s left'; '' where nothing is under way. */
export function progressText({ state, examplesPerSecond, secondsLeft }: ComparedRow, texts: Texts): string {
  const { t, formats } = texts;
  if (state === 'waiting') return t('watch.compare.waiting');
  if (state === 'done') return '';
  const speed =
    examplesPerSecond > 0 ? t('watch.speed', { count: Math.round(examplesPerSecond / 10) * 10 }) : '';
  if (secondsLeft === null) return speed;
  const time = roughTime(Math.max(1, secondsLeft), formats);
  return speed === '' ? t('watch.compare.time', { time }) : t('watch.compare.left', { speed, time });
}
