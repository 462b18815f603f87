/** What a participant's screen shows of its own part in a session. */
import type { LogEntry, Spoke, Watched } from '../../core/contract/watched.ts';

/**
 * finding: looking for the coordinator, checking its key, loading data; lobby: let in, waiting for the others; words:
 * to be compared; agreed: waiting until everyone has; running; over.
 */
export type ParticipantMode = 'finding' | 'lobby' | 'words' | 'agreed' | 'running' | 'over';

export function participantMode({ stage, roster, question }: Watched): ParticipantMode {
  switch (stage) {
    case 'preparing':
      return 'finding';
    case 'lobby':
      return 'lobby';
    case 'words':
      return question === 'words' || roster?.answered === null ? 'words' : 'agreed';
    case 'running':
      return 'running';
    case 'ended':
      return 'over';
  }
}

/** This machine's own person on the ring; undefined before there is a round. */
export function ownSpoke({ round, roster }: Watched): Spoke | undefined {
  const own = roster?.own ?? null;
  return own === null ? undefined : round?.spokes.find(({ number }) => number === own);
}

/** The round under way goes on without this client, whose privacy budget is reached: what it has trained stays here. */
export function isWithheld({ round, privacy }: Pick<Watched, 'round' | 'privacy'>): boolean {
  return round !== null && privacy.reached?.round === round.round;
}

export type StepName =
  'keys' | 'shares' | 'training' | 'masking' | 'sending' | 'statement' | 'unmask' | 'model';

export interface Step {
  readonly name: StepName;
  readonly state: 'done' | 'now' | 'later';
  /** When it was done, ms since the round began; null where it is not, or that is not known. */
  readonly ms: number | null;
}

/** Of a round, in order; without masks there are no keys and shares, and nothing to unmask. */
const masked: readonly StepName[] = ['keys', 'shares', 'training', 'masking', 'statement', 'unmask', 'model'];
const unmasked: readonly StepName[] = ['training', 'sending', 'model'];

/** What this client says when a step is done. */
const saidBy: Readonly<Record<Exclude<StepName, 'model'>, string>> = {
  keys: 'advertised',
  shares: 'shared',
  training: 'masked',
  masking: 'masked',
  sending: 'masked',
  statement: 'signed',
  unmask: 'revealed',
};

/** The steps of the round under way; nothing is said of a step twice, so the last one done tells of all before. */
export function ownSteps(watched: Watched): readonly Step[] {
  const { round, log, settings } = watched;
  const names = settings.masks ? masked : unmasked;
  if (round === null) return names.map((name) => ({ name, state: 'later', ms: null }));
  const said = log.filter((entry) => entry.round === round.round && entry.attempt === round.attempt);
  const times = names.map((name) => doneAt(name, said, watched));
  const last = times.findLastIndex((ms) => ms !== null);
  // it has trained, and does nothing more
  const goesOn = round.endedMs === null && !isWithheld(watched);
  return names.map((name, index) => ({
    name,
    state: index <= last ? 'done' : index === last + 1 && goesOn ? 'now' : 'later',
    ms: times[index] ?? null,
  }));
}

function doneAt(name: StepName, said: readonly LogEntry[], { round }: Watched): number | null {
  if (round === null) return null;
  if (name === 'model') return round.endedMs === null ? null : round.endedMs - round.startedMs;
  const entry = said.find(({ code }) => code === saidBy[name]);
  return entry === undefined ? null : entry.ms - round.startedMs;
}

export interface Peer {
  readonly number: number;
  readonly name: string;
  readonly fingerprint: string;
  /** Of this machine's vector, in the mask that it shares with this one: the lower number adds. */
  readonly sign: '+' | '−';
}

/** Everyone else on the list. */
export function peersOf({ roster }: Watched): readonly Peer[] {
  const own = roster?.own ?? 0;
  return (roster?.members ?? [])
    .filter(({ number }) => number !== own)
    .map((member) => ({ ...member, sign: own < member.number ? '+' : '−' }));
}

/** The whole fingerprint of this machine's own key, as the roster has it. */
export function ownFingerprint({ roster }: Watched): string | undefined {
  return roster?.members.find(({ number }) => number === roster.own)?.fingerprint;
}

/** Seconds until training is done at the speed of now; null where it does not train. */
export function secondsLeft({ training }: Watched): number | null {
  if (training === null || training.examplesPerSecond <= 0) return null;
  return Math.max(0, training.examplesTotal - training.examplesDone) / training.examplesPerSecond;
}

/** How it ended for this machine: with the model of all rounds, of some, or without one. */
export function endOf({ outcome, finished }: Watched): 'whole' | 'partial' | 'none' {
  const code = outcome?.outcome;
  if (code === 'finished' || code === 'target') return 'whole';
  return finished.length > 0 || (outcome !== null && outcome.final !== null) ? 'partial' : 'none';
}
