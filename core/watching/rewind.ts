/**
 * A round as it stood at an earlier moment, from how it ended: the marks of its timeline say when everyone answered.
 * What is not kept is not made up: progress within training is null.
 */
import type { Spoke, SpokePhase, TimelineMark, TimelineRow, WatchedRound } from '../contract/watched.ts';

/** ms: as in the round's own times. */
export function rewind(round: WatchedRound, ms: number): WatchedRound {
  if (round.endedMs !== null && ms >= round.endedMs) return round;
  const timeline = round.timeline.filter((row) => row.startedMs <= ms).map((row) => rowAt(row, ms));
  const answered = (phase: TimelineRow['phase']): number =>
    timeline.find((row) => row.phase === phase)?.answered ?? 0;
  const masked = answered('masked-input');
  const summed = round.sum.state === 'readable' && ms >= round.sum.sinceMs;
  return {
    ...round,
    endedMs: null,
    timeline,
    spokes: round.spokes.map((spoke) => spokeAt(spoke, timeline, ms, round.startedMs)),
    sum: summed
      ? round.sum
      : { state: masked === 0 ? 'nothing' : 'masked', added: masked, sinceMs: round.startedMs },
    reached: {
      advertised: answered('advertise-keys'),
      shared: answered('share-keys'),
      masked,
      signed: answered('statement'),
      revealed: answered('unmask'),
    },
    rebuilt: summed ? round.rebuilt : null,
    aborted: round.aborted !== null && ms >= round.aborted.ms ? round.aborted : null,
    repeatAsked: false,
  };
}

function rowAt(row: TimelineRow, ms: number): TimelineRow {
  const marks = row.marks.filter((mark) => mark.ms <= ms);
  return {
    ...row,
    marks,
    answered: marks.filter(({ kind }) => kind === 'answered').length,
    endedMs: row.endedMs !== null && row.endedMs <= ms ? row.endedMs : null,
  };
}

function spokeAt(spoke: Spoke, timeline: readonly TimelineRow[], ms: number, startedMs: number): Spoke {
  if (spoke.phase === 'recovered' && ms >= spoke.sinceMs) return spoke;
  let phase: SpokePhase = 'waiting';
  let sinceMs = startedMs;
  for (const row of timeline) {
    if (row.phase === 'masked-input' && (phase === 'shares' || phase === 'waiting'))
      [phase, sinceMs] = ['training', row.startedMs];
    for (const mark of row.marks) {
      if (mark.client !== spoke.number) continue;
      const to = phaseAfter(mark, row, phase);
      if (to !== phase) [phase, sinceMs] = [to, mark.ms];
    }
  }
  const gone = phase === 'dropped' || phase === 'refused';
  return { ...spoke, phase, sinceMs, progress: null, reason: gone ? spoke.reason : null, connected: true };
}

function phaseAfter({ kind }: TimelineMark, row: TimelineRow, before: SpokePhase): SpokePhase {
  switch (kind) {
    case 'trained':
      return 'masking';
    case 'dropped':
      return before === 'refused' ? before : 'dropped';
    case 'refused':
      return row.phase === 'masked-input' && before !== 'verified' ? 'refused' : before;
    case 'answered':
      if (row.phase === 'advertise-keys') return 'keys';
      return row.phase === 'share-keys' ? 'shares' : 'verified';
  }
}
