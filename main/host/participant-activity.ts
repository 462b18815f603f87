/**
 * A session that this machine takes part in, as an activity. What the person is asked is an event, the answer a command.
 * Closing leaves the connection only: joining again goes on; the command `stop` leaves the session.
 */
import type { BallotPictures } from '../../core/contract/ballots.ts';
import type { MethodArguments } from '../../core/contract/host.ts';
import type { ClientPictures } from '../../core/contract/pictures.ts';
import { runSettingsSchema } from '../../core/contract/run-settings.ts';
import type { SessionPlan } from '../../core/contract/session-plan.ts';
import type { ActivityCommand } from '../../core/contract/watch-event.ts';
import { toHex } from '../../core/bytes/bytes.ts';
import type { Identity } from '../../core/crypto/rsa.ts';
import { sanitiseName } from '../../core/joining/display-name.ts';
import { parseInvitation } from '../../core/joining/join-link.ts';
import type { OwnObserver, SentVector } from '../participant/participant-options.ts';
import { ParticipantSession } from '../participant/participant-session.ts';
import { type PreparationOptions, type Prepared, prepare } from '../participant/preparation.ts';
import type { RoundGallery } from '../watching/round-gallery.ts';
import { SessionGallery } from '../watching/session-gallery.ts';
import type { Activity, ActivityService } from './activity.ts';
import { imagesByClassInTurn, type SomeImages } from './own-images.ts';
import { PersonAtScreen } from './person.ts';
import type { HostServices } from './services.ts';
import {
  bodyOf,
  emitFailure,
  engineOf,
  patienceMs,
  preparedEvent,
  type SessionOpened,
  settingsOf,
} from './session-service.ts';

export type ParticipantStart = MethodArguments<'join'>;

/** Of the latest rounds. */
const signaturesKept = 60;

/** Before the coordinator has told its plan. */
export const openedParticipant: SessionOpened = {
  kind: 'participant',
  title: '',
  settings: runSettingsSchema.parse({}),
  demonstration: false,
  pace: 'full',
};

/** Throws 'invalid-setting' for what is no code or link; what goes wrong later is told as events. */
export async function startParticipant(
  services: HostServices,
  activity: Activity,
  start: ParticipantStart,
): Promise<ActivityService> {
  const invitation = parseInvitation(start.invitation);
  const { store } = services;
  // a session goes on under the identity that it began with, whatever has become this machine's since
  const begins = toHex(invitation.session);
  const before = store
    .sessions()
    .find(({ role, session }) => role === 'participant' && session.startsWith(begins));
  const known = before && store.storedIdentity(before.identity);
  const { identity } = known ?? (await store.identity());
  return new ParticipantService(services, activity, start, identity);
}

class ParticipantService implements ActivityService, OwnObserver {
  readonly #services: HostServices;
  readonly #activity: Activity;
  readonly #person: PersonAtScreen;
  readonly #session: ParticipantSession;
  readonly #ended: Promise<void>;
  #prepared: Prepared | undefined;
  /** Which of its images take part; undefined before that is known. */
  #indices: Uint32Array | undefined;
  #weights: Float32Array | undefined;
  #gallery: SessionGallery | undefined;
  /** Of the last question to the room. */
  #ballot: BallotPictures | undefined;
  /** By round, hexadecimal. */
  readonly #signatures = new Map<number, string>();

  constructor(services: HostServices, activity: Activity, start: ParticipantStart, identity: Identity) {
    this.#services = services;
    this.#activity = activity;
    this.#person = new PersonAtScreen((event) => {
      activity.emit(event);
    });
    this.#session = new ParticipantSession({
      store: services.store,
      identity,
      invitation: parseInvitation(start.invitation),
      link: start.invitation,
      name: sanitiseName(start.name, 'Participant'),
      data: {
        source: start.data.kind === 'folder' ? start.data.path : undefined,
        drawings: start.data.kind === 'drawings' ? services.drawings() : undefined,
      },
      agreeToDemonstration: start.agreeToDemonstration,
      privacyBudget: start.privacyBudget,
      engine: engineOf(services),
      engineSpeeds: services.engineSpeeds,
      // one client trains one model at a time
      processes: 1,
      background: true,
      person: this.#person,
      patienceMs,
      onEvent: (event) => {
        const body = bodyOf(event);
        activity.emit(body);
        if (body.type === 'joined') this.#joined(event.session, start);
        if (body.type === 'roster') this.#tellPrepared(body.participants);
      },
      observer: this,
      prepare: (plan, options) => this.#prepare(plan, options),
    });
    this.#ended = this.#session.run().then(
      () => undefined,
      (error: unknown) => {
        emitFailure(activity, error, services);
      },
    );
  }

  command(command: ActivityCommand): void {
    switch (command.do) {
      case 'stop':
        this.#session.leave();
        return;
      case 'answer-words':
        this.#person.answer('words', command.agreed);
        return;
      case 'answer-repeat':
        this.#person.answer('repeat', command.allowed);
        return;
      case 'vote': {
        const { ballot, choice } = command;
        const asked = this.#activity.watched.ballot;
        if (asked?.open !== true || asked.ballot !== ballot || choice >= asked.choices) return;
        if (this.#session.vote(ballot, choice)) this.#activity.emit({ type: 'voted', ballot, choice });
        return;
      }
      default:
        // the leader's, or a simulation's
        return;
    }
  }

  /** Of this participant alone: what the others' vectors are, it never sees. */
  pictures(client: number, round: number | null): ClientPictures | null {
    const isOwn = client === this.#activity.watched.roster?.own;
    const pictures = isOwn ? (this.#gallery?.pictures(client, round) ?? null) : null;
    const masked = pictures?.masked ?? null;
    if (pictures === null || masked === null) return pictures;
    const signature = this.#signatures.get(pictures.round);
    return signature === undefined ? pictures : { ...pictures, signature };
  }

  sumPicture(): null {
    return null;
  }

  model(): Float32Array | undefined {
    return this.#weights;
  }

  /** Some of what this participant trains on; none before it is known. */
  ownImages(count: number): SomeImages | undefined {
    if (this.#prepared === undefined || this.#indices === undefined) return undefined;
    return imagesByClassInTurn(this.#prepared.data.dataset, this.#indices, count);
  }

  async close(): Promise<void> {
    this.#session.leaveForNow();
    await this.#ended;
    this.#gallery?.close();
  }

  ballotPictures(): BallotPictures | undefined {
    return this.#ballot;
  }

  // What happens on this machine

  ballotCame(pictures: BallotPictures): void {
    this.#ballot = pictures;
  }

  ownData(indices: Uint32Array): void {
    this.#indices = indices;
  }

  modelCame(_round: number, weights: Float32Array): void {
    this.#weights = weights;
  }

  vectorSent({ round, client, parameters, trained, vector, packed, signature }: SentVector): void {
    if (signature.length > 0) this.#keepSignature(round, toHex(signature));
    const paint = (work: (gallery: RoundGallery) => void): void => this.#gallery?.paint(parameters, work);
    const tell = (stage: 'update' | 'masked'): void => {
      this.#activity.emit({ type: 'own-pictures', round, stage });
    };
    if (trained !== undefined) {
      paint((gallery) => {
        gallery.attemptStarts(round, trained.weights, () => undefined);
        gallery.trained(client, trained.update);
        tell('update');
      });
    }
    paint((gallery) => {
      // nothing to show it by where it was trained by an earlier process
      if (gallery.pictures(client, round) === null) return;
      gallery.vectorSent(client, packed, vector);
      tell('masked');
    });
  }

  #keepSignature(round: number, signature: string): void {
    this.#signatures.set(round, signature);
    for (const known of this.#signatures.keys()) {
      if (this.#signatures.size <= signaturesKept) return;
      this.#signatures.delete(known);
    }
  }

  #joined(session: string, { invitation: _invitation, ...chosen }: ParticipantStart): void {
    const choices = { role: 'participant', ...chosen } as const;
    this.#services.store.saveChoices(session, choices);
    this.#activity.emit({ type: 'stored', result: `session-${session}` });
  }

  async #prepare(plan: SessionPlan, options: PreparationOptions): Promise<Prepared> {
    this.#activity.emit({ type: 'settings', settings: settingsOf(plan) });
    this.#prepared = await prepare(plan, options);
    this.#gallery = new SessionGallery(this.#prepared.topology, (error) => {
      this.#services.log(`no picture: ${String(error)}`);
    });
    this.#tellPrepared(undefined);
    return this.#prepared;
  }

  #tellPrepared(members: number | undefined): void {
    if (this.#prepared === undefined) return;
    const { basis, data, engine } = this.#prepared;
    this.#activity.emit(preparedEvent({ basis, dataset: data.dataset, engine }, members));
  }
}
