/** A result as a file to take away: a report to read, a table or JSON to compute with, the model, the audit file. */
import type { MethodArguments } from '../../core/contract/host.ts';
import type { TakeAway } from '../../core/contract/results.ts';
import { auditFile } from '../audit/write-audit.ts';
import { zipFile } from '../files/zip.ts';
import { resultCsv } from '../report/csv.ts';
import { resultJson } from '../report/result-file.ts';
import { modelFiles } from '../session/write-model.ts';
import type { SessionRow, Store } from '../storage/store.ts';
import { HostFailure } from './calls.ts';
import type { Kept } from './result-methods.ts';
import type { Shell } from './shell.ts';

type Format = MethodArguments<'exportResult'>['format'];
type Language = MethodArguments<'exportResult'>['language'];

interface Surroundings {
  readonly store: Store;
  readonly version: string;
  readonly shell: Shell;
}

/** Larger files go through no message; the command line writes them to the disk piece by piece. */
const largestBytes = 100_000_000;

export async function exportResult(
  kept: Kept,
  format: Format,
  language: Language,
  around: Surroundings,
): Promise<TakeAway> {
  const name = fileName(kept);
  switch (format) {
    case 'html':
      return text(`${name}.html`, 'text/html', await report(kept, language));
    case 'csv':
      return text(`${name}.csv`, 'text/csv', resultCsv(kept.result));
    case 'json':
      return text(`${name}.json`, 'application/json', resultJson(kept.result));
    case 'pdf': {
      if (around.shell.printToPdf === undefined) {
        throw new HostFailure(
          'pdf-needs-shell',
          "Cannot make a PDF here. Export the page, open it, and print it from the browser's menu.",
        );
      }
      const bytes = await around.shell.printToPdf(await report(kept, language));
      return { name: `${name}.pdf`, type: 'application/pdf', bytes };
    }
    case 'model':
      return model(name, sessionOf(kept), around);
    case 'audit':
      return audit(name, sessionOf(kept), around);
  }
}

async function report(kept: Kept, language: Language): Promise<string> {
  // read where it is asked for, as in write-report.ts
  const { renderReport } = await import('../report/document.ts');
  const name = fileName(kept);
  return renderReport(kept.result, { language, files: { csv: `${name}.csv`, json: `${name}.json` } });
}

function sessionOf({ session }: Kept): SessionRow {
  if (session !== undefined) return session;
  throw new HostFailure(
    'sessions-only',
    'Cannot export this, as a simulation keeps no model and has no signed history: both come of sessions.',
  );
}

function model(name: string, row: SessionRow, { store }: Surroundings): TakeAway {
  const files = modelFiles(store, row);
  if (files === undefined)
    throw new HostFailure('no-model', 'Cannot export a model, as no round has ended yet.');
  return { name: `${name}-model.zip`, type: 'application/zip', bytes: zipFile(files) };
}

async function audit(name: string, row: SessionRow, { store, version }: Surroundings): Promise<TakeAway> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of auditFile(store, row.session, version)) {
    bytes += piece.length;
    if (bytes > largestBytes) {
      throw new HostFailure(
        'too-large',
        `Cannot hand over the audit file, as it is larger than ${largestBytes / 1_000_000} MB. Close Masquerade, then: masquerade sessions export ${row.session.slice(0, 8)} --out FOLDER`,
      );
    }
    pieces.push(piece);
  }
  return {
    name: `${name}.masquerade-audit`,
    type: 'application/gzip',
    bytes: new Uint8Array(Buffer.concat(pieces)),
  };
}

function text(name: string, type: string, content: string): TakeAway {
  return { name, type: `${type}; charset=utf-8`, bytes: new TextEncoder().encode(content) };
}

/** Letters and digits that every file system takes: 'masquerade-monday-s-class-2026-11-25'. */
function fileName({ title, result }: Kept): string {
  const words = title
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
    .join('-')
    .slice(0, 60)
    .replace(/-$/, '');
  return ['masquerade', ...(words === '' ? [result.kind] : [words]), result.startedAt.slice(0, 10)].join('-');
}
