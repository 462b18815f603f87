/**
 * Turns a session's events into lines that a room can read from a projector, in the session's language: who is here, the
 * words, each round in a few lines. One line is redrawn: how many have answered, or this machine's own training.
 */
import type { ProtocolEvent, RoundPrivacy } from '../../core/contract/run-result.ts';
import type { LobbyParticipant, SessionEvent } from '../../core/contract/session-event.ts';
import type { Language } from '../../renderer/messages/formats.ts';
import { type Texts, textsOf } from '../../renderer/messages/translate.ts';
import {
  deltaText,
  epsilonText,
  normText,
  planFigures,
  privacyFigures,
} from '../../renderer/wording/privacy.ts';
import { noteSentence } from '../../renderer/wording/session-notes.ts';
import { lossText } from '../../renderer/wording/settings.ts';
import { codeText, outcomeText } from '../../renderer/wording/watching/parts.ts';
import { SessionColumn } from './session-column.ts';
import { phaseText, problemText } from './session-words.ts';
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
  #column: SessionColumn;
  /** Names of the current roster; number v is element v - 1. */
  #names: readonly string[] = [];
  #rosterList: readonly string[] = [];
  #locked = false;
  #demonstration = false;
  #over = false;
  #waiting:
    { readonly phase: string; readonly awaited: number; answered: number; endsAt: number } | undefined;

  constructor(terminal: Terminal, role: SessionRole, language: Language) {
    this.#terminal = terminal;
    this.#role = role;
    this.texts = textsOf(language, 'terminal');
    this.#column = new SessionColumn(this.texts);
  }

  show(event: SessionEvent): void {
    if (event.type === 'joined' && event.language !== undefined) this.#speak(event.language);
    for (const line of this.#linesOf(event)) this.#terminal.line(line);
    if (event.type === 'training') this.#showTraining(event);
  }

  #speak(language: Language): void {
    this.texts = textsOf(language, 'terminal');
    this.#column = new SessionColumn(this.texts);
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
          this.#column.label(
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
        return this.#heading(round, attempt, rounds);
      }
      case 'phase':
        return this.#phase(event);
      case 'held':
        if (event.phase === null) return [];
        this.#terminal.clear();
        return [
          this.#column.step(
            'session.step.held',
            t('session.held', { phase: phaseText(event.phase, this.texts) }),
          ),
        ];
      case 'protocol':
        return this.#protocol(event.event);
      case 'attempt-aborted':
        return [
          this.#column.step(
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
        // at the end everyone hangs up
        if (this.#over) return [];
        return [
          this.#column.label(
            event.connected ? 'session.label.here' : 'session.label.gone',
            event.reason === ''
              ? event.name
              : t('session.because', { name: event.name, reason: codeText(event.reason, this.texts) }),
          ),
        ];
      case 'turned-away':
        return [
          this.#column.label(
            'session.label.refused',
            t('session.turned-away', { who: event.address, reason: codeText(event.reason, this.texts) }),
          ),
        ];
      case 'ballot':
        return event.choices === 0
          ? []
          : [this.#column.label('session.label.asked', t('session.ballot', { count: event.choices }))];
      case 'votes':
        // opened and counted on a screen
        return [];
      case 'repeat-asked':
        return [this.#column.label('session.label.asked', t('session.repeat-asked', { round: event.round }))];
      case 'repeat-question':
        return [
          '',
          this.#column.label('session.label.asked', t('session.repeat.failed', { round: event.round })),
          this.#column.below(t('session.repeat.risk')),
        ];
      case 'joined':
        return this.#joined(event);
      case 'data':
        return [
          this.#column.label(
            'session.label.data',
            t(`session.data.${event.mode}`, { count: event.examples, dataset: event.dataset }),
          ),
          ...(event.drawings === undefined
            ? []
            : [this.#column.below(t('session.data.drawings', { count: event.drawings }))]),
        ];
      case 'masked':
        this.#terminal.clear();
        return [
          this.#column.step(
            'session.step.masked',
            t(this.#demonstration ? 'session.masked.demonstration' : 'session.masked', {
              bytes: formats.bytes(event.bytes),
            }),
          ),
        ];
      case 'privacy-plan':
        return this.#privacyPlan(event);
      case 'privacy-charged':
        return this.#privacyCharged(event);
      case 'budget-reached':
        return [
          this.#column.label(
            'session.label.privacy',
            t('session.privacy.reached', {
              epsilon: epsilonText(event.epsilon, this.texts),
              budget: formats.number(event.budget),
              delta: deltaText(event.delta),
            }),
          ),
        ];
      case 'connected':
        return [this.#column.label('session.label.connected', event.address)];
      case 'disconnected':
        return [this.#column.label('session.label.lost', this.#disconnected(event))];
      case 'waiting':
        return [
          this.#column.label(
            'session.label.waiting',
            event.reason === 'running' ? t('session.waiting.running') : codeText(event.reason, this.texts),
          ),
        ];
      case 'paused':
      case 'resumed':
        return [t(`session.${event.type}`)];
      case 'note':
        return [this.#column.label('session.label.note', noteSentence(event, this.texts))];
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
      this.#column.label(
        'session.label.session',
        t(resumed ? 'session.listening.again' : 'session.listening', { session: session.slice(0, 8) }),
      ),
      this.#column.label('session.label.code', code ?? t('session.no-code')),
      this.#column.label('session.label.link', link),
      this.#column.label('session.label.address', addresses.join('  ')),
      this.#column.label('session.label.key', fingerprint),
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
      this.#column.label(
        'session.label.lobby',
        t(playing ? 'session.lobby.waits' : known ? 'session.lobby.known' : 'session.lobby.new', {
          name,
          fingerprint: shortFingerprint(fingerprint),
        }),
      ),
    );
    if (playing || !changed) return lines;
    return [...lines, this.#column.label('session.label.lobby', this.#howMany(participants.length, locked))];
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
      this.#column.label(
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
      this.#column.label('session.label.words', words.join('   ')),
      this.#column.below(
        own === null ? count : t('session.roster.own', { participants: count, number: own }),
      ),
      this.#column.below(t('session.roster.compare')),
      '',
    ];
  }

  #joined(event: EventOf<'joined'>): readonly string[] {
    const { t } = this.texts;
    const { title, name, rounds, demonstration, aggregation = 'mean', loss, coordinatorFingerprint } = event;
    this.#demonstration = demonstration;
    return [
      this.#column.label('session.label.session', t('session.joined', { title, name, count: rounds })),
      this.#column.label('session.label.leader', shortFingerprint(coordinatorFingerprint)),
      ...(demonstration ? [this.#column.below(t('session.demonstration'))] : []),
      ...(aggregation === 'mean'
        ? []
        : [this.#column.below(t('session.aggregation', { rule: t(`attack.backdoor.rule.${aggregation}`) }))]),
      ...(loss === undefined
        ? []
        : [this.#column.below(t('session.loss', { loss: lossText(loss, this.texts) }))]),
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
    return [this.#column.step('session.step.training', t('session.training', { count: awaited, time }))];
  }

  #heading(round: number, attempt: number, rounds: number): readonly string[] {
    const { t } = this.texts;
    const heading =
      attempt > 1
        ? t('session.round.again', { round, rounds, attempt })
        : t('session.round', { round, rounds });
    return ['', heading];
  }

  #showWaiting(): void {
    const waiting = this.#waiting;
    if (waiting === undefined || waiting.awaited === 0) return;
    const { phase, awaited, answered, endsAt } = waiting;
    const { t } = this.texts;
    this.#terminal.progress({
      label: `  ${t('session.awaited', { phase: phaseText(phase, this.texts), answered, awaited })}`,
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
      label: `  ${t('terminal.round', { round })}`,
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
          this.#column.step(
            'session.step.left',
            reason === '' ? t('session.left', where) : t('session.left.why', { ...where, reason }),
          ),
        ];
      case 'refused':
        return [this.#column.step('session.step.refused', t('session.refused', { ...where, reason }))];
      case 'recovered':
        return [this.#column.step('session.step.recovered', t('session.recovered', { name }))];
      case 'share-missing':
        return [this.#column.step('session.step.shares', t('session.share-missing', { name }))];
      case 'advertised':
      case 'shared':
      case 'revealed':
        if (this.#role === 'coordinator') return [];
        if (kind === 'shared') return [this.#column.step('session.step.shares', t('session.shares'))];
        if (kind === 'revealed') return [this.#column.step('session.step.revealed', t('session.revealed'))];
        return [this.#column.step('session.step.keys', t('session.keys'))];
      case 'signed':
        if (this.#role === 'coordinator') return [];
        return [
          this.#column.step(
            'session.step.signed',
            t('session.signed', { count: Number(detail['survivors'] ?? 0) }),
          ),
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
      this.#column.step(
        'session.step.sum',
        t('session.sum', { masked: clients.masked, participants, signed: clients.unmasked }),
      ),
      ...this.#noise(event.privacy),
      this.#column.step(
        'session.step.model',
        t('session.model', { accuracy: score(accuracy), f1: score(f1Weighted), loss: score(loss) }),
      ),
      ...(this.#role === 'coordinator'
        ? [
            this.#column.step(
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

  // Differential privacy

  #privacyPlan(event: EventOf<'privacy-plan'>): readonly string[] {
    const { t } = this.texts;
    const { budget, roundsWithin, harm } = event;
    return [
      this.#column.label(
        'session.label.privacy',
        t('terminal.privacy.value', planFigures(event, this.texts)),
      ),
      ...(harm === 'little' ? [] : [this.#column.below(t(`terminal.privacy.${harm}.alone`))]),
      ...(budget === null || roundsWithin === null
        ? []
        : [this.#column.below(t('session.privacy.within', { count: roundsWithin, budget }))]),
    ];
  }

  #privacyCharged(event: EventOf<'privacy-charged'>): readonly string[] {
    const { t, formats } = this.texts;
    const { budget, updateNorm, clippingNorm, noiseNorm } = event;
    const spent = {
      epsilon: epsilonText(event.epsilon, this.texts),
      delta: deltaText(event.delta),
    };
    return [
      this.#column.step(
        'session.step.noise',
        budget === null
          ? t('session.privacy.spent', spent)
          : t('session.privacy.budget', { ...spent, budget: formats.number(budget) }),
      ),
      ...(updateNorm === null
        ? []
        : [
            this.#column.below(
              t('session.privacy.own', {
                norm: normText(updateNorm, this.texts),
                clipping: normText(clippingNorm, this.texts),
                noise: normText(noiseNorm, this.texts),
              }),
            ),
          ]),
    ];
  }

  #noise(privacy: RoundPrivacy | undefined): readonly string[] {
    if (privacy === undefined) return [];
    const text = this.texts.t('session.noise', privacyFigures(privacy, this.texts));
    return [this.#column.step('session.step.noise', text)];
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
      this.#column.label('session.label.error', told.message),
      ...(told.hint === '' ? [] : [this.#column.below(told.hint)]),
    ];
  }

  #finished({ outcome, final, identitiesCompared }: EventOf<'finished'>): readonly string[] {
    const { t, formats } = this.texts;
    this.#over = true;
    this.#terminal.clear();
    const model =
      final === null
        ? []
        : [
            this.#column.label(
              'session.label.model',
              final.accuracy === null
                ? t('session.final.unknown', { round: final.round })
                : t('session.final', { round: final.round, accuracy: formats.score(final.accuracy) }),
            ),
            this.#column.below(final.modelSha256),
          ];
    return [
      '',
      this.#column.label('session.label.end', outcomeText(outcome, this.texts)),
      ...model,
      ...(identitiesCompared || this.#names.length === 0
        ? []
        : [this.#column.below(t('session.not-compared'))]),
    ];
  }
}

const retries = ['allowed', 'same-survivors', 'burnt'] as const;

function isRetry(text: string): text is (typeof retries)[number] {
  return (retries as readonly string[]).includes(text);
}
