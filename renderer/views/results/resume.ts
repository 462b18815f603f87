/** Goes on with a session that was cut short, at its coordinator's machine. */
import type { AppState } from '../../state/app.svelte.ts';

/** id: 'session-' and its hexadecimal id. */
export async function resume(app: AppState, id: string): Promise<void> {
  const opened = await app.attempt('resumeSession', { session: id.slice('session-'.length) });
  if (opened !== undefined) app.route.go(`/activity/${opened.activity}`);
}
