/** What is done to one session of the soak, all of it drawn from the seed before it begins. */
import type { RandomStream } from '../../core/random/stream.ts';

/** A phase by name as the coordinator tells it, or some time after a moment of the session. */
export type Trigger =
  | { readonly kind: 'phase'; readonly round: number; readonly phase: string; readonly delayMs: number }
  | { readonly kind: 'moment'; readonly after: 'listening' | 'roster'; readonly delayMs: number };

export interface PlannedKill {
  /** 0: the coordinator; else a participant. */
  readonly victim: number;
  readonly trigger: Trigger;
  /** undefined: it is never started again. */
  readonly restartAfterMs: number | undefined;
}

export interface KillPlan {
  readonly participants: number;
  readonly rounds: number;
  /** Of the run; few, so that simulations of the same settings need not be repeated for every session. */
  readonly seed: number;
  readonly deadlineSeconds: number;
  readonly kills: readonly PlannedKill[];
}

export const killablePhases = [
  'advertise-keys',
  'share-keys',
  'masked-input',
  'statement',
  'unmask',
] as const;

/** Random moments come within so long of the lobby's opening, or of the words. */
const lobbyMs = 6_000;
const roundsMs = 2_500;

export function drawKillPlan(stream: RandomStream): KillPlan {
  const participants = 4 + stream.nextBelow(4);
  const rounds = 2 + stream.nextBelow(2);
  const kills = Array.from({ length: 1 + stream.nextBelow(4) }, () => drawKill(stream, participants, rounds));
  return { participants, rounds, seed: 1 + stream.nextBelow(3), deadlineSeconds: 6, kills };
}

function drawKill(stream: RandomStream, participants: number, rounds: number): PlannedKill {
  const victim = stream.nextFloat() < 0.35 ? 0 : 1 + stream.nextBelow(participants);
  const restart = stream.nextFloat() < (victim === 0 ? 0.9 : 0.75);
  return {
    victim,
    trigger: drawTrigger(stream, rounds),
    restartAfterMs: restart ? stream.nextBelow(3_000) : undefined,
  };
}

function drawTrigger(stream: RandomStream, rounds: number): Trigger {
  if (stream.nextFloat() < 0.6) {
    return {
      kind: 'phase',
      round: 1 + stream.nextBelow(rounds),
      phase: killablePhases[stream.nextBelow(killablePhases.length)]!,
      // at once, or while the answers come
      delayMs: stream.nextBelow(2) * stream.nextBelow(40),
    };
  }
  return stream.nextFloat() < 0.25
    ? { kind: 'moment', after: 'listening', delayMs: stream.nextBelow(lobbyMs) }
    : { kind: 'moment', after: 'roster', delayMs: stream.nextBelow(roundsMs) };
}
