/**
 * Turns a session's events into lines that a room can read from a projector, in the session's language: who is here, the
 * words, each round in a few lines. One line is redrawn: how many have answered, or this machine's own training.
 */
import type { ProtocolEvent } from '../../core/contract/run-result.ts';
import type { LobbyParticipant, SessionEvent } from '../../core/contract/session-event.ts';
import type { Language } from '../../renderer/messages/formats.ts';
import { type MessageKey, type Texts, textsOf } from '../../renderer/messages/translate.ts';
import { codeText, outcomeText, phaseText, problemText } from './session-words.ts';
import type { Terminal } from './terminal.ts';

export type SessionRole = 'coordinator' | 'participant';

export interface SessionScreen {
  readonly show: (event: SessionEvent) => void;
  /** A participant takes the language from the session's plan, once it has joined. */
  readonly texts: Texts;
  /** The lobby as it was last told. */
  readonly listed: readonly LobbyParticipant[];
}

type EventOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>;

const labels = [
  'session.label.session',
  'session.label.code',
  'session.label.link',
  'session.label.address',
  'session.label.key',
  'session.label.lobby',
  'session.label.words',
  'session.label.here',
  'session.label.gone',
  'session.label.refused',
  'session.label.asked',
  'session.label.leader',
  'session.label.data',
  'session.label.connected',
  'session.label.lost',
  'session.label.waiting',
  'session.label.note',
  'session.label.error',
  'session.label.end',
  'session.label.model',
] as const satisfies readonly MessageKey[];
const steps = [
  'session.step.training',
  'session.step.keys',
  'session.step.shares',
  'session.step.masked',
  'session.step.signed',
  'session.step.revealed',
  'session.step.left',
  'session.step.recovered',
  'session.step.refused',
  'session.step.aborted',
  'session.step.sum',
  'session.step.model',
  'session.step.time',
] as const satisfies readonly MessageKey[];

const indent = '  ';

/** The first groups of a fingerprint: enough to tell people apart in a list. */
export const shortFingerprint = (fingerprint: string): string => fingerprint.split(' ').slice(0, 4).join(' ');

export function createSessionScreen(
  terminal: Terminal,
  role: SessionRole,
  language: Language,
): SessionScreen {
  const screen = new Screen(terminal, role, language);
  return {
    show: (event) => {
      screen.show(event);
    },
    get texts() {
      return screen.texts;
    },
    get listed() {
      return screen.listed;
    },
  };
}

class Screen {
  texts: Texts;
  listed: readonly LobbyParticipant[] = [];
  readonly #terminal: Terminal;
  readonly #role: SessionRole;
  #width = 0;
  /** Names of the current roster; number v is element v - 1. */
  #names: readonly string[] = [];
  #rosterList: readonly string[] = [];
  #locked = false;
  #masks = true;
  #roundLabel = '';
  #waiting:
    { readonly phase: string; readonly awaited: number; answered: number; endsAt: number } | undefined;

  constructor(terminal: Terminal, role: SessionRole, language: Language) {
    this.#terminal = terminal;
    this.#role = role;
    this.texts = textsOf(language, 'terminal');
    this.#speak(language);
  }

  show(event: SessionEvent): void {
    if (event.type === 'joined' && event.language !== undefined) this.#speak(event.language);
    for (const line of this.#linesOf(event)) this.#terminal.line(line);
    if (event.type === 'training') this.#showTraining(event);
  }

  #speak(language: Language): void {
    this.texts = textsOf(language, 'terminal');
    const { t } = this.texts;
    const widths = [
      ...labels.map((key) => t(key).length),
      ...steps.map((key) => indent.length + t(key).length),
    ];
    this.#width = Math.max(...widths) + 2;
  }

  #label(key: (typeof labels)[number], text: string): string {
    return `${this.texts.t(key).padEnd(this.#width)}${text}`;
  }

  #step(key: (typeof steps)[number], text: string): string {
    return `${`${indent}${this.texts.t(key)}`.padEnd(this.#width)}${text}`;
  }

  #below(text: string): string {
    return `${' '.repeat(this.#width)}${text}`;
  }

  #nameOf(client: number | undefined): string {
    const { t } = this.texts;
    if (client === undefined || client === 0) return t('session.coordinator');
    return this.#names[client - 1] ?? t('session.number', { number: client });
  }

  #linesOf(event: SessionEvent): readonly string[] {
    const { t, formats } = this.texts;
    switch (event.type) {
      case 'listening':
        return this.#listening(event);
      case 'lobby':
        return this.#lobby(event);
      case 'roster-list':
        return this.#listNames(event);
      case 'roster':
        return this.#roster(event);
      case 'confirmation':
        return [
          this.#label(
            'session.label.words',
            t(
              !event.agreed
                ? 'session.differs'
                : event.compared
                  ? 'session.confirmed'
                  : 'session.confirmed.unseen',
              { name: event.name },
            ),
          ),
        ];
      case 'round-started': {
        const { round, rounds, attempt } = event;
        this.#roundLabel = t('session.round', { round, rounds });
        return ['', attempt > 1 ? t('session.round.again', { round, rounds, attempt }) : this.#roundLabel];
      }
      case 'phase':
        return this.#phase(event);
      case 'protocol':
        return this.#protocol(event.event);
      case 'attempt-aborted':
        return [
          this.#step(
            'session.step.aborted',
            t('session.aborted', {
              attempt: event.attempt,
              reason: codeText(event.reason, this.texts),
              retry: isRetry(event.retry) ? t(`session.retry.${event.retry}`) : event.retry,
            }),
          ),
        ];
      case 'round':
        return this.#round(event);
      case 'connection':
        return [
          this.#label(
            event.connected ? 'session.label.here' : 'session.label.gone',
            event.reason === ''
              ? event.name
              : t('session.because', { name: event.name, reason: codeText(event.reason, this.texts) }),
          ),
        ];
      case 'turned-away':
        return [
          this.#label(
            'session.label.refused',
            t('session.turned-away', { who: event.address, reason: codeText(event.reason, this.texts) }),
          ),
        ];
      case 'repeat-asked':
        return [this.#label('session.label.asked', t('session.repeat-asked', { round: event.round }))];
      case 'repeat-question':
        return [
          '',
          this.#label('session.label.asked', t('session.repeat.failed', { round: event.round })),
          this.#below(t('session.repeat.risk')),
        ];
      case 'joined':
        return this.#joined(event);
      case 'data':
        return [
          this.#label(
            'session.label.data',
            t(`session.data.${event.mode}`, { count: event.examples, dataset: event.dataset }),
          ),
        ];
      case 'masked':
        this.#terminal.clear();
        return [
          this.#step(
            'session.step.masked',
            t(this.#masks ? 'session.masked' : 'session.masked.off', { bytes: formats.bytes(event.bytes) }),
          ),
        ];
      case 'connected':
        return [this.#label('session.label.connected', event.address)];
      case 'disconnected':
        return [this.#label('session.label.lost', this.#disconnected(event))];
      case 'waiting':
        return [
          this.#label(
            'session.label.waiting',
            event.reason === 'running' ? t('session.waiting.running') : codeText(event.reason, this.texts),
          ),
        ];
      case 'paused':
      case 'resumed':
        return [t(`session.${event.type}`)];
      case 'note':
        return [this.#label('session.label.note', event.text)];
      case 'error':
        return this.#problem(event);
      case 'finished':
        return this.#finished(event);
      case 'training':
        return [];
    }
  }

  // Before the rounds

  #listening(event: EventOf<'listening'>): readonly string[] {
    const { t } = this.texts;
    const { session, resumed, code, link, addresses, fingerprint } = event;
    return [
      this.#label(
        'session.label.session',
        t(resumed ? 'session.listening.again' : 'session.listening', { session: session.slice(0, 8) }),
      ),
      this.#label('session.label.code', code ?? t('session.no-code')),
      this.#label('session.label.link', link),
      this.#label('session.label.address', addresses.join('  ')),
      this.#label('session.label.key', fingerprint),
      '',
    ];
  }

  /** Who is new, and how many there are; whoever leaves is told by name when the connection ends. */
  #lobby({ participants, locked }: EventOf<'lobby'>): readonly string[] {
    const { t } = this.texts;
    const before = new Set(this.listed.map(({ fingerprint }) => fingerprint));
    const changed = participants.length !== this.listed.length || locked !== this.#locked;
    this.listed = participants;
    this.#locked = locked;
    const playing = this.#names.length > 0;
    const newcomers = participants.filter(
      ({ fingerprint, number }) => !before.has(fingerprint) && (!playing || number === null),
    );
    const lines = newcomers.map(({ name, fingerprint, known }) =>
      this.#label(
        'session.label.lobby',
        t(playing ? 'session.lobby.waits' : known ? 'session.lobby.known' : 'session.lobby.new', {
          name,
          fingerprint: shortFingerprint(fingerprint),
        }),
      ),
    );
    if (playing || !changed) return lines;
    return [...lines, this.#label('session.label.lobby', this.#howMany(participants.length, locked))];
  }

  #howMany(count: number, locked: boolean): string {
    const { t } = this.texts;
    const participants = count === 0 ? t('session.lobby.empty') : t('session.lobby', { count });
    return locked ? t('session.lobby.locked', { participants }) : participants;
  }

  #listNames({ names, locked }: EventOf<'roster-list'>): readonly string[] {
    const same = names.join('\n') === this.#rosterList.join('\n') && locked === this.#locked;
    this.#rosterList = names;
    this.#locked = locked;
    if (same) return [];
    const { formats, t } = this.texts;
    const count = this.#howMany(names.length, locked);
    return [
      this.#label(
        'session.label.lobby',
        names.length === 0 ? count : t('named-value', { name: count, value: formats.list(names) }),
      ),
    ];
  }

  #roster({ words, participants, members, own }: EventOf<'roster'>): readonly string[] {
    const { t } = this.texts;
    this.#names = members.map(({ name }) => name);
    const count = t('session.roster.members', { count: participants });
    return [
      '',
      this.#label('session.label.words', words.join('   ')),
      this.#below(own === null ? count : t('session.roster.own', { participants: count, number: own })),
      this.#below(t('session.roster.compare')),
      '',
    ];
  }

  #joined(event: EventOf<'joined'>): readonly string[] {
    const { t } = this.texts;
    const { title, name, rounds, demonstration, coordinatorFingerprint } = event;
    return [
      this.#label('session.label.session', t('session.joined', { title, name, count: rounds })),
      this.#label('session.label.leader', shortFingerprint(coordinatorFingerprint)),
      ...(demonstration ? [this.#below(t('session.demonstration'))] : []),
    ];
  }

  // Rounds

  #phase({ phase, awaited, deadlineMs }: EventOf<'phase'>): readonly string[] {
    const { t, formats } = this.texts;
    const first = this.#waiting?.phase !== phase;
    const endsAt = performance.now() + deadlineMs;
    this.#waiting = first
      ? { phase, awaited, answered: 0, endsAt }
      : { ...this.#waiting!, endsAt: Math.min(this.#waiting!.endsAt, endsAt) };
    this.#showWaiting();
    if (!first || phase !== 'masked-input') return [];
    const time = formats.duration(deadlineMs / 1000);
    return [this.#step('session.step.training', t('session.training', { count: awaited, time }))];
  }

  #showWaiting(): void {
    const waiting = this.#waiting;
    if (waiting === undefined || waiting.awaited === 0) return;
    const { phase, awaited, answered, endsAt } = waiting;
    const { t } = this.texts;
    this.#terminal.progress({
      label: `${indent}${t('session.awaited', { phase: phaseText(phase, this.texts), answered, awaited })}`,
      share: answered / awaited,
      secondsLeft: (endsAt - performance.now()) / 1000,
      texts: this.texts,
    });
  }

  #showTraining({ round, examplesDone, examplesTotal, examplesPerSecond }: EventOf<'training'>): void {
    const { t, formats } = this.texts;
    if (examplesDone >= examplesTotal) {
      this.#terminal.clear();
      return;
    }
    this.#terminal.progress({
      label: `${indent}${t('terminal.round', { round })}`,
      share: examplesDone / examplesTotal,
      speed: t('terminal.speed', { speed: formats.number(Math.round(examplesPerSecond)) }),
      secondsLeft: examplesPerSecond > 0 ? (examplesTotal - examplesDone) / examplesPerSecond : undefined,
      texts: this.texts,
    });
  }

  /** What everyone does in every round shows at one's own machine; elsewhere only what is unusual. */
  #protocol({ kind, client, phase, detail }: ProtocolEvent): readonly string[] {
    const { t } = this.texts;
    const name = this.#nameOf(client);
    const reason = 'reason' in detail ? codeText(String(detail['reason']), this.texts) : '';
    const where = { name, phase: phaseText(phase, this.texts) };
    switch (kind) {
      case 'verified':
        if (this.#waiting?.phase === phase) this.#waiting.answered += 1;
        this.#showWaiting();
        return [];
      case 'dropped':
        return [
          this.#step(
            'session.step.left',
            reason === '' ? t('session.left', where) : t('session.left.why', { ...where, reason }),
          ),
        ];
      case 'refused':
        return [this.#step('session.step.refused', t('session.refused', { ...where, reason }))];
      case 'recovered':
        return [this.#step('session.step.recovered', t('session.recovered', { name }))];
      case 'share-missing':
        return [this.#step('session.step.shares', t('session.share-missing', { name }))];
      case 'advertised':
      case 'shared':
      case 'revealed':
        if (this.#role === 'coordinator') return [];
        return [
          kind === 'advertised'
            ? this.#step('session.step.keys', t('session.keys'))
            : kind === 'shared'
              ? this.#step('session.step.shares', t('session.shares'))
              : this.#step('session.step.revealed', t('session.revealed')),
        ];
      case 'signed':
        if (this.#role === 'coordinator') return [];
        return [
          this.#step('session.step.signed', t('session.signed', { count: Number(detail['survivors'] ?? 0) })),
        ];
      default:
        return [];
    }
  }

  #round(event: EventOf<'round'>): readonly string[] {
    const { t, formats } = this.texts;
    this.#waiting = undefined;
    this.#terminal.clear();
    const { score } = formats;
    const { accuracy, f1Weighted, loss, clients, ms } = event;
    const participants = Math.max(this.#names.length, clients.advertised);
    return [
      this.#step(
        'session.step.sum',
        t('session.sum', { masked: clients.masked, participants, signed: clients.unmasked }),
      ),
      this.#step(
        'session.step.model',
        t('session.model', { accuracy: score(accuracy), f1: score(f1Weighted), loss: score(loss) }),
      ),
      ...(this.#role === 'coordinator'
        ? [
            this.#step(
              'session.step.time',
              t('session.time', {
                time: formats.duration(ms.total / 1000),
                coordinator: formats.milliseconds(ms.coordinator),
              }),
            ),
          ]
        : []),
    ];
  }

  // Network, problems, the end

  #disconnected({ reason, retryInMs }: EventOf<'disconnected'>): string {
    const { t, formats } = this.texts;
    const why = codeText(reason, this.texts);
    return retryInMs === null
      ? t('session.disconnected', { reason: why })
      : t('session.disconnected.retry', { reason: why, time: formats.duration(retryInMs / 1000) });
  }

  #problem({ code, message, hint }: EventOf<'error'>): readonly string[] {
    const told = problemText(code, this.#role, this.texts) ?? { message, hint };
    return [
      this.#label('session.label.error', told.message),
      ...(told.hint === '' ? [] : [this.#below(told.hint)]),
    ];
  }

  #finished({ outcome, final, identitiesCompared }: EventOf<'finished'>): readonly string[] {
    const { t, formats } = this.texts;
    this.#terminal.clear();
    const model =
      final === null
        ? []
        : [
            this.#label(
              'session.label.model',
              final.accuracy === null
                ? t('session.final.unknown', { round: final.round })
                : t('session.final', { round: final.round, accuracy: formats.score(final.accuracy) }),
            ),
            this.#below(final.modelSha256),
          ];
    return [
      '',
      this.#label('session.label.end', outcomeText(outcome, this.texts)),
      ...model,
      ...(identitiesCompared || this.#names.length === 0 ? [] : [this.#below(t('session.not-compared'))]),
    ];
  }
}

const retries = ['allowed', 'same-survivors', 'burnt'] as const;

function isRetry(text: string): text is (typeof retries)[number] {
  return (retries as readonly string[]).includes(text);
}
