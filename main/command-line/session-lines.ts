/**
 * Turns a session's events into lines that a room can read from a projector, in the session's language: who is here, the
 * words, each round in a few lines, how it ends.
 */
import type { LobbyParticipant, SessionEvent, SessionEventOf } from '../../core/contract/session-event.ts';
import type { Language } from '../../renderer/messages/formats.ts';
import type { Texts } from '../../renderer/messages/translate.ts';
import { noteSentence } from '../../renderer/wording/session-notes.ts';
import { lossText } from '../../renderer/wording/settings.ts';
import { codeText, outcomeText } from '../../renderer/wording/watching/parts.ts';
import type { SessionRole } from '../storage/store.ts';
import { budgetReachedLine, privacyChargedLines, privacyPlanLines } from './privacy-lines.ts';
import { RoomLines, shortFingerprint } from './room-lines.ts';
import { RoundLines } from './round-lines.ts';
import { SessionColumn } from './session-column.ts';
import { problemText } from './session-words.ts';
import type { Terminal } from './terminal.ts';

export class SessionScreen {
  readonly #terminal: Terminal;
  readonly #role: SessionRole;
  readonly #column: SessionColumn;
  readonly #room: RoomLines;
  readonly #round: RoundLines;
  #demonstration = false;
  #over = false;

  constructor(terminal: Terminal, role: SessionRole, language: Language) {
    this.#terminal = terminal;
    this.#role = role;
    this.#column = new SessionColumn(language);
    this.#room = new RoomLines(this.#column);
    this.#round = new RoundLines(terminal, role, this.#column, this.#room);
  }

  /** A participant takes the language from the session's plan, once it has joined. */
  get texts(): Texts {
    return this.#column.texts;
  }

  /** The lobby as it was last told. */
  get listed(): readonly LobbyParticipant[] {
    return this.#room.listed;
  }

  show(event: SessionEvent): void {
    if (event.type === 'joined' && event.language !== undefined) this.#column.speak(event.language);
    for (const line of this.#linesOf(event)) this.#terminal.line(line);
  }

  #linesOf(event: SessionEvent): readonly string[] {
    const { t } = this.texts;
    switch (event.type) {
      case 'listening':
        return this.#listening(event);
      case 'lobby':
        return this.#room.lobby(event);
      case 'roster-list':
        return this.#room.list(event);
      case 'roster':
        return this.#room.roster(event);
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
      case 'round-started':
        return this.#round.started(event);
      case 'phase':
        return this.#round.phase(event);
      case 'held':
        return this.#round.held(event);
      case 'protocol':
        return this.#round.protocol(event.event);
      case 'attempt-aborted':
        return [this.#round.aborted(event)];
      case 'round':
        return this.#round.done(event);
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
        return this.#round.masked(event, this.#demonstration);
      case 'privacy-plan':
        return privacyPlanLines(event, this.#column);
      case 'privacy-charged':
        return privacyChargedLines(event, this.#column);
      case 'budget-reached':
        return [budgetReachedLine(event, this.#column)];
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
        this.#round.training(event);
        return [];
    }
  }

  // Before the rounds

  #listening(event: SessionEventOf<'listening'>): readonly string[] {
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

  #joined(event: SessionEventOf<'joined'>): readonly string[] {
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

  // Network, problems, the end

  #disconnected({ reason, retryInMs }: SessionEventOf<'disconnected'>): string {
    const { t, formats } = this.texts;
    const why = codeText(reason, this.texts);
    return retryInMs === null
      ? t('session.disconnected', { reason: why })
      : t('session.disconnected.retry', { reason: why, time: formats.duration(retryInMs / 1000) });
  }

  #problem({ code, message, hint }: SessionEventOf<'error'>): readonly string[] {
    const told = problemText(code, this.#role, this.texts) ?? { message, hint };
    return [
      this.#column.label('session.label.error', told.message),
      ...(told.hint === '' ? [] : [this.#column.below(told.hint)]),
    ];
  }

  #finished({ outcome, final, identitiesCompared }: SessionEventOf<'finished'>): readonly string[] {
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
      ...(identitiesCompared || this.#room.members === 0
        ? []
        : [this.#column.below(t('session.not-compared'))]),
    ];
  }
}
