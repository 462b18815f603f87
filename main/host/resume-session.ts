/** A session that this machine had a part in goes on, whichever part that was. */
import type { Activity, ActivityService } from './activity.ts';
import { type Listening, resumeLeading } from './coordinator-activity.ts';
import { startParticipant } from './participant-activity.ts';
import type { HostServices } from './services.ts';
import { openSession } from './session-service.ts';

/** Throws 'session-unknown', 'session-over' and what loading throws. */
export async function resumeSession(
  services: HostServices,
  activity: Activity,
  session: string,
  listening?: Listening,
): Promise<ActivityService> {
  const { store } = services;
  const row = openSession(store, session);
  if (row.role === 'coordinator') return resumeLeading(services, activity, row, listening);
  const choices = store.choices(session);
  if (choices?.role !== 'participant') {
    const start = { name: services.preferences().name, data: { kind: 'dealt' } } as const;
    return startParticipant(services, activity, {
      invitation: row.link,
      ...start,
      agreeToDemonstration: row.demonstration,
    });
  }
  const { role: _role, ...chosen } = choices;
  return startParticipant(services, activity, { invitation: row.link, ...chosen });
}
