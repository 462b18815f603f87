/** The parts of what is watched, changed one at a time: every step returns new objects that share what has not changed. */
import type { Spoke, TimelinePhase, TimelineRow, Watched, WatchedRound } from '../contract/watched.ts';

export function spokeOf(
  { number, name, fingerprint }: { number: number; name: string; fingerprint: string },
  ms: number,
): Spoke {
  return {
    number,
    name,
    fingerprint,
    connected: true,
    phase: 'waiting',
    progress: null,
    sinceMs: ms,
    reason: null,
    fault: null,
  };
}

export function withRound(watched: Watched, change: (round: WatchedRound) => WatchedRound): Watched {
  return watched.round === null ? watched : { ...watched, round: change(watched.round) };
}

export function withSpoke(watched: Watched, client: number, change: (spoke: Spoke) => Spoke): Watched {
  return withRound(watched, (round) => ({
    ...round,
    spokes: round.spokes.map((spoke) => (spoke.number === client ? change(spoke) : spoke)),
  }));
}

export function withRow(
  round: WatchedRound,
  phase: TimelinePhase,
  change: (row: TimelineRow) => TimelineRow,
): WatchedRound {
  return { ...round, timeline: round.timeline.map((row) => (row.phase === phase ? change(row) : row)) };
}

export function withOwn(
  watched: Watched,
  change: (own: NonNullable<Watched['own']>) => NonNullable<Watched['own']>,
): Watched {
  return watched.own === null ? watched : { ...watched, own: change(watched.own) };
}
