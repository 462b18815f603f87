import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Command } from 'commander';
import { toHex } from '../../../core/bytes/bytes.ts';
import { checkTranscript, type AuditReport } from '../../../core/audit/check-transcript.ts';
import { auditChecks, auditFaults, uncheckable } from '../../../core/audit/findings.ts';
import { type TranscriptLine, formatLine, transcriptTypes } from '../../../core/audit/transcript.ts';
import { auditTexts, fill } from '../../../main/audit/audit-texts.ts';
import { describeAudit } from '../../../main/audit/describe-audit.ts';
import {
  AuditFileError,
  type AuditLimits,
  defaultAuditLimits,
  readAudit,
} from '../../../main/audit/read-audit.ts';
import { auditLines, writeAudit } from '../../../main/audit/write-audit.ts';
import { addAuditCommand } from '../../../main/command-line/audit.ts';
import type { CommandContext } from '../../../main/command-line/context.ts';
import { eventfulSession, session } from '../../core/audit/recorded-session.ts';

const recorded = eventfulSession();
const name = toHex(session);
const lines = [...auditLines(recorded.source(), recorded.row(), '0.1.0')];

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'masquerade-audit-'));
});
after(() => rm(folder, { recursive: true }));

async function readAll(path: string, limits?: Partial<AuditLimits>): Promise<TranscriptLine[]> {
  const read: TranscriptLine[] = [];
  for await (const line of readAudit(path, { ...defaultAuditLimits, ...limits })) read.push(line);
  return read;
}

const textOf = (of: readonly TranscriptLine[]): string => of.map((line) => `${formatLine(line)}\n`).join('');

/** A file of these bytes. */
async function fileOf(bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, `${Math.random().toString(36).slice(2)}.masquerade-audit`);
  await writeFile(path, bytes);
  return path;
}

describe('writeAudit()', () => {
  it('writes a file that reads as the same lines, and checks', async () => {
    const path = join(folder, 'made', 'lesson.masquerade-audit');
    await writeAudit(recorded.source(), name, path, '0.1.0');
    assert.deepEqual(await readAll(path), lines);
    assert.equal(checkTranscript(await readAll(path)).ok, true);
    assert.deepEqual(await readdir(join(folder, 'made')), ['lesson.masquerade-audit']);
  });

  it('leaves out what was sent again, the lobbies that no epoch came of, and messages of joining', () => {
    const guest = { ...recorded.messages[0]!, type: 'hello', sender: 65535, epoch: 1 };
    const failed = { ...recorded.messages[0]!, epoch: 3 };
    const again = recorded.messages.filter(({ round, type }) => round === 1 && type === 'announcement');
    const at = recorded.messages.findIndex(({ round, type }) => round === 1 && type === 'statement');
    const messages = [
      ...recorded.messages.slice(0, at),
      ...again,
      guest,
      ...recorded.messages.slice(at),
      failed,
    ];
    const source = { ...recorded.source(), messages: () => messages.values() };
    assert.deepEqual([...auditLines(source, recorded.row(), '0.1.0')], lines);
  });

  const refused = [
    ['unknown', undefined, /unknown here/],
    ['still running', { ...recorded.row(), state: 'running' as const }, /is running/],
    ['only joined', { ...recorded.row(), role: 'participant' as const }, /only joined/],
  ] as const;
  for (const [what, row, message] of refused)
    it(`refuses a session that is ${what}, and writes nothing`, async () => {
      const path = join(folder, 'refused.masquerade-audit');
      const source = { ...recorded.source(), session: () => row };
      await assert.rejects(writeAudit(source, name, path, '0.1.0'), { code: 'invalid-setting', message });
      await assert.rejects(readFile(path), { code: 'ENOENT' });
    });

  it('leaves what stood there untouched when the session cannot be told to its end', async () => {
    const path = await fileOf('before');
    const source = {
      ...recorded.source(),
      completedRounds: () => {
        throw new Error('the disk is gone');
      },
    };
    await assert.rejects(writeAudit(source, name, path, '0.1.0'));
    assert.equal(await readFile(path, 'utf8'), 'before');
  });
});

describe('an audit file', () => {
  const text = textOf(lines);
  /** Every base64 string of the file, decoded. */
  const decoded: Buffer[] = [];
  JSON.parse(`[${text.trim().replaceAll('\n', ',')}]`, (_key, value: unknown) => {
    if (typeof value === 'string' && value.length >= 8) decoded.push(Buffer.from(value, 'base64'));
    return value;
  });

  it('holds no individual update, no vector, no share and no ephemeral secret', () => {
    assert.ok(recorded.secrets.length > 500);
    assert.ok(decoded.length > 100);
    const content = Buffer.concat(decoded);
    for (const secret of recorded.secrets) {
      // any 16 bytes of it would be too much
      for (let at = 0; at + 16 <= secret.length; at += 16) {
        const part = Buffer.from(secret.subarray(at, at + 16));
        if (part.every((byte) => byte === 0)) continue;
        assert.equal(content.indexOf(part), -1);
        assert.equal(text.includes(part.toString('hex')), false);
      }
    }
  });

  it('would be found to hold one by that very search', () => {
    const content = Buffer.concat([...decoded, Buffer.from(recorded.secrets.at(-1)!)]);
    assert.notEqual(content.indexOf(Buffer.from(recorded.secrets.at(-1)!.subarray(0, 16))), -1);
  });

  it('holds only the messages that it may', () => {
    for (const line of lines)
      if (line.kind === 'message') assert.ok((transcriptTypes as readonly string[]).includes(line.type));
    for (const type of ['encrypted-shares', 'relayed-shares', 'reveal', 'key-adverts', 'signed-statements'])
      assert.equal((transcriptTypes as readonly string[]).includes(type), false);
  });
});

describe('readAudit()', () => {
  const whole = gzipSync(textOf(lines));
  const [first = '', ...others] = textOf(lines).split('\n');
  const packed = (text: string): Uint8Array => gzipSync(text);

  const damaged: readonly (readonly [string, () => Uint8Array | string, Partial<AuditLimits>, string])[] = [
    ['nothing', () => '', {}, 'empty'],
    ['no lines', () => packed(''), {}, 'empty'],
    ['text that is not packed', () => textOf(lines), {}, 'not-gzip'],
    ['half a file', () => whole.subarray(0, whole.length >> 1), {}, 'truncated'],
    ['all but the last byte', () => whole.subarray(0, -1), {}, 'truncated'],
    [
      'a changed byte',
      () => whole.map((byte, at) => (at === whole.length - 6 ? byte ^ 1 : byte)),
      {},
      'damaged',
    ],
    ['half a line', () => packed(`${first}\n${others[0]!.slice(0, 100)}`), {}, 'truncated'],
    ['bytes that are no text', () => gzipSync(Uint8Array.of(0xff, 0xfe, 0x0a)), {}, 'not-text'],
    ['text that is no JSON', () => packed('hello\n'), {}, 'not-json'],
    ['a line that is no JSON', () => packed(`${first}\nhello\n`), {}, 'not-json'],
    ['another format', () => packed('{"format":"masquerade-result","version":1}\n'), {}, 'not-an-audit-file'],
    ['a list', () => packed('[]\n'), {}, 'not-an-audit-file'],
    ['a transcript without its first line', () => packed(others.join('\n')), {}, 'not-an-audit-file'],
    ['a newer version', () => packed(`${first.replace('"version":1', '"version":2')}\n`), {}, 'too-new'],
    [
      'a header with a wrong field',
      () => packed(`${first.replace('"title":', '"name":')}\n`),
      {},
      'malformed-line',
    ],
    ['an unknown kind of line', () => packed(`${first}\n{"kind":"secret"}\n`), {}, 'malformed-line'],
    ['an empty line', () => packed(`${first}\n\n`), {}, 'not-json'],
    [
      'a long line',
      () => packed(`${first}\n"${'x'.repeat(200_000)}"\n`),
      { lineBytes: 100_000 },
      'line-too-long',
    ],
    ['a line without an end', () => packed('x'.repeat(10_000_000)), { lineBytes: 100_000 }, 'line-too-long'],
    ['more than the limit', () => whole, { totalBytes: 10_000 }, 'too-long'],
    [
      'a file that expands too much',
      () => packed(`${first}\n`.repeat(20_000)),
      { freeBytes: 100_000, expansion: 10 },
      'expands-too-much',
    ],
  ];
  for (const [what, bytes, limits, damage] of damaged)
    it(`refuses ${what}: ${damage}`, async () => {
      const path = await fileOf(bytes());
      await assert.rejects(readAll(path, limits), (error) => {
        assert.ok(error instanceof AuditFileError, String(error));
        assert.equal(error.damage, damage);
        assert.equal(error.code, 'file-unreadable');
        assert.ok(error.message.startsWith(`Cannot read ${path} as an audit file, as `));
        return true;
      });
    });

  it('refuses a folder and says of a missing file that it is missing', async () => {
    await assert.rejects(readAll(folder), { damage: 'not-a-file' });
    await assert.rejects(readAll(join(folder, 'none')), { code: 'file-not-found' });
  });

  it('names the field of a line that is wrong', async () => {
    const path = await fileOf(packed(`${first}\n{"kind":"sharers","epoch":0}\n`));
    await assert.rejects(readAll(path), { message: /line 2 is wrong in its field epoch/ });
  });

  it('reads a foreign program’s packing of the same lines, in pieces', async () => {
    const half = lines.length >> 1;
    const path = await fileOf(
      Buffer.concat([
        gzipSync(textOf(lines.slice(0, half)), { level: 1 }),
        gzipSync(textOf(lines.slice(half))),
      ]),
    );
    assert.equal((await readAll(path)).length, lines.length);
  });

  it('reads what a kill while writing leaves of a stream as truncated, wherever it ends', async () => {
    for (let at = 1; at < whole.length; at += Math.ceil(whole.length / 40)) {
      const path = await fileOf(whole.subarray(0, at));
      await assert.rejects(readAll(path), { damage: 'truncated' });
    }
  });
});

describe('describeAudit()', () => {
  it('has every text in both languages, with the same placeholders', () => {
    const [en, fr] = [auditTexts('en'), auditTexts('fr')];
    const placeholders = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const part of ['checks', 'faults', 'notes', 'uncheckable', 'page'] as const) {
      assert.deepEqual(Object.keys(en[part]).sort(), Object.keys(fr[part]).sort());
      for (const [key, text] of Object.entries<string>(en[part]))
        assert.deepEqual(placeholders((fr[part] as Record<string, string>)[key]!), placeholders(text), key);
    }
    assert.deepEqual(Object.keys(en.checks).sort(), [...auditChecks].sort());
    assert.deepEqual(Object.keys(en.uncheckable).sort(), [...uncheckable].sort());
    assert.equal(Object.keys(en.faults).length, Object.keys(auditFaults).length + 1);
  });

  it('names the engine of the coordinator, where it is known', () => {
    const report = checkTranscript(lines);
    const [, engine] = describeAudit(report, 'en');
    assert.match(engine!, /: compiled \(relaxed SIMD\), wasm \(.*\); .*only to rounding$/);
    const unknown = { ...report, session: { ...report.session!, engine: '' } };
    assert.doesNotMatch(describeAudit(unknown, 'en').join('\n'), /rounding/);
  });

  it('leaves no control characters of the file in the terminal', () => {
    const report = checkTranscript(lines);
    const hostile = { ...report, session: { ...report.session!, title: '\u001b[2Jgone\u202e' } };
    for (const line of describeAudit(hostile, 'en')) assert.doesNotMatch(line, /\p{Cc}|\u202e/u);
  });

  it('fills placeholders once, whatever the values hold', () => {
    assert.equal(fill('{a} {b}', { a: '{b}', b: 1 }), '{b} 1');
  });
});

describe('masquerade audit', () => {
  /** What the command printed, and its exit code. */
  async function run(...args: string[]): Promise<{ output: string; code: number }> {
    let output = '';
    let code = 0;
    const context: CommandContext = {
      print: (text) => (output += `${text}\n`),
      terminal: { line: () => undefined, progress: () => undefined, clear: () => undefined },
      signal: new AbortController().signal,
      version: '0.1.0',
      setExitCode: (given) => (code = given),
    };
    const program = new Command('masquerade').exitOverride();
    addAuditCommand(program, context);
    await program.parseAsync(['node', 'masquerade', 'audit', ...args]);
    return { output, code };
  }

  let good: string;
  let bad: string;
  before(async () => {
    good = await fileOf(gzipSync(textOf(lines)));
    const at = lines.findIndex(({ kind }) => kind === 'aggregate');
    bad = await fileOf(gzipSync(textOf(lines.map((line, index) => (index === at ? altered(line) : line)))));
  });
  function altered(line: TranscriptLine): TranscriptLine {
    assert.ok(line.kind === 'aggregate');
    const sum = line.sum.slice();
    sum[0]! ^= 1;
    return { ...line, sum };
  }

  it('says of a whole file that everything checks, with exit code 0', async () => {
    const { output, code } = await run(good);
    assert.equal(code, 0);
    assert.match(output, /Everything that can be checked is in order\.\n$/);
    assert.match(output, /Cannot be checked from outside:\n {2}- {6}that the masked vectors sum/);
    assert.match(output, /Round 3: epoch 1, attempt 2, 5 in the sum, 4 statements/);
    assert.doesNotMatch(output, /WRONG|\{|undefined/);
  });

  it('names what does not check, with exit code 4', async () => {
    const { output, code } = await run(bad);
    assert.equal(code, 4);
    assert.match(output, /WRONG {2}The models follow from seed and sums: Round 1: the model that was signed/);
    assert.match(output, /Does not check: 1 of 21\.\n$/);
  });

  it('speaks French', async () => {
    const { output } = await run(bad, '--language', 'fr');
    assert.match(output, /FAUX {3}Les modèles découlent de la graine et des sommes/);
    assert.match(output, /Ne se vérifie pas : 1 sur 21\.\n$/);
  });

  it('prints one JSON object, each finding with its sentence', async () => {
    const { output, code } = await run(bad, '--json');
    assert.equal(code, 4);
    const report = JSON.parse(output) as AuditReport;
    const messages = (JSON.parse(output) as { findings: { message: string }[] }).findings;
    assert.equal(report.ok, false);
    assert.equal(report.rounds.length, 4);
    assert.ok(messages.every(({ message }) => message.length > 10));
    assert.equal(report.findings.find((finding) => !finding.ok)?.check, 'models');
  });

  it('cannot read another file', async () => {
    await assert.rejects(run(await fileOf('hello')), { code: 'file-unreadable', blame: 'user' });
  });
});

it('gunzip of an audit file gives one JSON object a line', async () => {
  const path = join(folder, 'plain.masquerade-audit');
  await writeAudit(recorded.source(), name, path, '0.1.0');
  const text = gunzipSync(await readFile(path)).toString('utf8');
  assert.equal(text.split('\n').length, lines.length + 1);
  assert.match(text, /^\{"kind":"header","format":"masquerade-audit","version":1,/);
});
