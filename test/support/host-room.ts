/** Sessions as activities of a host: a room's stores and sockets, with what is told to a screen in a log. */
import { preferencesSchema, type Drawing } from '../../core/contract/results.ts';
import type { RunSettings } from '../../core/contract/run-settings.ts';
import type { ParticipantDataChoice } from '../../core/contract/host.ts';
import type { ActivityCommand } from '../../core/contract/watch-event.ts';
import { Activity, type ActivityService } from '../../main/host/activity.ts';
import { startCoordinator } from '../../main/host/coordinator-activity.ts';
import { openedParticipant, startParticipant } from '../../main/host/participant-activity.ts';
import { resumeSession } from '../../main/host/resume-session.ts';
import type { HostServices } from '../../main/host/services.ts';
import { openedFrom, openSession, type SessionOpened } from '../../main/host/session-service.ts';
import type { Store } from '../../main/storage/store.ts';
import { SessionLog } from './session-log.ts';
import type { SessionRoom } from './session-room.ts';
import { unmeasured } from './unmeasured.ts';

export interface Machine {
  readonly activity: Activity;
  readonly service: ActivityService;
  readonly services: HostServices;
  readonly log: SessionLog;
  do(command: ActivityCommand): void;
}

const onLoopback = { host: '127.0.0.1', port: undefined, announce: false };

export function hostServices(store: Store, drawings: readonly Drawing[] = []): HostServices {
  return {
    store,
    version: '0',
    preferences: () => preferencesSchema.parse({}),
    drawings: () => drawings,
    saveResult: () => 'run-1',
    imagesPerSecond: () => null,
    measuredSpeed: () => undefined,
    engineSpeeds: unmeasured,
    log: () => undefined,
  };
}

export class HostRoom {
  readonly room: SessionRoom;
  readonly #services: ActivityService[] = [];
  #next = 1;

  constructor(room: SessionRoom) {
    this.room = room;
  }

  /** Before the room is closed. */
  async close(): Promise<void> {
    await Promise.all(this.#services.map((service) => service.close()));
  }

  async coordinate(
    name: string,
    changes: Partial<RunSettings> = {},
    start: { readonly data?: 'dealt' | 'own'; readonly demonstration?: boolean } = {},
  ): Promise<Machine> {
    const settings = this.room.settings(changes);
    const { data = 'dealt', demonstration = false } = start;
    const opened = {
      kind: 'coordinator',
      title: 'Test session',
      settings,
      demonstration,
      pace: 'full',
    } as const;
    const services = hostServices(await this.room.store(name));
    const given = { title: 'Test session', settings, data, demonstration, deadlineSeconds: null };
    const machine = await this.#open(services, opened, (activity) =>
      startCoordinator(services, activity, given, onLoopback),
    );
    this.room.link = String((await machine.log.until('listening'))['link']);
    return machine;
  }

  /** In a store that is still open. */
  async resume(services: HostServices, session: string): Promise<Machine> {
    const opened = openedFrom(openSession(services.store, session));
    return this.#open(services, opened, (activity) => resumeSession(services, activity, session, onLoopback));
  }

  async join(
    name: string,
    options: {
      readonly data?: ParticipantDataChoice;
      readonly services?: HostServices;
      readonly drawings?: readonly Drawing[];
      readonly agreeToDemonstration?: boolean;
    } = {},
  ): Promise<Machine> {
    const { data = { kind: 'folder', path: this.room.data }, agreeToDemonstration = false } = options;
    const services = options.services ?? hostServices(await this.room.store(name), options.drawings);
    const start = { invitation: this.room.link, name, data, agreeToDemonstration };
    return this.#open(services, openedParticipant, (activity) => startParticipant(services, activity, start));
  }

  async #open(
    services: HostServices,
    opened: SessionOpened,
    start: (activity: Activity) => Promise<ActivityService>,
  ): Promise<Machine> {
    const startedAt = new Date().toISOString();
    const id = `${opened.kind}-${String(this.#next).padStart(8, '0')}`;
    this.#next += 1;
    const activity = new Activity(id, { type: 'opened', startedAt, ...opened }, () => undefined);
    const log = new SessionLog(id);
    activity.watch({
      events: (_activity, events) => {
        for (const event of events) log.put({ ...event });
      },
    });
    const service = await start(activity);
    activity.service = service;
    this.#services.push(service);
    return {
      activity,
      service,
      services,
      log,
      do: (command) => {
        service.command(command);
      },
    };
  }
}
