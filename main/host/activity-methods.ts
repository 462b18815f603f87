/** Calls about activities: what goes on, watching it, deciding in it. Each interface has its own: it watches for itself. */
import type { Activities } from './activities.ts';
import type { Watcher } from './activity.ts';
import { HostFailure, type HostMethods } from './calls.ts';
import type { Nearby } from './nearby.ts';

export function activityMethods(parts: {
  readonly activities: Activities;
  readonly nearby: Nearby;
  readonly watcher: Watcher;
}) {
  const { activities, nearby, watcher } = parts;
  const watched = new Set<string>();
  return {
    methods: {
      activities: () => activities.summaries,
      watch({ activity }) {
        watched.add(activity);
        return activities.get(activity).watch(watcher);
      },
      unwatch({ activity }) {
        watched.delete(activity);
        activities.get(activity).unwatch(watcher);
        return null;
      },
      async closeActivity({ activity }) {
        await activities.close(activity);
        return null;
      },
      command({ activity, command }) {
        activities.get(activity).service?.command(command);
        return null;
      },
      pictures: ({ activity, client, round }) =>
        activities.get(activity).service?.pictures(client, round) ?? null,
      sumPicture: ({ activity, round }) => activities.get(activity).service?.sumPicture(round) ?? null,
      roundRecord: ({ activity, round }) => activities.get(activity).record(round),
      openBallot({ activity, ballot }) {
        const service = activities.get(activity).service;
        if (service?.openBallot === undefined)
          throw new HostFailure(
            'no-room',
            'Cannot ask the room, as this machine does not lead this session.',
          );
        return { asked: service.openBallot(ballot) };
      },
      closeBallot({ activity }) {
        activities.get(activity).service?.closeBallot?.();
        return null;
      },
      ballotPictures: ({ activity }) => activities.get(activity).service?.ballotPictures?.() ?? null,
      ownImages({ activity, count }) {
        const images = activities.get(activity).service?.ownImages?.(count);
        if (images !== undefined) return images;
        throw new HostFailure('no-images', 'Cannot show images, as it is not known yet which they are.');
      },
      lookAround: ({ on }) => nearby.ask(watcher, on),
    } satisfies Partial<HostMethods>,
    close() {
      nearby.ask(watcher, false);
      for (const id of watched) {
        try {
          activities.get(id).unwatch(watcher);
        } catch {
          // closed meanwhile
        }
      }
    },
  };
}
