/** `masquerade audit`: checks the signed transcript of a session, as far as an outsider can. */
import { Option, type Command } from 'commander';
import { TranscriptCheck } from '../../core/audit/check-transcript.ts';
import { describeAudit, describeFinding } from '../audit/describe-audit.ts';
import { readAudit } from '../audit/read-audit.ts';
import { callerPath } from '../files/caller-path.ts';
import { toJson, type CommandContext } from './context.ts';
import { exitCodes } from './exit-codes.ts';

const afterHelp = `
Checks every signature, the roster and its words, keys, sets and statements of every round, the hashes of all models, and
the arithmetic from each sum to the next model. Says what cannot be checked from outside.

Example:
  masquerade audit lesson.masquerade-audit

Exit codes: ${exitCodes.success} everything checks, ${exitCodes.checkFailed} something does not, ${exitCodes.badInput} the file cannot be read.`;

export function addAuditCommand(program: Command, context: CommandContext): void {
  const { print, terminal } = context;
  program
    .command('audit')
    .description("checks a session's audit file: signatures, roster, models, sums")
    .argument('<file>', 'a .masquerade-audit file')
    .option('--json', 'one JSON object')
    .addOption(
      new Option('--language <language>', 'language of the findings').choices(['en', 'fr']).default('en'),
    )
    .addHelpText('after', afterHelp)
    .action(async (file: string, { json, language }: { json?: true; language: 'en' | 'fr' }) => {
      const check = new TranscriptCheck();
      for await (const line of readAudit(callerPath(file))) {
        check.add(line);
        if (context.signal.aborted) {
          terminal.line('Cancelled: nothing can be said of the file.');
          context.setExitCode(exitCodes.cancelled);
          return;
        }
      }
      const report = check.finish();
      if (!report.ok) context.setExitCode(exitCodes.checkFailed);
      const findings = report.findings.map((finding) => ({
        ...finding,
        message: describeFinding(finding, language),
      }));
      print(json ? toJson({ ...report, findings }) : describeAudit(report, language).join('\n'));
    });
}
