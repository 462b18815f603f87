/**
 * After a host was cut off (a crash, a flat battery, a closed window): sessions that this machine is a member of go on
 * by themselves, as the others count on it. A coordinator's do not: who leads decides whether the room is still there.
 */
import type { SessionRow } from '../storage/store.ts';

export interface ComeBackOptions {
  readonly sessions: readonly Pick<SessionRow, 'session' | 'role' | 'state' | 'startedAt'>[];
  /** Goes on with a session of this machine. */
  resume(session: string): Promise<unknown>;
  log(text: string): void;
  readonly now: Date;
}

/** A room that met longer ago has gone home, ms. */
const longestAwayMs = 12 * 3_600_000;

/** Never rejects. */
export async function comeBack({ sessions, resume, log, now }: ComeBackOptions): Promise<void> {
  const cutOff = sessions.filter(
    ({ role, state, startedAt }) =>
      // whoever was only in a lobby may have left it, and comes back by joining
      role === 'participant' && state === 'running' && now.getTime() - Date.parse(startedAt) < longestAwayMs,
  );
  for (const { session } of cutOff) {
    try {
      await resume(session);
      log(`back in the session ${session}`);
    } catch (error) {
      log(`cannot come back into ${session}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
