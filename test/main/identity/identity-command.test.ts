/** `masquerade identity`, from its arguments to what it prints; errors become exit codes in masquerade.ts. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Command } from 'commander';
import { addIdentityCommand } from '../../../main/command-line/identity.ts';

const root = mkdtempSync(join(tmpdir(), 'masquerade-command-'));
after(() => {
  rmSync(root, { recursive: true });
});

const inRoot = (name: string): string => join(root, name);
writeFileSync(inRoot('passphrase'), 'a passphrase\n');
writeFileSync(inRoot('other'), 'another passphrase\n');
writeFileSync(inRoot('password'), 'a long password\n');
process.env['MASQUERADE_CWD'] = root;
process.env['MASQUERADE_DATA_DIR'] = inRoot('data');
process.env['MASQUERADE_STATE_DIR'] = inRoot('state');

interface Run {
  readonly out: string;
  readonly err: string;
  /** undefined: success. */
  readonly code: string | undefined;
}

async function identity(args: readonly string[], environment: Record<string, string> = {}): Promise<Run> {
  let out = '';
  let err = '';
  const program = new Command()
    .exitOverride()
    .configureOutput({ writeOut: (text) => (out += text), writeErr: (text) => (err += text) });
  addIdentityCommand(program, {
    print: (text) => (out += text),
    terminal: { line: (text) => (err += text), progress: () => undefined, clear: () => undefined },
    signal: new AbortController().signal,
    version: '0',
    setExitCode: () => undefined,
  });
  for (const command of program.commands) command.copyInheritedSettings(program);
  Object.assign(process.env, environment);
  try {
    await program.parseAsync(['identity', ...args], { from: 'user' });
    return { out, err, code: undefined };
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string };
    return { out, err: `${err}${message}`, code };
  } finally {
    for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name);
  }
}

interface Printed {
  readonly fingerprint: string;
  readonly bits: number;
  readonly protection: string;
}

const json = async (run: Promise<Run>): Promise<Printed> => {
  const { out, err, code } = await run;
  assert.equal(code, undefined, err);
  return JSON.parse(out) as Printed;
};

test('identity show, create, change-passphrase, backup, restore: one identity all along', async () => {
  const missing = await identity(['show']);
  assert.equal(missing.code, 'file-not-found');
  assert.match(missing.err, /identity create/);
  assert.ok(!existsSync(inRoot('data')), 'looking makes nothing');

  const created = await identity(['create', '--json']);
  const { fingerprint } = JSON.parse(created.out) as Printed;
  assert.match(fingerprint, /^([0-9A-F]{4} ){15}[0-9A-F]{4}$/);
  assert.match(created.err, /file permissions alone/);
  assert.equal((await identity(['create'])).code, 'identity-exists');

  const protect = ['change-passphrase', '--new-passphrase-file', 'passphrase', '--json'];
  assert.equal((await json(identity(protect))).protection, 'passphrase');
  const { out } = await identity(['show']);
  assert.ok(out.includes(fingerprint) && out.includes('with a passphrase'), out);
  const backup = ['backup', 'me.p12', '--backup-password-file', 'password'];
  const locked = await identity(backup);
  assert.deepEqual([locked.code, existsSync(inRoot('me.p12'))], ['passphrase-needed', false]);
  assert.match(locked.err, /--passphrase-file/);

  const open = { MASQUERADE_PASSPHRASE: 'a passphrase' };
  const short = await identity(['backup', 'me.p12'], { ...open, MASQUERADE_BACKUP_PASSWORD: 'short' });
  assert.equal(short.code, 'invalid-setting');
  assert.equal((await identity(['backup', 'me.p12'], open)).code, 'invalid-setting');
  assert.equal((await identity(backup, open)).code, undefined);
  assert.ok(existsSync(inRoot('me.p12')));
  assert.equal((await identity(backup, open)).code, 'file-exists');

  const elsewhere = ['--data-dir', 'data2', '--json'];
  const restore = ['restore', 'me.p12', '--backup-password-file', 'password'];
  const other = await json(identity(['create', '--rsa-bits', '3072', ...elsewhere]));
  assert.equal(other.bits, 3072);
  const refused = await identity([...restore, ...elsewhere]);
  assert.equal(refused.code, 'identity-exists');
  assert.match(refused.err, /--replace/);
  assert.equal((await json(identity([...restore, '--replace', ...elsewhere]))).fingerprint, fingerprint);
  assert.equal((await json(identity(['show', ...elsewhere]))).fingerprint, fingerprint);

  const change = ['change-passphrase', '--passphrase-file', 'passphrase', '--new-passphrase-file', 'other'];
  assert.equal((await identity(change)).code, undefined);
  assert.equal((await identity(change)).code, 'passphrase-wrong');
  const open2 = ['change-passphrase', '--passphrase-file', 'other'];
  assert.equal((await identity(open2)).code, 'invalid-setting');
  assert.equal((await json(identity([...open2, '--no-passphrase', '--json']))).protection, 'wrapping-key');
});

test('identity --help shows examples of every command', async () => {
  const { out, err } = await identity(['--help']);
  for (const command of ['show', 'create', 'backup', 'restore', 'change-passphrase']) {
    assert.match(out + err, new RegExp(`masquerade identity ${command}`));
  }
});
