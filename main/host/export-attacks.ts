/** Attacks as a file to take away: a page to read, tables and JSON to compute with, all pictures on one sheet. */
import type { AttackReport } from '../../core/contract/attacks/attack-report.ts';
import type { MethodArguments } from '../../core/contract/host.ts';
import type { TakeAway } from '../../core/contract/results.ts';
import { textsOf } from '../../renderer/messages/translate.ts';
import { contactSheet } from '../attacks/contact-sheet.ts';
import { attacksJson } from '../attacks/result-json.ts';
import { attacksCsv } from '../report/attacks/csv.ts';
import { HostFailure } from './calls.ts';
import type { Shell } from './shell.ts';

type Choice = MethodArguments<'exportAttacks'>;

export async function exportAttacks(
  reports: readonly AttackReport[],
  format: Choice['format'],
  language: Choice['language'],
  shell: Shell,
): Promise<TakeAway> {
  const name = fileName(reports);
  switch (format) {
    case 'html':
      return text(`${name}.html`, 'text/html', await page(reports, language));
    case 'csv':
      return text(`${name}.csv`, 'text/csv', attacksCsv(reports));
    case 'json':
      return text(`${name}.json`, 'application/json', attacksJson(reports, language));
    case 'png': {
      if (reports.every(({ images }) => images.length === 0))
        throw new HostFailure(
          'no-pictures',
          'Cannot make a contact sheet, as these attacks have no pictures.',
        );
      const bytes = contactSheet(reports, textsOf(language, 'terminal'));
      return { name: `${name}.png`, type: 'image/png', bytes };
    }
    case 'pdf': {
      if (shell.printToPdf === undefined) {
        throw new HostFailure(
          'pdf-needs-shell',
          "Cannot make a PDF here. Export the page, open it, and print it from the browser's menu.",
        );
      }
      const bytes = await shell.printToPdf(await page(reports, language));
      return { name: `${name}.pdf`, type: 'application/pdf', bytes };
    }
  }
}

async function page(reports: readonly AttackReport[], language: Choice['language']): Promise<string> {
  // read where it is asked for, as in report/write-report.ts
  const { renderAttacks } = await import('../report/attacks/document.ts');
  return renderAttacks(reports, language);
}

/** 'masquerade-closed-form-2026-11-25', or 'masquerade-attacks-...' where there are several. */
function fileName(reports: readonly AttackReport[]): string {
  const names = new Set(reports.map(({ attack }) => attack));
  const [only] = names;
  const last = reports.reduce((latest, { startedAt }) => (startedAt > latest ? startedAt : latest), '');
  return ['masquerade', names.size === 1 && only !== undefined ? only : 'attacks', last.slice(0, 10)].join(
    '-',
  );
}

function text(name: string, type: string, content: string): TakeAway {
  return { name, type: `${type}; charset=utf-8`, bytes: new TextEncoder().encode(content) };
}
