/** Who is in the room, in lines: newcomers by name, how many there are, the words and whose they are. */
import type { LobbyParticipant, SessionEventOf } from '../../core/contract/session-event.ts';
import type { SessionColumn } from './session-column.ts';

/** The first groups of a fingerprint: enough to tell people apart in a list. */
export const shortFingerprint = (fingerprint: string): string => fingerprint.split(' ').slice(0, 4).join(' ');

export class RoomLines {
  readonly #column: SessionColumn;
  #listed: readonly LobbyParticipant[] = [];
  /** Of the current roster; number v is element v - 1. */
  #members: readonly string[] = [];
  /** As a participant is told them. */
  #names: readonly string[] = [];
  #locked = false;

  constructor(column: SessionColumn) {
    this.#column = column;
  }

  /** The lobby as it was last told. */
  get listed(): readonly LobbyParticipant[] {
    return this.#listed;
  }

  /** How many are in the current roster. */
  get members(): number {
    return this.#members.length;
  }

  nameOf(client: number | undefined): string {
    const { t } = this.#column.texts;
    if (client === undefined || client === 0) return t('session.coordinator');
    return this.#members[client - 1] ?? t('session.number', { number: client });
  }

  /** Who is new, and how many there are; whoever leaves is told by name when the connection ends. */
  lobby({ participants, locked }: SessionEventOf<'lobby'>): readonly string[] {
    const { t } = this.#column.texts;
    const before = new Set(this.#listed.map(({ fingerprint }) => fingerprint));
    const changed = participants.length !== this.#listed.length || locked !== this.#locked;
    this.#listed = participants;
    this.#locked = locked;
    const playing = this.#members.length > 0;
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
    const { t } = this.#column.texts;
    const participants = count === 0 ? t('session.lobby.empty') : t('session.lobby', { count });
    return locked ? t('session.lobby.locked', { participants }) : participants;
  }

  list({ names, locked }: SessionEventOf<'roster-list'>): readonly string[] {
    const same = names.join('\n') === this.#names.join('\n') && locked === this.#locked;
    this.#names = names;
    this.#locked = locked;
    if (same) return [];
    const { formats, t } = this.#column.texts;
    const count = this.#howMany(names.length, locked);
    return [
      this.#column.label(
        'session.label.lobby',
        names.length === 0 ? count : t('named-value', { name: count, value: formats.list(names) }),
      ),
    ];
  }

  roster({ words, participants, members, own }: SessionEventOf<'roster'>): readonly string[] {
    const { t } = this.#column.texts;
    this.#members = members.map(({ name }) => name);
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
}
