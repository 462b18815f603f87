/** `masquerade coordinate`: this machine leads a session over the network. */
import { type Command } from 'commander';
import qrcode from 'qrcode';
import type { RunSettings } from '../../core/contract/run-settings.ts';
import type { LobbyParticipant, SessionEvent } from '../../core/contract/session-event.ts';
import { sessionPlanSchema } from '../../core/contract/session-plan.ts';
import { FederationError, invalidSetting } from '../../core/errors/federation-error.ts';
import {
  type CoordinateOptions,
  openCoordinator,
  resumeCoordinator,
} from '../coordinator/open-coordinator.ts';
import type { CoordinatorSession } from '../coordinator/coordinator-session.ts';
import { EngineSpeeds } from '../compute/engine-speeds.ts';
import type { Language } from '../../renderer/messages/formats.ts';
import { type Texts, textsOf } from '../../renderer/messages/translate.ts';
import type { Store } from '../storage/store.ts';
import { createTypist } from './ask.ts';
import type { CommandContext } from './context.ts';
import {
  addStoreOptions,
  openQuietly,
  sayProtection,
  seconds,
  type StoreOptions,
  wholeNumber,
} from './session-options.ts';
import { flatEvent, reportErrors, sessionExitCode } from './session-output.ts';
import { shortFingerprint } from './room-lines.ts';
import { SessionScreen } from './session-lines.ts';
import { addSettingOptions, readSettings } from './settings.ts';
import type { Terminal } from './terminal.ts';

interface Options extends StoreOptions, Record<string, unknown> {
  readonly title: string;
  readonly participants?: number;
  readonly startWhenFull?: true;
  readonly ownData?: true;
  readonly demonstration?: true;
  readonly deadline?: number;
  readonly patience: number;
  readonly host?: string;
  readonly port?: number;
  readonly announce: boolean;
  readonly resume?: string | true;
  readonly qr: boolean;
}

export function addCoordinateCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('coordinate')
    .description(
      'leads a session over the network: others join, train on their own data, and only the sum is seen',
    );
  addSettingOptions(command, ['clients', 'drop', 'dropAt', 'privacyBudget']);
  addStoreOptions(command)
    .option('--title <text>', 'what the session is called', 'Masquerade session')
    .option('--participants <n>', 'how many there will be', wholeNumber(3, 500))
    .option(
      '--start-when-full',
      'close the lobby and start by itself at --participants (identities not compared)',
    )
    .option('--own-data', 'everyone brings a folder, instead of a part of the data set that is dealt out')
    .option('--demonstration', 'an open demonstration, in which protections may be off')
    .option('--deadline <seconds>', 'how long every phase waits; adaptive when left out', seconds(86_400))
    .option('--patience <seconds>', 'how long too few members are waited for', seconds(86_400), 300)
    .option('--host <address>', 'listen at this address only')
    .option('--port <n>', 'listen at this port', wholeNumber(1, 65_535))
    .option('--no-announce', 'do not announce the session on the local network')
    .option('--no-qr', 'no QR code on the terminal')
    .option('--resume [session]', 'go on with a session that was cut short: its id, or the latest')
    .addHelpText(
      'after',
      `
${textsOf('en', 'terminal').t('session.commands')}

Examples:
  masquerade coordinate --title "Monday's class" --rounds 5
  masquerade coordinate --participants 20 --start-when-full --rounds 5 --json
  masquerade coordinate --resume`,
    )
    .action((options: Options) => {
      const spoken: Spoken = { language: options['language'] === 'fr' ? 'fr' : 'en' };
      return reportErrors(
        options.json,
        context,
        () => coordinate(options, context, spoken),
        () => spoken.language,
      );
    });
}

/** What is typed and told: a session that goes on speaks its own language, unless another is asked for. */
interface Spoken {
  language: Language;
}

async function coordinate(options: Options, context: CommandContext, spoken: Spoken): Promise<void> {
  if (options.startWhenFull && options.participants === undefined && options.resume === undefined)
    throw invalidSetting('--start-when-full', 'given alone', 'given together with --participants N');
  const settings = await readSettings(options);
  const store = await openQuietly(options);
  try {
    const resumed = options.resume === undefined ? undefined : sessionToResume(store, options.resume);
    const own = resumed === undefined ? undefined : languageOf(store, resumed);
    if (options['language'] === undefined) spoken.language = own ?? settings.language;
    sayProtection(store, context, spoken.language);
    await lead({ options, settings, store, resumed, spoken }, context);
  } finally {
    store.close();
  }
}

async function lead(
  {
    options,
    settings,
    store,
    resumed,
    spoken,
  }: {
    readonly options: Options;
    readonly settings: RunSettings;
    readonly store: Store;
    readonly resumed: string | undefined;
    readonly spoken: Spoken;
  },
  context: CommandContext,
): Promise<void> {
  const { terminal, print, signal, version } = context;
  const screen = new SessionScreen(terminal, 'coordinator', spoken.language);
  const onEvent = (event: SessionEvent): void => {
    if (options.json) print(flatEvent(event));
    else screen.show(event);
    if (event.type === 'listening' && !options.json && options.qr) void showQr(event.link, terminal);
  };
  const coordinateOptions: CoordinateOptions = {
    store,
    settings,
    title: options.title,
    data: options.ownData ? 'own' : 'dealt',
    demonstration: options.demonstration ?? false,
    startWhenFull: options.startWhenFull ? options.participants : undefined,
    deadlineMs: options.deadline === undefined ? undefined : options.deadline * 1000,
    patienceMs: options.patience * 1000,
    host: options.host,
    port: options.port,
    announce: options.announce,
    engineSpeeds: new EngineSpeeds({ folder: store.folder, version }),
    onEvent,
  };
  const typist = createTypist();
  try {
    const opened =
      resumed === undefined
        ? await openCoordinator(coordinateOptions)
        : await resumeCoordinator(
            { ...coordinateOptions, dataset: givenDataset(options, settings) },
            resumed,
          );
    if (!options.json && !options.startWhenFull) terminal.line(`${screen.texts.t('session.commands')}\n`);
    typist.onCommand((line) => {
      const answer = carryOut(line, opened.session, screen);
      if (answer !== undefined && !options.json) terminal.line(answer);
    });
    signal.addEventListener('abort', () => {
      terminal.line(screen.texts.t('session.ending'));
      opened.session.stop();
    });
    if (signal.aborted) opened.session.stop();
    const { outcome } = await opened.run();
    context.setExitCode(sessionExitCode(outcome, signal.aborted));
  } finally {
    typist.close();
  }
}

/** Of a session that this machine coordinates. */
function languageOf(store: Store, session: string): Language | undefined {
  const row = store.session(session);
  return row && sessionPlanSchema.parse(JSON.parse(row.plan)).settings.language;
}

/** Left out, it is where it was when the session began. */
function givenDataset(options: Options, { dataset }: RunSettings): string | undefined {
  return options['dataset'] === undefined && dataset === 'mnist' ? undefined : dataset;
}

/** What the leader typed. A sentence to show when it could not be done. */
function carryOut(
  line: string,
  session: CoordinatorSession,
  { texts, listed }: SessionScreen,
): string | undefined {
  const { t } = texts;
  const [word = '', argument = ''] = line.split(/\s+/);
  switch (word) {
    case '':
      return undefined;
    case 'close':
      session.closeLobby();
      return undefined;
    case 'yes':
    case 'oui':
      session.confirmWords(true);
      return undefined;
    case 'no':
    case 'non':
      session.confirmWords(false);
      return undefined;
    case 'start':
      session.start();
      return undefined;
    case 'list':
      return listLines(listed, texts).join('\n');
    case 'lock':
    case 'unlock':
      session.setLocked(word === 'lock');
      return undefined;
    case 'pause':
      session.pause();
      return undefined;
    case 'resume':
      session.resume();
      return undefined;
    case 'step':
    case 'full':
      session.setStepping(word === 'step');
      return undefined;
    case 'next':
      session.next();
      return undefined;
    case 'stop':
      session.stop();
      return undefined;
    case 'deadline':
      return changeDeadline(argument, session, texts);
    case 'remove': {
      const person = listed[Number(argument) - 1];
      if (person === undefined) return t('session.unknown-number', { number: argument });
      session.remove(person.fingerprint.replaceAll(' ', '').toLowerCase());
      return undefined;
    }
    default:
      return `${t('session.unknown-command', { line })}\n${t('session.commands')}`;
  }
}

/** Numbered, as `remove` takes them. */
function listLines(listed: readonly LobbyParticipant[], { t }: Texts): string[] {
  if (listed.length === 0) return [t('session.lobby.empty')];
  return listed.map(({ name, fingerprint, connected, confirmed }, index) => {
    const state = [
      ...(connected ? [] : [t('session.list.offline')]),
      ...(confirmed === true ? [t('session.list.confirmed')] : []),
    ];
    return `${String(index + 1).padStart(3)}  ${[name, shortFingerprint(fingerprint), ...state].join('  ')}`;
  });
}

function changeDeadline(argument: string, session: CoordinatorSession, { t }: Texts): string | undefined {
  const value = Number(argument);
  if (argument !== 'auto' && !(value > 0)) return t('session.bad-deadline');
  session.setDeadline(argument === 'auto' ? undefined : value * 1000);
  return undefined;
}

/** Which one: the latest session of this machine that has not ended, where none is named. */
function sessionToResume(store: Store, named: string | true): string {
  if (named !== true) return named;
  const row = store
    .sessions()
    .find(({ role, state }) => role === 'coordinator' && (state === 'lobby' || state === 'running'));
  if (row !== undefined) return row.session;
  throw new FederationError('session-unknown', 'Cannot resume: no session of this machine was cut short.', {
    details: { session: '' },
    blame: 'user',
    action: 'correct',
  });
}

async function showQr(link: string, terminal: Terminal): Promise<void> {
  terminal.line(await qrcode.toString(link, { type: 'utf8', errorCorrectionLevel: 'L' }));
}
