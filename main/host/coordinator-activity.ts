/**
 * A session that this machine coordinates, as an activity: its events go to whoever watches, what the leader decides
 * comes back as commands. Closing leaves the session as it stands, so that it can be gone on with; the command `stop`
 * ends it.
 */
import type { BallotPictures } from '../../core/contract/ballots.ts';
import type { ClientPictures, SumPicture } from '../../core/contract/pictures.ts';
import type { RunSettings } from '../../core/contract/run-settings.ts';
import type { ActivityCommand } from '../../core/contract/watch-event.ts';
import {
  type CoordinateOptions,
  type OpenedCoordinator,
  openCoordinator,
  resumeCoordinator,
} from '../coordinator/open-coordinator.ts';
import type { SessionRow } from '../storage/store.ts';
import type { SentUpdates } from '../watching/sent-updates.ts';
import type { Activity, ActivityService } from './activity.ts';
import { CoordinatorPictures } from './coordinator-pictures.ts';
import type { HostServices } from './services.ts';
import {
  bodyOf,
  emitFailure,
  engineOf,
  patienceMs,
  planOf,
  preparedEvent,
  processesOf,
  settingsOf,
} from './session-service.ts';

export interface CoordinatorStart {
  readonly title: string;
  readonly settings: RunSettings;
  readonly data: 'dealt' | 'own';
  readonly demonstration: boolean;
  /** null: adaptive. */
  readonly deadlineSeconds: number | null;
}

/** Where it can be found. */
export type Listening = Pick<CoordinateOptions, 'host' | 'port' | 'announce'>;

const everywhere: Listening = { host: undefined, port: undefined, announce: true };

/** Resolves once everything is loaded; what cannot work is thrown, what goes wrong later is told as events. */
export async function startCoordinator(
  services: HostServices,
  activity: Activity,
  { title, settings, data, demonstration, deadlineSeconds }: CoordinatorStart,
  listening: Listening = everywhere,
): Promise<ActivityService> {
  const deadlineMs = deadlineSeconds === null ? undefined : deadlineSeconds * 1000;
  const given = { title, settings, data, demonstration, deadlineMs, ...listening };
  return lead(services, activity, given, openCoordinator);
}

/** Throws what resumeCoordinator() throws. row: of a session that has not ended. */
export async function resumeLeading(
  services: HostServices,
  activity: Activity,
  row: SessionRow,
  listening: Listening = everywhere,
): Promise<ActivityService> {
  const plan = planOf(row);
  const { demonstration, title } = plan;
  const settings = settingsOf(plan);
  const mode = plan.data.mode;
  const given = { title, settings, data: mode, demonstration, deadlineMs: undefined, ...listening };
  return lead(services, activity, given, (options) => resumeCoordinator(options, row.session));
}

type Given = Pick<
  CoordinateOptions,
  'title' | 'settings' | 'data' | 'demonstration' | 'deadlineMs' | keyof Listening
>;

async function lead(
  services: HostServices,
  activity: Activity,
  given: Given,
  open: (options: CoordinateOptions) => Promise<OpenedCoordinator>,
): Promise<ActivityService> {
  const { settings } = given;
  const pictures = new CoordinatorPictures(services, activity, given.demonstration);
  const opened: OpenedCoordinator = await open({
    ...given,
    observer: pictures,
    settings: {
      ...settings,
      engine: settings.engine ?? engineOf(services),
      processes: settings.processes ?? processesOf(services),
    },
    store: services.store,
    engineSpeeds: services.engineSpeeds,
    startWhenFull: undefined,
    background: true,
    patienceMs,
    onEvent: (event) => {
      activity.emit(bodyOf(event));
      // nothing is told before the session runs
      if (event.type === 'roster') activity.emit(preparedEvent(opened, event.participants));
    },
  });
  pictures.topology = opened.topology;
  return new CoordinatorService(services, activity, opened, pictures);
}

class CoordinatorService implements ActivityService {
  readonly #activity: Activity;
  readonly #opened: OpenedCoordinator;
  readonly #pictures: CoordinatorPictures;
  readonly #ended: Promise<void>;

  constructor(
    services: HostServices,
    activity: Activity,
    opened: OpenedCoordinator,
    pictures: CoordinatorPictures,
  ) {
    this.#activity = activity;
    this.#opened = opened;
    this.#pictures = pictures;
    activity.emit(preparedEvent(opened, undefined));
    activity.emit({ type: 'stored', result: `session-${opened.id}` });
    this.#ended = opened.run().then(
      () => undefined,
      (error: unknown) => {
        emitFailure(activity, error, services);
      },
    );
  }

  command(command: ActivityCommand): void {
    const { session } = this.#opened;
    const { stage } = this.#activity.watched;
    switch (command.do) {
      case 'pause':
        session.pause();
        return;
      case 'resume':
        session.resume();
        return;
      case 'stop':
        session.stop();
        return;
      case 'close-lobby':
        if (stage === 'lobby') session.closeLobby();
        return;
      case 'confirm-words':
        if (stage !== 'words') return;
        this.#activity.emit({ type: 'answered', question: 'words', agreed: command.agreed });
        session.confirmWords(command.agreed);
        return;
      case 'start':
        if (stage === 'words') session.start();
        return;
      case 'lock':
        session.setLocked(command.locked);
        return;
      case 'remove':
        session.remove(command.fingerprint);
        return;
      case 'deadline':
        session.setDeadline(command.seconds === null ? undefined : command.seconds * 1000);
        return;
      case 'pace':
        // slow is a simulation's: what comes over a network comes when it comes
        if (command.pace === 'slow') return;
        this.#activity.emit({ type: 'pace', pace: command.pace });
        session.setStepping(command.pace === 'step');
        return;
      case 'next':
        session.next();
        return;
      case 'fault':
      case 'answer-words':
      case 'answer-repeat':
      case 'vote':
        return;
    }
  }

  pictures(client: number, round: number | null): ClientPictures | null {
    return this.#pictures.gallery?.pictures(client, round) ?? null;
  }

  sumPicture(round: number | null): SumPicture | null {
    return this.#pictures.gallery?.sumPicture(round) ?? null;
  }

  model(): Float32Array | undefined {
    const { session, keeper } = this.#opened;
    return session.roundsDone > 0 ? keeper.weights : undefined;
  }

  sentUpdates(): SentUpdates | undefined {
    return this.#pictures.sent;
  }

  openBallot(pictures: BallotPictures): number {
    return this.#opened.session.openBallot(pictures);
  }

  closeBallot(): void {
    this.#opened.session.closeBallot();
  }

  async close(): Promise<void> {
    this.#opened.session.leaveForNow();
    await this.#ended;
    this.#pictures.close();
  }
}
