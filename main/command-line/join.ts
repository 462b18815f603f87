/** `masquerade join`: this machine takes part in a session that another coordinates. */
import { userInfo } from 'node:os';
import { type Command, Option } from 'commander';
import { type EngineChoice, engineChoices } from '../../core/contract/engines.ts';
import type { SessionEvent } from '../../core/contract/session-event.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import { sanitiseName } from '../../core/joining/display-name.ts';
import { parseInvitation } from '../../core/joining/join-link.ts';
import type { Language } from '../../renderer/messages/formats.ts';
import { EngineSpeeds } from '../compute/engine-speeds.ts';
import { callerPath } from '../files/caller-path.ts';
import { browse, type FoundSession } from '../network/discovery.ts';
import type { PersonAnswers } from '../participant/participant-options.ts';
import { ParticipantSession } from '../participant/participant-session.ts';
import { createTypist, type Typist } from './ask.ts';
import type { CommandContext } from './context.ts';
import { languageOption } from './language-option.ts';
import {
  addStoreOptions,
  openCommandStore,
  positive,
  seconds,
  type StoreOptions,
  wholeNumber,
} from './session-options.ts';
import { SessionScreen } from './session-lines.ts';
import { flatEvent, reportErrors, sessionExitCode } from './session-output.ts';

interface Options extends StoreOptions {
  readonly name?: string;
  readonly data?: string;
  readonly drawings?: true;
  readonly yes?: true;
  readonly agreeToDemonstration?: true;
  readonly privacyBudget?: number;
  readonly engine: EngineChoice;
  readonly processes: number;
  readonly patience: number;
  readonly language?: Language;
}

/** How long the local network is asked for sessions. */
const browseMs = 4_000;

export function addJoinCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('join')
    .argument('[code]', 'the code or link that the leader shows; sessions on the local network when left out')
    .description('takes part in a session: trains on this machine, sends only what is masked');
  addStoreOptions(command)
    .option('--name <name>', 'what the others see', defaultName())
    .option('--data <folder>', 'your own data (IDX files, or a folder of images per class)')
    .option('--drawings', 'the digits drawn on this machine take part, with what is dealt or alone')
    .option('--yes', 'accept the words without comparing them; marks the session "identities not compared"')
    .option('--agree-to-demonstration', 'join a demonstration too, in which protections may be off')
    .option(
      '--privacy-budget <epsilon>',
      'send nothing more past this epsilon, spent by you on this data in all sessions',
      positive(1_000_000),
    )
    .addOption(
      new Option('--engine <name>', 'training engine; auto: the fastest here that can train the model')
        .choices(engineChoices)
        .default('auto'),
    )
    .option('--processes <n>', 'compute processes', wholeNumber(1, 64), 1)
    .option('--patience <seconds>', 'how long the coordinator may be gone', seconds(86_400), 600)
    .addHelpText(
      'after',
      `
When the words are shown, compare them with the other screens, count the participants, and type yes or no.
A participant that was cut short joins again with the same command and goes on. Ctrl-C leaves the session.

Examples:
  masquerade join
  masquerade join 0M0A-2W1S-...-4F --name Ada
  masquerade join 'masquerade://join/...' --data ~/drawings`,
    )
    .addOption(languageOption("the session's, once it is known; English before"))
    .action((code: string | undefined, options: Options) => {
      const screen = new SessionScreen(context.terminal, 'participant', options.language ?? 'en');
      return reportErrors(
        options.json,
        context,
        () => join(code, options, context, screen),
        () => screen.texts.formats.language,
      );
    });
}

async function join(
  code: string | undefined,
  options: Options,
  context: CommandContext,
  screen: SessionScreen,
): Promise<void> {
  const { terminal, print, signal, version } = context;
  const invitationText = code ?? (await discover(context, screen));
  const invitation = parseInvitation(invitationText);
  const store = await openCommandStore(options, context, screen.texts.formats.language);
  const typist = createTypist();
  try {
    const { identity } = await store.identity();
    const session = new ParticipantSession({
      store,
      identity,
      invitation,
      link: invitationText,
      name: sanitiseName(options.name ?? defaultName(), 'Participant'),
      data: {
        source:
          options.data === undefined || options.data === 'mnist' ? options.data : callerPath(options.data),
        drawings: options.drawings ? store.drawings() : undefined,
      },
      agreeToDemonstration: options.agreeToDemonstration ?? false,
      privacyBudget: options.privacyBudget,
      engine: options.engine,
      engineSpeeds: new EngineSpeeds({ folder: store.folder, version }),
      processes: options.processes,
      patienceMs: options.patience * 1000,
      person: options.yes ? nobody : somebody(typist, context, screen, options.json),
      onEvent: (event: SessionEvent) => {
        if (options.json) print(flatEvent(event));
        else screen.show(event);
      },
    });
    signal.addEventListener('abort', () => {
      if (!options.json) terminal.line(screen.texts.t('session.leaving'));
      session.leave();
    });
    const { outcome } = await session.run();
    context.setExitCode(sessionExitCode(outcome, signal.aborted));
  } finally {
    typist.close();
    store.close();
  }
}

/** --yes: accepts the words, says that nobody compared them, and never allows a second sum. */
const nobody: PersonAnswers = {
  compareWords: () => Promise.resolve({ agreed: true, compared: false }),
  allowRepeat: () => Promise.resolve(false),
};

function somebody(
  typist: Typist,
  { terminal }: CommandContext,
  screen: SessionScreen,
  json: true | undefined,
): PersonAnswers {
  const yesOrNo = { y: true, o: true, n: false };
  const ask = async (
    question: 'session.ask.words' | 'session.ask.repeat',
    signal: AbortSignal,
  ): Promise<boolean> => {
    if (!json) terminal.line(screen.texts.t(question));
    const answer = await typist.ask(yesOrNo, signal);
    // input that has ended is no answer: whoever waits for one waits until the session ends
    return answer ?? new Promise(() => undefined);
  };
  return {
    compareWords: async (_question, signal) => ({
      agreed: await ask('session.ask.words', signal),
      compared: true,
    }),
    allowRepeat: (_round, signal) => ask('session.ask.repeat', signal),
  };
}

function defaultName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'Participant';
  }
}

/** The link of the one session on the local network. Throws when there is none or more than one. */
async function discover({ terminal, signal }: CommandContext, { texts }: SessionScreen): Promise<string> {
  terminal.line(texts.t('session.looking'));
  const found = new Map<string, FoundSession>();
  const discovery = browse({
    found: (session) => found.set(session.session, session),
    lost: (session) => found.delete(session),
  });
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, browseMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  await discovery.stop();
  const sessions = [...found.values()];
  const [only] = sessions;
  if (sessions.length === 1 && only !== undefined) {
    terminal.line(texts.t('session.found', { title: only.title }));
    return only.link;
  }
  const allowed = 'the code or link that the leader shows';
  throw new FederationError(
    'invalid-setting',
    sessions.length === 0
      ? `Cannot join: no session was found on the local network. Give ${allowed}: masquerade join CODE.`
      : `Cannot join: ${sessions.length} sessions were found. Choose one:\n${sessions.map(({ title, link }) => `  ${title}\n    masquerade join '${link}'`).join('\n')}`,
    { details: { field: 'code', value: sessions.length, allowed }, blame: 'user', action: 'correct' },
  );
}
