/**
 * The command line. Parses, runs one command, turns errors into sentences and exit codes. Commands live beside this
 * file, one each; they print their result on standard output and everything else on standard error.
 */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { isFederationError } from '../../core/errors/federation-error.ts';
import { createContext, type CommandContext } from './context.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { addAttackCommand } from './attack.ts';
import { addAuditCommand } from './audit.ts';
import { addCompareCommand } from './compare.ts';
import { addCoordinateCommand } from './coordinate.ts';
import { addDataCommand } from './data.ts';
import { addIdentityCommand } from './identity.ts';
import { addJoinCommand } from './join.ts';
import { addReportCommand } from './report.ts';
import { addServeCommand } from './serve.ts';
import { addSessionsCommand } from './sessions.ts';
import { addSimulateCommand } from './simulate.ts';
import { addStartCommand } from './start.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

const afterHelp = `
Examples:
  masquerade start                                the window, or the same in a browser (masquerade serve)
  masquerade compare                              the three-way table: all data, one client, 20 clients masked and signed
  masquerade simulate --clients 6 --rounds 3      a small room on this machine
  masquerade simulate --drop 0.3 --drop-at any    six of twenty vanish in every round, and are recovered
  masquerade simulate --json --seed 7 > run.json  one JSON object on standard output
  masquerade coordinate --title "Monday's class"   leads a session over the network; the others: masquerade join
  masquerade sessions export 3fa9 --out monday    report, model and audit file of a session
  masquerade attack run closed-form               one update gives its images away; with --protect masks it does not
  masquerade data check mnist                     is the data whole?

In the source tree: npm run --silent masquerade -- simulate --json

Exit codes: ${exitCodes.success} success, ${exitCodes.fault} a fault of Masquerade, ${exitCodes.badInput} bad input, ${exitCodes.aborted} the protocol aborted,
${exitCodes.checkFailed} a check found something wrong, ${exitCodes.machineFailed} this machine failed, ${exitCodes.cancelled} cancelled (what was finished is kept).
docs/command-line.md lists every option and every field of the JSON.`;

function createProgram(context: CommandContext): Command {
  const program = new Command('masquerade')
    .description('Federated learning you can watch: many machines train one model, and nobody has to unmask.')
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError('(masquerade --help, or masquerade COMMAND --help, tells what there is)')
    .addHelpText('after', afterHelp)
    .exitOverride();
  addSimulateCommand(program, context);
  addCompareCommand(program, context);
  addCoordinateCommand(program, context);
  addJoinCommand(program, context);
  addSessionsCommand(program, context);
  addAttackCommand(program, context);
  addAuditCommand(program, context);
  addReportCommand(program, context);
  addIdentityCommand(program, context);
  addDataCommand(program, context);
  addServeCommand(program, context);
  addStartCommand(program, context);
  return program;
}

/** One Ctrl-C may come twice: from the terminal, and passed on by npm. */
const sameInterruptMs = 300;

/** Ctrl-C once asks the command to end in good order; twice ends at once. */
function cancelOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (!controller.signal.aborted) {
        firstAt = performance.now();
        controller.abort();
      } else if (performance.now() - firstAt > sameInterruptMs) process.exit(exitCodes.cancelled);
    });
  return controller.signal;
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.badInput;
  if (isFederationError(error)) {
    process.stderr.write(`masquerade: ${error.message}\n`);
    return exitCodeOf(error);
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `masquerade: this is a fault of Masquerade, please report it with these lines.\n${text}\n`,
  );
  return exitCodes.fault;
}

// Whoever reads the output may stop early (head, a pager): that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.success);
});

const context = createContext(version, cancelOnInterrupt());
try {
  await createProgram(context).parseAsync();
} catch (error) {
  context.terminal.clear();
  process.exitCode = explain(error);
}
