/** What `masquerade sessions` prints: sessions in a table, one session in paragraphs. */
import { isUnusual, type UnusualEvent } from '../../core/contract/run-result.ts';
import { chosenLoss } from '../../core/contract/run-settings.ts';
import type { SessionEpoch, SessionResult } from '../../core/contract/session-result.ts';
import type { Texts } from '../../renderer/messages/translate.ts';
import { nameOfClient, phaseWaits } from '../../core/results/figures.ts';
import { sessionEngine } from '../../renderer/wording/engines.ts';
import { waitText } from '../../renderer/wording/costs.ts';
import type { SessionRow } from '../storage/store.ts';
import { lossText } from '../../renderer/wording/settings.ts';
import { codeText, outcomeText } from '../../renderer/wording/watching/parts.ts';
import { phaseText } from './session-words.ts';
import { labelled, table } from './terminal.ts';

export type SessionListing = Pick<
  SessionRow,
  'session' | 'role' | 'title' | 'state' | 'startedAt' | 'endedAt' | 'endedReason' | 'demonstration'
> & {
  /** Of the last roster. */
  readonly participants: number;
  readonly rounds: number;
  readonly roundsDone: number;
  readonly accuracy: number | null;
  readonly f1Weighted: number | null;
  /** null before a lobby was closed. */
  readonly identitiesCompared: boolean | null;
};

/** Characters of a session's name that are shown: enough to give to the other commands. */
const nameLength = 8;
const longestTitle = 30;
const mostEvents = 20;
const mostMembers = 60;
const mostRounds = 60;

export function listSessions(listed: readonly SessionListing[], { t, formats }: Texts): string[] {
  if (listed.length === 0) return [t('sessions.none')];
  const headings = [
    'session',
    'title',
    'role',
    'state',
    'started',
    'people',
    'rounds',
    'accuracy',
    'compared',
  ] as const;
  return table(
    [
      headings.map((column) => t(`sessions.column.${column}`)),
      ...listed.map((row) => [
        row.session.slice(0, nameLength),
        cut(row.title),
        t(`sessions.role.${row.role}`),
        t(`sessions.state.${row.state}`),
        localMoment(row.startedAt),
        formats.number(row.participants),
        `${formats.number(row.roundsDone)}/${formats.number(row.rounds)}`,
        row.accuracy === null ? '–' : formats.score(row.accuracy),
        row.identitiesCompared === null ? '–' : t(row.identitiesCompared ? 'yes' : 'no'),
      ]),
    ],
    ['left', 'left', 'left', 'left', 'left', 'right', 'right', 'right', 'left'],
  );
}

export function describeSession(result: SessionResult, texts: Texts): string[] {
  const { t, formats } = texts;
  const { session, rounds, settings } = result;
  const loss = chosenLoss(settings);
  const how = result.ended ?? 'finished';
  const about = labelled([
    [t('sessions.column.session'), session.id],
    [t('sessions.column.title'), session.title],
    [t('sessions.column.role'), t(`sessions.role.${session.role}`)],
    [
      t('sessions.column.state'),
      t('named-value', {
        name: t(`sessions.state.${session.state}`),
        value: outcomeText(how, texts),
      }),
    ],
    [
      t('sessions.column.started'),
      t('sessions.took', {
        started: localMoment(result.startedAt),
        time: formats.duration(result.seconds),
      }),
    ],
    [t('session.label.leader'), session.fingerprint],
    [t('sessions.rounds'), `${formats.number(rounds.length)}/${formats.number(settings.rounds)}`],
    ...(result.final === null ? [] : [[t('session.label.model'), result.final.modelSha256] as const]),
    [t('terminal.engine'), sessionEngine(result, texts)],
    ...(loss === undefined ? [] : [[t('setting.loss'), lossText(loss, texts)] as const]),
    ...(session.demonstration ? [['', t('session.demonstration')] as const] : []),
  ]);
  return [
    ...about,
    ...session.epochs.flatMap((epoch) => ['', ...epochLines(epoch, session.epochs.length > 1, texts)]),
    ...(rounds.length === 0 ? [] : ['', ...roundLines(result, texts)]),
    ...(result.phases.length === 0 ? [] : ['', t('sessions.phases'), ...phaseLines(result, texts)]),
    '',
    t('sessions.events'),
    ...eventLines(result, texts),
  ];
}

function epochLines(
  { epoch, words, compared, members }: SessionEpoch,
  many: boolean,
  { t }: Texts,
): string[] {
  const said = t('sessions.words', {
    words: words.join('   '),
    compared: t(compared ? 'sessions.compared' : 'sessions.not-compared'),
  });
  const width = Math.max(...members.map(({ name }) => name.length));
  const rest = members.length - mostMembers;
  return [
    ...(many ? [t('sessions.epoch', { epoch })] : []),
    ...labelled([[t('session.label.words'), said]]),
    ...members
      .slice(0, mostMembers)
      .map(
        ({ number, name, fingerprint }) =>
          `  ${t('sessions.member', { number: String(number).padStart(3), name: name.padEnd(width), fingerprint })}`,
      ),
    ...(rest > 0 ? [`  ${t('sessions.more', { count: rest })}`] : []),
  ];
}

function roundLines({ rounds }: SessionResult, { t, formats }: Texts): string[] {
  const rest = rounds.length - mostRounds;
  const columns = [
    t('rounds.round'),
    t('rounds.attempts'),
    t('results.accuracy'),
    t('results.f1'),
    t('curves.loss'),
    t('people.rounds'),
    t('rounds.dropped'),
    t('rounds.refused'),
    t('results.time'),
  ];
  return [
    ...table(
      [
        columns,
        ...rounds
          .slice(-mostRounds)
          .map((round) => [
            formats.number(round.round),
            formats.number(round.attempts),
            formats.score(round.accuracy),
            formats.score(round.f1Weighted),
            formats.score(round.loss),
            formats.number(round.clients.masked),
            formats.number(round.dropped.length),
            formats.number(round.refused.length),
            formats.duration(round.ms.total / 1000),
          ]),
      ],
      columns.map(() => 'right' as const),
    ),
    ...(rest > 0 ? [t('sessions.more', { count: rest })] : []),
  ];
}

function phaseLines({ phases }: SessionResult, texts: Texts): string[] {
  return labelled(
    phaseWaits(phases).map(({ phase, meanMs, mostMs, answered, awaited }) => [
      `  ${phaseText(phase, texts)}`,
      texts.t('sessions.phase', {
        mean: waitText(meanMs, texts),
        most: waitText(mostMs, texts),
        answered,
        awaited,
      }),
    ]),
  );
}

function eventLines(result: SessionResult, texts: Texts): string[] {
  const { t } = texts;
  const events = result.events.filter(isUnusual);
  if (events.length === 0) return [`  ${t('sessions.no-events')}`];
  const rest = events.length - mostEvents;
  return [
    ...events.slice(0, mostEvents).map((event) => `  ${eventLine(event, result, texts)}`),
    ...(rest > 0 ? [`  ${t('sessions.more', { count: rest })}`] : []),
  ];
}

function eventLine(event: UnusualEvent, result: SessionResult, texts: Texts): string {
  const { t } = texts;
  const { round, phase, client, kind, detail } = event;
  const who =
    client === undefined
      ? String(detail['who'] ?? t('session.coordinator'))
      : (nameOfClient(client, round, result) ?? t('session.number', { number: client }));
  const why = 'reason' in detail ? ` (${codeText(String(detail['reason']), texts)})` : '';
  const where = round === 0 ? t('events.outside') : t('events.round', { round });
  return `${where}, ${phaseText(phase, texts)}: ${who}, ${t(`event.${kind}`)}${why}`;
}

function cut(title: string): string {
  return title.length > longestTitle ? `${title.slice(0, longestTitle - 1)}…` : title;
}

/** '2026-11-24 10:15', local time. */
function localMoment(iso: string): string {
  const date = new Date(iso);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16).replace('T', ' ');
}
