/** What a lobby's screen shows of a session as its coordinator sees it. */
import { leastThreshold } from '../../core/contract/room-limits.ts';
import type { Watched } from '../../core/contract/watched.ts';

/**
 * opening: nobody can join yet; drawing: the list is closed and everyone's laptop adds to the words; differs: open again,
 * as somebody (or the leader) said no.
 */
export type LobbyMode = 'opening' | 'empty' | 'open' | 'drawing' | 'words' | 'differs';

/** unseen: said yes without a person having looked. */
export type SeatState = 'here' | 'away' | 'comparing' | 'same' | 'unseen' | 'differs';

export interface SeatView {
  readonly name: string;
  readonly fingerprint: string;
  readonly state: SeatState;
  /** Met in an earlier session of this machine. */
  readonly known: boolean;
}

export interface LobbyView {
  readonly mode: LobbyMode;
  readonly seats: readonly SeatView[];
  /** How many more were expected. */
  readonly free: number;
  /** T of those who are in; null below three. */
  readonly threshold: number | null;
  /** How many of those who are in may leave in a round; null below three. */
  readonly survives: number | null;
  readonly agreed: number;
  /** Names of those who have not answered. */
  readonly comparing: readonly string[];
  /** Names of those who read other words. */
  readonly differing: readonly string[];
  /** Wait outside of a closed list. */
  readonly waiting: number;
}

/** Below, there is no session. */
export const fewestPeople = 3;

/** A list that this screen has asked to close: nothing has come of it while both are the same. */
export type Closing = { readonly epoch: number; readonly problem: Watched['problem'] } | null;

export function closingOf({ lobby, problem }: Watched): Closing {
  return { epoch: lobby.epoch, problem };
}

export function lobbyView(watched: Watched, closing: Closing): LobbyView {
  const { stage, roster, lobby, settings } = watched;
  const isWords = stage === 'words' && roster !== null;
  const { differing } = lobby;
  const seats = isWords ? memberSeats(watched) : guestSeats(watched, differing);
  const threshold = seats.length < fewestPeople ? null : (settings.threshold ?? leastThreshold(seats.length));
  return {
    mode: modeOf(watched, seats.length, closing),
    seats,
    free: isWords ? 0 : Math.max(0, settings.clients - seats.length),
    threshold,
    survives: threshold === null ? null : Math.max(0, seats.length - threshold),
    agreed: seats.filter(({ state }) => state === 'same' || state === 'unseen').length,
    comparing: seats
      .filter(({ state }) => isWords && (state === 'comparing' || state === 'away'))
      .map(({ name }) => name),
    differing,
    waiting: isWords ? outside(watched) : 0,
  };
}

/** By the list itself: what is known of people may be of the moment before it closed. */
function outside({ lobby, roster }: Watched): number {
  const members = new Set(roster?.members.map(({ fingerprint }) => fingerprint));
  return lobby.people.filter(({ fingerprint, connected }) => connected && !members.has(fingerprint)).length;
}

function modeOf(
  { stage, invitation, lobby, problem, roster }: Watched,
  here: number,
  closing: Closing,
): LobbyMode {
  if (stage === 'words' && roster !== null) return 'words';
  if (stage === 'preparing' || invitation === null) return 'opening';
  if (closing !== null && closing.epoch === lobby.epoch && closing.problem === problem) return 'drawing';
  if (problem?.code === 'words-differ') return 'differs';
  return here === 0 ? 'empty' : 'open';
}

function guestSeats({ lobby }: Watched, differing: readonly string[]): SeatView[] {
  return lobby.people.map(({ name, fingerprint, connected, known }) => ({
    name,
    fingerprint,
    known,
    state: differing.includes(name) ? 'differs' : connected ? 'here' : 'away',
  }));
}

function memberSeats({ roster, lobby }: Watched): SeatView[] {
  const people = new Map(lobby.people.map((person) => [person.fingerprint, person]));
  const answers = new Map(roster?.confirmations.map((answer) => [answer.name, answer]));
  return (roster?.members ?? []).map(({ name, fingerprint }) => {
    const person = people.get(fingerprint);
    const answer = answers.get(name);
    const agreed = answer?.agreed ?? person?.confirmed ?? null;
    const away = person !== undefined && !person.connected;
    const state = ((): SeatState => {
      if (agreed === false) return 'differs';
      if (agreed === null) return away ? 'away' : 'comparing';
      return answer?.compared === false ? 'unseen' : 'same';
    })();
    return { name, fingerprint, state, known: person?.known ?? false };
  });
}

/** The list as rows of so many: few are large, a crowd is small. */
export function columnsFor(seats: number): number {
  if (seats <= 6) return 3;
  if (seats <= 8) return 4;
  return seats <= 20 ? 5 : 6;
}

/** The first 64 bits of a fingerprint: enough to recognise somebody by. */
export function shortFingerprint(fingerprint: string): string {
  return fingerprint.split(' ').slice(0, 4).join(' ');
}
