/** Who took part in a session, over all its rosters. */
import type { SessionMember, SessionResult } from '../contract/session-result.ts';

export interface Participation {
  readonly member: SessionMember;
  /** In the last roster. */
  readonly current: boolean;
  /** Rounds of the epochs that it was a member of, and those whose sum has its update. */
  readonly rounds: number;
  readonly summed: number;
}

/** By key, in the order in which they came: numbers change from epoch to epoch. */
export function participations({
  session,
  rounds,
}: Pick<SessionResult, 'session' | 'rounds'>): readonly Participation[] {
  const { epochs } = session;
  const last = epochs.at(-1);
  const keys = new Map<string, SessionMember>();
  for (const epoch of epochs) for (const member of epoch.members) keys.set(member.fingerprint, member);
  return [...keys.values()].map((member) => {
    const own = rounds.flatMap((round) => {
      const epoch = epochs.find((one) => one.epoch === round.epoch);
      const there = epoch?.members.find(({ fingerprint }) => fingerprint === member.fingerprint);
      return there === undefined ? [] : [!round.dropped.includes(there.number)];
    });
    return {
      member,
      current: last?.members.some(({ fingerprint }) => fingerprint === member.fingerprint) ?? false,
      rounds: own.length,
      summed: own.filter(Boolean).length,
    };
  });
}
