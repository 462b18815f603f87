/** `masquerade sessions`: the sessions that this machine has coordinated or taken part in: listed, shown, exported, deleted. */
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { SessionResult } from '../../core/contract/session-result.ts';
import { sessionPlanSchema } from '../../core/contract/session-plan.ts';
import { FederationError } from '../../core/errors/federation-error.ts';
import type { Language } from '../../renderer/messages/formats.ts';
import { type Texts, textsOf } from '../../renderer/messages/translate.ts';
import { writeAudit } from '../audit/write-audit.ts';
import { callerPath } from '../files/caller-path.ts';
import { writeReport } from '../report/write-report.ts';
import { sessionResult } from '../session/session-result.ts';
import { writeModel } from '../session/write-model.ts';
import type { SessionRow, Store } from '../storage/store.ts';
import { createTypist } from './ask.ts';
import { toJson, type CommandContext } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { languageOption } from './language-option.ts';
import { addStoreOptions, openCommandStore, type StoreOptions } from './session-options.ts';
import { describeSession, listSessions, type SessionListing } from './describe-session.ts';
import { labelled } from './terminal.ts';

interface Options extends StoreOptions {
  readonly language?: Language;
}

const examples = `
A session goes by its name, or by the first characters of it, where no other begins so.

Examples:
  masquerade sessions list
  masquerade sessions show 3fa9
  masquerade sessions export 3fa9 --out results/monday
  masquerade sessions delete 3fa9`;

export function addSessionsCommand(program: Command, context: CommandContext): void {
  const sessions = program
    .command('sessions')
    .description('the sessions of this machine: list, show, export, delete')
    .addHelpText('after', examples);
  addList(sessions, context);
  addShow(sessions, context);
  addExport(sessions, context);
  addDelete(sessions, context);
}

function subcommand(sessions: Command, usage: string): Command {
  return addStoreOptions(sessions.command(usage), 'one JSON object').addOption(
    languageOption("the session's; English for the list"),
  );
}

function addList(sessions: Command, context: CommandContext): void {
  subcommand(sessions, 'list')
    .description('role, title, state, when, rounds, accuracy, and whether people compared the words')
    .action((options: Options) =>
      withStore(options, context, (store) => {
        const listed = store.sessions().map((row) => listing(store, row));
        const texts = textsOf(options.language ?? 'en', 'terminal');
        context.print(options.json ? toJson(listed) : listSessions(listed, texts).join('\n'));
      }),
    );
}

function addShow(sessions: Command, context: CommandContext): void {
  subcommand(sessions, 'show <session>')
    .description('who took part, the words, rounds, attempts, what was unusual, where the time went')
    .action((id: string, options: Options) =>
      withStore(options, context, (store) => {
        const result = resultOf(store, id, context);
        const { print } = context;
        print(options.json ? toJson(result) : describeSession(result, textsFor(result, options)).join('\n'));
      }),
    );
}

function addExport(sessions: Command, context: CommandContext): void {
  subcommand(sessions, 'export <session>')
    .description('report (HTML), CSV, JSON, the model, and for its coordinator the audit file')
    .requiredOption('--out <dir>', 'folder to write into; made when it is missing')
    .action((id: string, options: Options & { out: string }) =>
      withStore(options, context, async (store) => {
        const { print, terminal, version } = context;
        const row = findSession(store, id);
        const result = sessionResult(store, row, version);
        const texts = textsFor(result, options);
        const files = await exportSession(store, row, result, {
          folder: callerPath(options.out),
          language: options.language,
          version,
        });
        if (files.model === undefined) terminal.line(texts.t('sessions.no-model'));
        if (row.role === 'coordinator' && files.audit === undefined)
          terminal.line(texts.t('sessions.no-audit'));
        print(options.json ? toJson(files) : exported(files, texts).join('\n'));
      }),
    );
}

function addDelete(sessions: Command, context: CommandContext): void {
  subcommand(sessions, 'delete <session>')
    .description('deletes a session with its history and models; asks first')
    .addOption(new Option('--yes', 'without asking'))
    .action((id: string, options: Options & { yes?: true }) =>
      withStore(options, context, async (store) => {
        const row = findSession(store, id);
        const texts = textsOf(options.language ?? languageOf(row), 'terminal');
        if (options.yes !== true && !(await sure(row, texts, context))) {
          context.setExitCode(exitCodes.cancelled);
          return;
        }
        store.deleteSession(row.session);
        const said = texts.t('sessions.deleted', { title: row.title });
        context.print(options.json ? toJson({ deleted: row.session, title: row.title }) : said);
      }),
    );
}

/** Opened for the command alone: a folder that a running session has open is refused. */
async function withStore(
  options: Options,
  context: CommandContext,
  use: (store: Store) => void | Promise<void>,
): Promise<void> {
  const store = await openCommandStore(options, context, options.language);
  try {
    await use(store);
  } finally {
    store.close();
  }
}

/** The session that goes by this name, or begins with it. Throws 'session-unknown', naming those that begin so. */
export function findSession(store: Pick<Store, 'sessions'>, id: string): SessionRow {
  const wanted = id.trim().toLowerCase();
  const found = store.sessions().filter(({ session }) => session.startsWith(wanted));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new FederationError(
    'session-unknown',
    only === undefined
      ? `Cannot find a session ${id} on this machine. See: masquerade sessions list.`
      : `Cannot tell which session is meant, as ${found.length} begin with ${id}: ${found.map(({ session }) => session).join(', ')}. Give more characters.`,
    { details: { session: id }, blame: 'user', action: 'correct' },
  );
}

function listing(store: Store, row: SessionRow): SessionListing {
  const { session, role, title, state, startedAt, endedAt, endedReason, demonstration } = row;
  const rounds = store.roundSummaries(session);
  const members = store.epochs(session).at(-1)?.members.length ?? 0;
  return {
    session,
    role,
    title,
    state,
    startedAt,
    endedAt,
    endedReason,
    participants: members,
    roundsDone: rounds.length,
    rounds: sessionPlanSchema.parse(JSON.parse(row.plan)).settings.rounds,
    accuracy: rounds.at(-1)?.result.accuracy ?? null,
    f1Weighted: rounds.at(-1)?.result.f1Weighted ?? null,
    // nothing was there to compare before a lobby was closed
    identitiesCompared: members === 0 ? null : row.identitiesCompared,
    demonstration,
  };
}

function resultOf(store: Store, id: string, { version }: CommandContext): SessionResult {
  return sessionResult(store, findSession(store, id), version);
}

function textsFor({ settings }: SessionResult, { language }: Options): Texts {
  return textsOf(language ?? settings.language, 'terminal');
}

function languageOf(row: SessionRow): Language {
  return sessionPlanSchema.parse(JSON.parse(row.plan)).settings.language;
}

interface ExportedFiles {
  readonly html: string;
  readonly csv: string;
  readonly json: string;
  /** Left out before the first round. */
  readonly model?: string;
  readonly weights?: string;
  /** Left out where the session has not ended, and on a participant's machine. */
  readonly audit?: string;
}

async function exportSession(
  store: Store,
  row: SessionRow,
  result: SessionResult,
  to: { readonly folder: string; readonly language: Language | undefined; readonly version: string },
): Promise<ExportedFiles> {
  const { folder, language, version } = to;
  const report = await writeReport(result, folder, language === undefined ? {} : { language });
  const model = await writeModel(store, row, folder);
  const ended = row.state !== 'lobby' && row.state !== 'running';
  if (row.role !== 'coordinator' || !ended) return { ...report, ...model };
  const audit = join(folder, 'session.masquerade-audit');
  await writeAudit(store, row.session, audit, version);
  return { ...report, ...model, audit };
}

function exported(files: ExportedFiles, { t }: Texts): string[] {
  const lines = [
    [t('terminal.report'), files.html],
    ['CSV', files.csv],
    ['JSON', files.json],
    [t('terminal.model'), files.model],
    ['', files.weights],
    [t('sessions.audit'), files.audit],
  ] as const;
  return labelled(lines.flatMap(([label, path]) => (path === undefined ? [] : [[label, path] as const])));
}

async function sure(row: SessionRow, { t }: Texts, { terminal, signal }: CommandContext): Promise<boolean> {
  const open = row.state === 'lobby' || row.state === 'running';
  terminal.line(t(open ? 'sessions.sure.open' : 'sessions.sure', { title: row.title, session: row.session }));
  const typist = createTypist();
  try {
    return (await typist.ask({ y: true, o: true, n: false }, signal)) ?? false;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    typist.close();
  }
}
