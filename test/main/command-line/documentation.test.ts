/** docs/command-line.md against the code: no option, exit code or field is missing. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { exitCodes } from '../../../main/command-line/exit-codes.ts';
import { settingNames } from '../../../main/command-line/settings.ts';
import { sampleComparison } from '../report/sample-results.ts';

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
    const fields = [...new Set(fieldsOf(sampleComparison()))];
    assert.ok(fields.length > 60);
    assert.deepEqual(
      fields.filter((name) => !RegExp(`\`${name}(\\[\\])?\\??\``).test(page)),
      [],
    );
  });
});
