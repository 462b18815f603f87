/** Calls that start an activity: a simulation, a comparison, a session to lead or to take part in. */
import { toHex } from '../../core/bytes/bytes.ts';
import { settledSettings } from '../../core/contract/run-settings.ts';
import { parseInvitation } from '../../core/joining/join-link.ts';
import type { Activities } from './activities.ts';
import type { Activity } from './activity.ts';
import { HostFailure, type HostMethods } from './calls.ts';
import { startCoordinator } from './coordinator-activity.ts';
import { openedParticipant, startParticipant } from './participant-activity.ts';
import { resumeSession } from './resume-session.ts';
import type { HostServices } from './services.ts';
import { openedFrom, openSession } from './session-service.ts';
import { startComparison, startSimulation } from './simulation-activity.ts';

export type StartMethods = Pick<
  HostMethods,
  'simulate' | 'compare' | 'coordinate' | 'resumeSession' | 'join'
>;

export function startMethods(services: HostServices, activities: Activities): StartMethods {
  // by the beginning of the session's name: all that a code tells of it
  const joined = new Map<Activity, string>();

  /** One machine has one part in a session. */
  const requireNoPart = (session: string): void => {
    const leads = services.store
      .sessions()
      .some((row) => row.role === 'coordinator' && row.session.startsWith(session));
    if (leads) {
      throw new HostFailure(
        'leads-it',
        'Cannot take part in this session here, as this machine leads it. Take part from another one.',
      );
    }
    for (const [{ watched }, other] of joined) {
      const isSame = other.startsWith(session) || session.startsWith(other);
      if (isSame && watched.stage !== 'ended')
        throw new HostFailure('joined-already', 'This machine takes part in this session already.');
    }
  };

  return {
    async simulate(start) {
      const { title, pace } = start;
      const settings = settledSettings(start.settings);
      const opened = { kind: 'simulation', title, settings, demonstration: false, pace } as const;
      const { id } = await activities.start(opened, (activity) => startSimulation(services, activity, start));
      return { activity: id };
    },
    async compare(start) {
      const { title } = start;
      const settings = settledSettings(start.settings);
      const opened = { kind: 'comparison', title, settings, demonstration: false, pace: 'full' } as const;
      const { id } = await activities.start(opened, (activity) => startComparison(services, activity, start));
      return { activity: id };
    },
    async coordinate(start) {
      const { title, demonstration } = start;
      const settings = settledSettings(start.settings);
      const opened = { kind: 'coordinator', title, settings, demonstration, pace: 'full' } as const;
      const { id } = await activities.start(opened, (activity) =>
        startCoordinator(services, activity, start),
      );
      return { activity: id };
    },
    async resumeSession({ session }) {
      const going = activities.withOpen(`session-${session}`);
      if (going !== undefined) return { activity: going.id };
      const opened = openedFrom(openSession(services.store, session));
      const { id } = await activities.start(opened, (activity) => resumeSession(services, activity, session));
      return { activity: id };
    },
    async join(start) {
      const session = toHex(parseInvitation(start.invitation).session);
      requireNoPart(session);
      const { id } = await activities.start(openedParticipant, (activity) => {
        joined.set(activity, session);
        return startParticipant(services, activity, start);
      });
      return { activity: id };
    },
  };
}
