/** Attacks as a file to take away. */
import type { AttackReport } from '../../core/contract/attacks/attack-report.ts';
import type { MethodArguments } from '../../core/contract/host.ts';
import type { TakeAway } from '../../core/contract/results.ts';
import { attacksJson } from '../attacks/result-json.ts';
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
    case 'json':
      return text(`${name}.json`, 'application/json', attacksJson(reports, language));
    default:
      throw new HostFailure('not-yet', `Cannot export ${format} here: ${shell.kind}.`);
  }
}

function fileName(reports: readonly AttackReport[]): string {
  const [first] = reports;
  const words = reports.length === 1 && first !== undefined ? first.attack : 'attacks';
  return ['masquerade', words, ...(first === undefined ? [] : [first.startedAt.slice(0, 10)])].join('-');
}

function text(name: string, type: string, content: string): TakeAway {
  return { name, type: `${type}; charset=utf-8`, bytes: new TextEncoder().encode(content) };
}
