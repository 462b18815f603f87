/** docs/command-line.md against the code: no option, exit code or field is missing. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { exitCodes } from '../../../main/command-line/exit-codes.ts';
import { settingNames } from '../../../main/command-line/settings.ts';
import { sampleComparison, sampleSession } from '../report/sample-results.ts';

const page = await readFile(new URL('../../../docs/command-line.md', import.meta.url), 'utf8');
const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const missingOf = (words: readonly string[]): string[] => words.filter((word) => !page.includes(word));

/** The names of all fields, but for settings (which are options) and details of events (which depend on the kind). */
function fieldsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(fieldsOf);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'settings' || name === 'detail' ? [name] : [name, ...fieldsOf(inner)],
  );
}

describe('docs/command-line.md', () => {
  it('has every setting as an option', () => {
    assert.deepEqual(missingOf(settingNames.map((name) => `\`--${dashed(name)}\``)), []);
  });

  it('has every exit code', () => {
    assert.deepEqual(missingOf(Object.values(exitCodes).map((code) => `\n| ${code} `)), []);
  });

  it('has every field of a result', () => {
    const fields = [...new Set([...fieldsOf(sampleComparison()), ...fieldsOf(sampleSession())])];
    assert.ok(fields.length > 60);
    assert.deepEqual(
      fields.filter((name) => !RegExp(`\`${name}(\\[\\])?\\??\``).test(page)),
      [],
    );
  });

  it('has every type of event, and every field', async () => {
    const source = await readFile(
      new URL('../../../core/contract/session-event.ts', import.meta.url),
      'utf8',
    );
    const declared = source.slice(source.indexOf('export type SessionEventBody'));
    const types = [...declared.matchAll(/type: ((?:'[\w-]+'(?: \| )?)+)/g)].flatMap(([, named]) =>
      [...named!.matchAll(/'([\w-]+)'/g)].map(([, type]) => type!),
    );
    const fields = [...declared.matchAll(/readonly (\w+)\??:/g)].map(([, name]) => name!);
    assert.ok(types.length > 25 && fields.length > 50);
    assert.deepEqual(
      [...types, ...fields.filter((name) => name !== 'event')].filter(
        (name) => !RegExp(`\`${name}(\\[\\])?\``).test(page),
      ),
      [],
    );
  });

  it('has every option of coordinate, join, sessions, serve and attack', async () => {
    const sources = await Promise.all(
      [
        'coordinate',
        'join',
        'sessions',
        'serve',
        'session-options',
        'attack',
        'attack-options',
        'attack-suite',
      ].map((name) => readFile(new URL(`../../../main/command-line/${name}.ts`, import.meta.url), 'utf8')),
    );
    const options = sources.flatMap((source) =>
      [...source.matchAll(/ption\(\s*['`](--[\w-]+)/g)].map(([, option]) => option!),
    );
    assert.ok(options.length > 20);
    assert.deepEqual(missingOf(options), []);
  });
});
