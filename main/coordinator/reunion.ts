/** Waiting for members whose connections were lost: before an attempt, which can do without few of them, and at the end. */
import type { Condition } from '../session/condition.ts';
import type { People, Person } from './people.ts';
import type { SessionNews } from './session-news.ts';

/** Members that were lost get this long to be back before an attempt begins without them: longer than they wait to try again. */
export const reunionMs = 20_000;

export interface ReunionOptions {
  readonly people: People;
  readonly news: SessionNews;
  readonly condition: Condition;
  readonly signal: AbortSignal;
  readonly patienceMs: number;
}

/**
 * Until enough members are there for an attempt: T, or all of the survivors that alone may still be summed. Those who
 * have just been lost get a moment to be back. False when that takes too long.
 */
export async function enoughMembers(
  { people, news, condition, signal, patienceMs }: ReunionOptions,
  threshold: number,
  survivors: readonly number[],
): Promise<boolean> {
  const momentMs = Math.min(reunionMs, patienceMs);
  const stopped = (): boolean => signal.aborted;
  const enough = (): boolean =>
    people.connectedMembers().length >= threshold &&
    survivors.every((client) => people.member(client)?.connection !== undefined);
  await condition.until(
    () =>
      stopped() ||
      !people.members().some((person) => person.connection === undefined && mayBeBack(person, momentMs)),
    momentMs,
  );
  if (stopped() || enough()) return true;
  const present = people.connectedMembers().length;
  const needed = Math.max(threshold, survivors.length);
  news.emit({
    type: 'note',
    text: `Waiting for members: ${present} are connected, ${needed} are needed.`,
    code: 'waiting-for-members',
    detail: { present, needed },
  });
  await condition.until(() => stopped() || enough(), patienceMs);
  // without one of the survivors the attempt burns the round, and everybody is asked
  return stopped() || people.connectedMembers().length >= threshold;
}

/** Has not left, and was there so short a time ago. */
export function mayBeBack({ gone, lostAt }: Person, withinMs: number): boolean {
  return gone === undefined && performance.now() - lostAt < withinMs;
}
