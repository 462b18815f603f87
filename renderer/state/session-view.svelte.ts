/**
 * What a person looks at in a session: who is selected, which round and moment, what a click asked about; the pictures
 * that belong to it, and what is on its way between people right now. Made in a component, as long as which it lives.
 */
import { createContext, untrack } from 'svelte';
import type { MethodArguments, MethodResults } from '../../core/contract/host.ts';
import type { ClientPictures, SumPicture } from '../../core/contract/pictures.ts';
import type { ProtocolEvent } from '../../core/contract/run-result.ts';
import type { WatchEvent } from '../../core/contract/watch-event.ts';
import type { FinishedRound, LogEntry, Spoke, Watched, WatchedRound } from '../../core/contract/watched.ts';
import { rewind } from '../../core/watching/rewind.ts';
import type { ActivityState } from './activity.svelte.ts';
import type { AppState } from './app.svelte.ts';
import { motionMs } from '../pictures/motion.ts';
import { LatestCall } from './latest-call.ts';

/** What can be asked about beside phases: see watch-explain. */
export type Topic =
  | Spoke['phase']
  | 'person'
  | 'web'
  | 'zone-clear'
  | 'zone-masked'
  | 'zone-unmasked'
  | 'sum'
  | 'advertise-keys'
  | 'share-keys'
  | 'masked-input'
  | 'statement'
  | 'unmask'
  | 'signed'
  | 'unsigned'
  | 'masked'
  | 'unmasked'
  | 'noise'
  | 'noiseless'
  | 'demonstration'
  | 'threshold'
  | 'update'
  | 'arrives'
  | 'mask'
  | 'accuracy'
  | 'loss'
  | 'f1'
  | 'confusion'
  | 'costs'
  | 'deadline';

export interface Asked {
  readonly topic: Topic;
  /** What was clicked on: the answer stands beside it. */
  readonly anchor: Element | DOMRect;
  /** 1 .. n, of a person. */
  readonly client: number | null;
}

/** Something that goes from somebody to the coordinator. */
export interface Packet {
  readonly id: number;
  readonly client: number;
  readonly kind: 'key' | 'share' | 'masked' | 'clear' | 'signed' | 'refused';
}

/** More at once would be a swarm in which nothing can be followed. */
const mostPackets = 12;
const clockMs = 250;
const picturesEveryMs = 150;
/** Pictures of rounds that are over, kept for going back and forth. */
const picturesKept = 60;
/** Each after picturesEveryMs. */
const mostRetries = 20;

export class SessionView {
  readonly activity: ActivityState;
  readonly #app: AppState;
  /** 1 .. n. */
  selected = $state(1);
  asked = $state.raw<Asked | null>(null);
  /** A round that is over; atMs: a moment of it, null: its end. */
  replayed = $state.raw<{ readonly round: number; readonly atMs: number | null } | null>(null);
  /** The replayed moment moves by itself. */
  playing = $state(false);
  /** Of the replayed round; undefined while it is fetched, null where it is no longer kept. */
  record = $state.raw<WatchedRound | null | undefined>(undefined);
  /** How the round before the one that waits has ended. */
  past = $state.raw<WatchedRound | null>(null);
  clientPictures = $state.raw<ClientPictures | null>(null);
  sumPicture = $state.raw<SumPicture | null>(null);
  packets = $state.raw<readonly Packet[]>([]);
  /** Now, as the activity counts, ms; a few times a second. */
  nowMs = $state(0);

  readonly watched: Watched | null = $derived.by(() => this.activity.watched);
  readonly live: boolean = $derived(this.replayed === null);
  /** In step mode a round has ended and the next one waits: what has come of it stays on screen until it is let go. */
  readonly between: boolean = $derived.by(() => {
    const { watched, replayed } = this;
    const round = watched?.round;
    if (!watched || !round || replayed !== null || watched.held === null || round.attempt > 1) return false;
    const begun = round.timeline.some(({ marks }) => marks.length > 0);
    return watched.stage === 'running' && !begun && watched.finished.at(-1)?.round === round.round - 1;
  });
  /** The round on screen: the one under way, or a moment of an earlier one. */
  readonly round: WatchedRound | null = $derived.by(() => {
    const { replayed, record } = this;
    const round = this.watched?.round ?? null;
    if (this.between)
      return [this.past, this.#last].find((known) => known?.round === (round?.round ?? 0) - 1) ?? round;
    if (replayed === null) return round;
    if (!record) return null;
    return replayed.atMs === null ? record : rewind(record, replayed.atMs);
  });
  /** When that is, ms. */
  readonly atMs: number = $derived.by(() => {
    const { replayed, round } = this;
    if (replayed === null) return round?.endedMs ?? this.nowMs;
    return replayed.atMs ?? round?.endedMs ?? round?.startedMs ?? 0;
  });
  readonly spoke: Spoke | null = $derived.by(
    () => this.round?.spokes.find(({ number }) => number === this.selected) ?? null,
  );
  /** The results of the round on screen, or of the last one that is finished. */
  readonly result: FinishedRound | null = $derived.by(() => {
    const finished = this.watched?.finished ?? [];
    const { replayed } = this;
    return (
      (replayed === null ? finished.at(-1) : finished.find(({ round }) => round === replayed.round)) ?? null
    );
  });
  /** Newest first. */
  readonly log: readonly LogEntry[] = $derived.by(() => {
    const log = this.watched?.log ?? [];
    const { replayed, atMs } = this;
    const shown =
      replayed === null ? log : log.filter(({ round, ms }) => round === replayed.round && ms <= atMs);
    return shown.toReversed();
  });
  /** The picture of the sum that belongs on screen. */
  readonly shownSum: SumPicture | null = $derived.by(() => {
    const { round, sumPicture } = this;
    if (round === null || sumPicture?.round !== round.round || round.sum.state === 'nothing') return null;
    return this.sumVeiled ? null : sumPicture;
  });
  /** Of a round that is over only the end is kept: what the sum looked like under masks is not. */
  readonly sumVeiled: boolean = $derived(
    !this.live && this.watched?.settings.masks !== false && this.round?.sum.state === 'masked',
  );
  /** Two machines at least, of other people: nothing may be done to them for show. */
  readonly inRoom: boolean = $derived(this.watched?.kind === 'coordinator');
  /** Whether things may move: at full speed there are states only. */
  readonly moving: boolean = $derived(
    this.live && this.watched?.stage === 'running' && (this.inRoom || this.watched.pace !== 'full'),
  );

  /** Changes when there are other pictures of the selected person to be had; '' while there are none. */
  readonly #clientKey: string = $derived.by(() => {
    const { round, spoke } = this;
    const stage = spoke === null ? '' : this.live ? stageOf(spoke.phase) : 'over';
    return round === null || stage === '' ? '' : [round.round, round.attempt, spoke?.number, stage].join(' ');
  });
  readonly #sumKey: string = $derived.by(() => {
    const { round } = this;
    if (round === null || round.sum.state === 'nothing') return '';
    return [round.round, round.attempt, round.sum.added, round.sum.state, this.#wantedRound].join(' ');
  });

  /** As it was last on screen. */
  #last: WatchedRound | null = null;
  #receivedAt = performance.now();
  #lastMs = 0;
  #nextPacket = 1;
  readonly #retries = new Map<string, number>();
  readonly #known = new Map<string, ClientPictures | SumPicture>();
  readonly #picturesCall: LatestCall<{ readonly client: number; readonly round: number | null }>;
  readonly #sumCall: LatestCall<{ readonly round: number | null }>;

  constructor(activity: ActivityState, app: AppState) {
    this.activity = activity;
    this.#app = app;
    this.#picturesCall = new LatestCall(picturesEveryMs, async ({ client, round }) => {
      const pictures = await this.#fetch('pictures', { activity: activity.id, client, round });
      const wanted = this.selected === client && this.#wantedRound === round;
      if (wanted) this.clientPictures = pictures;
      if (round !== null && pictures !== null) this.#keep(`${round} ${client}`, pictures);
      if (wanted && round === null && this.#isLate(this.#clientKey) && this.#lacks(pictures))
        this.#picturesCall.want({ client, round });
    });
    this.#sumCall = new LatestCall(picturesEveryMs, async ({ round }) => {
      const picture = await this.#fetch('sumPicture', { activity: activity.id, round });
      const wanted = this.#wantedRound === round;
      // the sum is announced a moment before it is worked out
      const early = this.round?.sum.state === 'readable' && picture?.readable !== true;
      if (wanted && !early) this.sumPicture = picture;
      if (round !== null && picture !== null) this.#keep(`${round}`, picture);
      if (wanted && early && this.#isLate(this.#sumKey)) this.#sumCall.want({ round });
    });
  }

  // what a person does

  select(client: number): void {
    this.selected = client;
  }

  ask(topic: Topic, anchor: Element | DOMRect, client: number | null = null): void {
    this.asked = { topic, anchor, client };
  }

  /** round: null for now. */
  async replay(round: number | null): Promise<void> {
    this.playing = false;
    this.asked = null;
    if (round === null || (round === this.watched?.round?.round && this.watched.stage !== 'ended')) {
      this.replayed = null;
      return;
    }
    this.replayed = { round, atMs: null };
    this.record = undefined;
    const record = await this.#fetchRecord(round);
    if (this.replayed.round === round) this.record = record;
  }

  /** ms: of the replayed round, in the activity's time. */
  seek(ms: number): void {
    const { replayed, record } = this;
    if (replayed === null || !record) return;
    const end = record.endedMs ?? ms;
    this.replayed = { ...replayed, atMs: ms >= end ? null : Math.max(record.startedMs, ms) };
  }

  /** Round after round of pictures, in step with the record. For $effect. */
  play(): () => void {
    const { record } = this;
    if (!this.playing || !record) return () => undefined;
    const end = record.endedMs ?? record.startedMs;
    const timer = setInterval(() => {
      const at = this.replayed?.atMs ?? record.startedMs;
      // at the speed at which it happened, and never longer than half a minute
      const step = Math.max(clockMs / 2, ((end - record.startedMs) * clockMs) / 2 / 30_000);
      this.seek(at + step);
      if (this.replayed?.atMs === null) this.playing = false;
    }, clockMs / 2);
    return () => {
      clearInterval(timer);
    };
  }

  // what goes on

  /** Follows clock and events for as long as it is shown. For $effect. */
  follow(): () => void {
    const stop = this.activity.onEvent((event) => {
      [this.#lastMs, this.#receivedAt] = [event.atMs, performance.now()];
      this.#seen(event);
    });
    const timer = setInterval(() => {
      this.#tick();
    }, clockMs);
    return () => {
      stop();
      clearInterval(timer);
    };
  }

  /** Keeps at hand what a round that has just ended looked like. For $effect. */
  followRounds(): void {
    if (!this.between) {
      this.#last = this.watched?.round ?? null;
      return;
    }
    const before = (this.watched?.round?.round ?? 0) - 1;
    if (untrack(() => this.past?.round) === before) return;
    void this.#fetchRecord(before).then((record) => {
      this.past = record;
    });
  }

  /** Fetches what belongs on screen, whenever it may have changed. For $effect. */
  followClientPictures(): void {
    const key = this.#clientKey;
    const [round, selected] = untrack(() => [this.#wantedRound, this.selected] as const);
    const known = round === null ? undefined : this.#known.get(`${round} ${selected}`);
    if (key === '') this.clientPictures = null;
    else if (known !== undefined && 'client' in known) this.clientPictures = known;
    else this.#picturesCall.want({ client: selected, round });
  }

  /** The same for the coordinator's sum. */
  followSumPicture(): void {
    const key = this.#sumKey;
    const round = untrack(() => this.#wantedRound);
    const known = round === null ? undefined : this.#known.get(`${round}`);
    if (key === '') this.sumPicture = null;
    else if (known !== undefined && 'added' in known) this.sumPicture = known;
    else this.#sumCall.want({ round });
  }

  get #wantedRound(): number | null {
    return this.replayed?.round ?? (this.between ? (this.round?.round ?? null) : null);
  }

  /** What is told to be there but cannot be had yet is asked for again, for a while. */
  #isLate(key: string): boolean {
    const asked = (this.#retries.get(key) ?? 0) + 1;
    if (this.#retries.size > picturesKept) this.#retries.clear();
    this.#retries.set(key, asked);
    return asked <= mostRetries;
  }

  #lacks(pictures: ClientPictures | null): boolean {
    const { spoke } = this;
    if (spoke === null) return false;
    const sent = spoke.phase === 'sending' || spoke.phase === 'verified';
    if (sent && (pictures?.masked ?? null) === null) return true;
    return !this.inRoom && (sent || spoke.phase === 'masking') && (pictures?.update ?? null) === null;
  }

  #tick(): void {
    const { watched } = this;
    if (watched === null) return;
    // its state has been fetched anew
    if (watched.ms !== this.#lastMs) [this.#lastMs, this.#receivedAt] = [watched.ms, performance.now()];
    this.nowMs = watched.stage === 'ended' ? watched.ms : watched.ms + (performance.now() - this.#receivedAt);
  }

  #seen(event: WatchEvent): void {
    if (event.type === 'protocol') this.#send(event.event);
    if (event.type === 'round-started') this.packets = [];
  }

  /** In a simulation what a client has sent is told; elsewhere only what has come. */
  #send({ kind, phase, client }: ProtocolEvent): void {
    if (!this.moving || client === undefined || document.hidden) return;
    const sent = packetKind(kind, phase, this.inRoom, this.watched?.settings.masks !== false);
    if (sent === undefined || this.packets.length >= mostPackets) return;
    const packet: Packet = { id: this.#nextPacket, client, kind: sent };
    this.#nextPacket += 1;
    this.packets = [...this.packets, packet];
    setTimeout(() => {
      this.packets = this.packets.filter(({ id }) => id !== packet.id);
    }, motionMs('travel'));
  }

  #keep(key: string, picture: ClientPictures | SumPicture): void {
    this.#known.delete(key);
    this.#known.set(key, picture);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= picturesKept) return;
      this.#known.delete(oldest);
    }
  }

  async #fetchRecord(round: number): Promise<WatchedRound | null> {
    return await this.#fetch('roundRecord', { activity: this.activity.id, round });
  }

  /** A picture that cannot be had is none: the rest of the screen stands without it. */
  async #fetch<Name extends 'pictures' | 'sumPicture' | 'roundRecord'>(
    name: Name,
    args: MethodArguments<Name>,
  ): Promise<MethodResults[Name] | null> {
    try {
      return await this.#app.call(name, args);
    } catch {
      return null;
    }
  }
}

/** '' before anything of an update can be seen. */
function stageOf(phase: Spoke['phase']): string {
  switch (phase) {
    case 'masking':
    case 'signing':
      return 'update';
    case 'sending':
    case 'verified':
    case 'recovered':
    case 'refused':
    case 'dropped':
      return phase;
    default:
      return '';
  }
}

function packetKind(
  kind: ProtocolEvent['kind'],
  phase: string,
  arrivals: boolean,
  masks: boolean,
): Packet['kind'] | undefined {
  if (kind === 'refused') return 'refused';
  if (arrivals !== (kind === 'verified')) return undefined;
  switch (arrivals ? phase : kind) {
    case 'advertised':
    case 'advertise-keys':
      return 'key';
    case 'shared':
    case 'share-keys':
    case 'revealed':
    case 'unmask':
      return 'share';
    case 'masked':
    case 'masked-input':
      return masks ? 'masked' : 'clear';
    case 'signed':
    case 'statement':
      return 'signed';
    default:
      return undefined;
  }
}

export const [getSessionView, setSessionView] = createContext<SessionView>();
