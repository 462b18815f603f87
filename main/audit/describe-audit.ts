/** An audit in sentences, for a terminal. */
import type { AuditReport } from '../../core/audit/check-transcript.ts';
import type { Finding } from '../../core/audit/findings.ts';
import type { Language } from '../../renderer/messages/formats.ts';
import { auditTexts, fill } from './audit-texts.ts';

/** One finding in one sentence. */
export function describeFinding(finding: Finding, language: Language): string {
  const { checks, faults, page } = auditTexts(language);
  if (!finding.ok) return fill(faults[finding.fault], finding.detail);
  const { count } = finding.detail;
  return `${checks[finding.check]} (${count === 0 ? page.nothing : fill(page.count, { count })})`;
}

/** The whole audit, line by line; what the file's writer chose is printed without control characters. */
export function describeAudit(report: AuditReport, language: Language): string[] {
  const { checks, notes, uncheckable, page } = auditTexts(language);
  const lines: string[] = [];
  if (report.session !== null) {
    const { session, title, startedAt, endedAt, outcome, engine } = report.session;
    lines.push(fill(page.session, { session, title, startedAt, endedAt: endedAt ?? '?', outcome }));
    if (engine !== '') lines.push(fill(page.engine, { engine }));
  }
  for (const { epoch, words, members } of report.epochs)
    lines.push(fill(page.epoch, { epoch, members: members.length, words: words.join(' ') }));
  for (const round of report.rounds) lines.push(`  ${fill(page.round, { ...round })}`);
  lines.push('');
  for (const finding of report.findings) {
    const sentence = describeFinding(finding, language);
    lines.push(
      finding.ok
        ? `  ok     ${sentence}`
        : `  ${page.wrong.padEnd(5)}  ${checks[finding.check]}: ${sentence}`,
    );
  }
  lines.push('');
  for (const note of report.notes) lines.push(`  !      ${fill(notes[note.note], { ...note })}`);
  lines.push(page.open, ...report.uncheckable.map((what) => `  -      ${uncheckable[what]}`), '');
  if (report.finalModelSha256 !== null) lines.push(fill(page.model, { model: report.finalModelSha256 }));
  const wrong = new Set(report.findings.flatMap((finding) => (finding.ok ? [] : [finding.check])));
  lines.push(
    report.ok ? page.allFine : fill(page.faulty, { count: wrong.size, checks: Object.keys(checks).length }),
  );
  return lines.map(printable);
}

/** A title or name may hold anything: escape sequences must not reach the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/gu, '\uFFFD');
}
