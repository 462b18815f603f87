/** Certificates and PKCS#12 backups: read here, by OpenSSL, and from OpenSSL; every way of being wrong has its own error. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { fingerprint, formatFingerprint } from '../../../core/crypto/fingerprint.ts';
import { exportPrivateKey } from '../../../core/crypto/rsa.ts';
import { backUpIdentity, restoreIdentity } from '../../../main/identity/backup.ts';
import { isCertificateOf, selfSignedCertificate } from '../../../main/identity/certificate.ts';
import { testIdentity } from '../../support/identities.ts';

const identity = testIdentity(1);
const now = new Date('2026-11-25T21:00:00.000Z');
const certificate = selfSignedCertificate(identity, now);
const password = 'douze caractères 🎭';

let folder: string;
let backup: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'masquerade-backup-'));
  backup = join(folder, 'backup.p12');
  await backUpIdentity({ identity, certificate, path: backup, password });
});

after(() => rm(folder, { recursive: true }));

function openssl(...args: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('openssl', args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  return { status, output: `${stdout}${stderr}` };
}

/** Skips, aloud, where there is no openssl. */
function needOpenssl(context: TestContext): boolean {
  const present = spawnSync('openssl', ['version']).status === 0;
  if (!present) context.skip('there is no openssl on this machine');
  return present;
}

const restore = (path: string, with_ = password): ReturnType<typeof restoreIdentity> =>
  restoreIdentity({ path, password: with_, now });

test('selfSignedCertificate() is signed by its own key, for ten years, named by the fingerprint', () => {
  const read = new X509Certificate(certificate);
  const { key, spki } = identity.publicKey;
  const name = `CN=Masquerade ${formatFingerprint(fingerprint(spki)).slice(0, 19)}`;
  assert.ok(read.verify(key));
  assert.ok(read.publicKey.equals(key));
  assert.deepEqual([read.subject, read.issuer, read.ca], [name, name, false]);
  assert.equal(new Date(read.validFrom).toISOString(), now.toISOString());
  assert.equal(new Date(read.validTo).toISOString(), '2036-11-25T21:00:00.000Z');
  assert.ok(isCertificateOf(identity, certificate));
  assert.ok(!isCertificateOf(testIdentity(2), certificate));
  assert.ok(!isCertificateOf(identity, certificate.subarray(1)));
  const other = new X509Certificate(selfSignedCertificate(identity, now));
  assert.notEqual(read.serialNumber, other.serialNumber);
});

test('backUpIdentity() and restoreIdentity() give the same identity and certificate', async () => {
  const restored = await restore(backup);
  assert.deepEqual(exportPrivateKey(restored.identity), exportPrivateKey(identity));
  assert.deepEqual(restored.certificate, certificate);
});

test('backUpIdentity() leaves a file for its owner alone, with no key in clear', () => {
  const bytes = readFileSync(backup);
  assert.ok(!bytes.includes(Buffer.from(exportPrivateKey(identity).subarray(300, 332))));
  if (process.platform !== 'win32') assert.equal(statSync(backup).mode & 0o777, 0o600);
});

test('OpenSSL reads a backup: AES-256, HMAC-SHA-256, 600,000 iterations, a MAC with SHA-256', (context) => {
  if (!needOpenssl(context)) return;
  const { status, output } = openssl(
    'pkcs12',
    '-in',
    backup,
    '-info',
    '-passin',
    `pass:${password}`,
    '-nodes',
  );
  assert.equal(status, 0, output);
  assert.match(output, /MAC: sha256, Iteration 600000/);
  assert.match(output, /Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC, Iteration 600000, PRF hmacWithSHA256/);
  assert.match(output, /friendlyName: Masquerade\n/);
  const [pem = ''] = /-----BEGIN PRIVATE KEY-----[^-]*-----END PRIVATE KEY-----/.exec(output) ?? [];
  const der = Buffer.from(pem.replaceAll(/-----[^-]*-----|\s/g, ''), 'base64');
  assert.ok(der.equals(exportPrivateKey(identity)));
  assert.notEqual(openssl('pkcs12', '-in', backup, '-passin', 'pass:another', '-nodes').status, 0);
});

test('restoreIdentity() reads what OpenSSL writes, with and without a certificate', async (context) => {
  if (!needOpenssl(context)) return;
  const key = join(folder, 'key.pem');
  const pem = join(folder, 'certificate.pem');
  writeFileSync(key, identity.privateKey.export({ format: 'pem', type: 'pkcs8' }));
  writeFileSync(pem, new X509Certificate(certificate).toString());
  const ways: Readonly<Record<string, readonly string[]>> = {
    'by default': [],
    'without certificate': ['-nocerts'],
    'AES-128 and SHA-512': ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-256-CBC', '-macalg', 'sha512'],
    'certificate in clear, MAC with SHA-1': ['-certpbe', 'NONE', '-macalg', 'sha1'],
    'key in clear': ['-keypbe', 'NONE'],
  };
  for (const [name, options] of Object.entries(ways)) {
    const path = join(folder, 'openssl.p12');
    const made = openssl(
      ...['pkcs12', '-export', '-inkey', key, '-in', pem, '-out', path],
      ...['-passout', `pass:${password}`, ...options],
    );
    assert.equal(made.status, 0, made.output);
    const restored = await restore(path);
    assert.deepEqual(exportPrivateKey(restored.identity), exportPrivateKey(identity), name);
    assert.ok(isCertificateOf(identity, restored.certificate), name);
    assert.equal(
      Buffer.compare(restored.certificate, certificate) === 0,
      name !== 'without certificate',
      name,
    );
  }
  const refusals: readonly (readonly [readonly string[], RegExp])[] = [
    [['-nomac'], /no MAC/],
    [['-keypbe', 'PBE-SHA1-3DES'], /3DES or RC2/],
    [['-nokeys'], /one private key, and holds 0/],
  ];
  for (const [options, reason] of refusals) {
    const path = join(folder, 'refused.p12');
    const made = openssl(
      ...['pkcs12', '-export', '-inkey', key, '-in', pem, '-out', path],
      ...['-passout', `pass:${password}`, ...options],
    );
    assert.equal(made.status, 0, made.output);
    await assert.rejects(restore(path), { code: 'identity-damaged', message: reason });
  }
});

test('restoreIdentity() refuses keys that are no identity, and blames whoever chose the file', async (context) => {
  if (!needOpenssl(context)) return;
  for (const [algorithm, option, reason] of [
    ['EC', 'ec_paramgen_curve:P-256', /RSA key/],
    ['RSA', 'rsa_keygen_bits:1024', /2048 to 4096 bits/],
  ] as const) {
    const key = join(folder, 'other.pem');
    const path = join(folder, 'other.p12');
    openssl('genpkey', '-algorithm', algorithm, '-pkeyopt', option, '-out', key);
    const made = openssl(
      ...['pkcs12', '-export', '-inkey', key, '-nocerts', '-out', path],
      ...['-passout', `pass:${password}`],
    );
    assert.equal(made.status, 0, made.output);
    await assert.rejects(restore(path), {
      code: 'identity-key-refused',
      blame: 'user',
      action: 'correct',
      message: reason,
    });
  }
});

test('restoreIdentity() tells a wrong password, a missing file and a file that is none', async () => {
  await assert.rejects(restore(backup, `${password}!`), { code: 'password-wrong', blame: 'user' });
  await assert.rejects(restore(join(folder, 'missing')), { code: 'file-not-found' });
  await assert.rejects(restore(folder), { code: 'file-unreadable' });
  const large = join(folder, 'large.p12');
  writeFileSync(large, new Uint8Array(1_000_001));
  await assert.rejects(restore(large), { code: 'identity-damaged' });
});

test('restoreIdentity() of a file cut short is a typed error, wherever it ends', async () => {
  const whole = readFileSync(backup);
  const path = join(folder, 'cut.p12');
  for (let length = 0; length < whole.length; length += 61) {
    writeFileSync(path, whole.subarray(0, length));
    await assert.rejects(restore(path), { code: 'identity-damaged' }, `${length} bytes`);
  }
});

test('restoreIdentity() of an altered file gives a typed error, or the very same identity', async (context) => {
  if (!needOpenssl(context)) return;
  // few iterations, so that many places can be tried
  const path = join(folder, 'altered.p12');
  const whole = withFewIterations();
  let refused = 0;
  for (let at = 0; at < whole.length; at += 7) {
    const altered = Buffer.from(whole);
    altered[at]! ^= 0x41;
    writeFileSync(path, altered);
    try {
      // a name or tag that nobody reads
      assert.deepEqual(exportPrivateKey((await restore(path)).identity), exportPrivateKey(identity));
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      assert.ok(['identity-damaged', 'password-wrong'].includes(code), `byte ${at}: ${String(error)}`);
      refused += 1;
    }
  }
  assert.ok(refused > whole.length / 7 - 20, `${refused} refused`);
});

/** The same identity as OpenSSL writes it. */
function withFewIterations(): Buffer {
  const key = join(folder, 'plain.pem');
  const path = join(folder, 'few.p12');
  writeFileSync(key, identity.privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const made = openssl(
    ...['pkcs12', '-export', '-inkey', key, '-nocerts', '-out', path],
    ...['-passout', `pass:${password}`],
  );
  assert.equal(made.status, 0, made.output);
  return readFileSync(path);
}

test('restoreIdentity() does not work for minutes because a file says so', async () => {
  const altered = readFileSync(backup);
  // 600,000 as an INTEGER of three bytes, at the very end: the MAC's iterations
  const at = altered.lastIndexOf(Buffer.from([2, 3, 0x09, 0x27, 0xc0]));
  assert.equal(at, altered.length - 5);
  altered[at + 2] = 0x7f;
  const path = join(folder, 'slow.p12');
  writeFileSync(path, altered);
  await assert.rejects(restore(path), { code: 'identity-damaged', message: /iterations/ });
});

test('backUpIdentity() refuses a short password without telling it, and never overwrites', async () => {
  const path = join(folder, 'second.p12');
  for (const short of ['', 'elf Zeichen', '🎭🎭🎭🎭🎭🎭']) {
    await assert.rejects(
      backUpIdentity({ identity, certificate, path, password: short }),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'invalid-setting');
        assert.ok(short === '' || !error.message.includes(short));
        return true;
      },
    );
  }
  const before = readFileSync(backup);
  await assert.rejects(backUpIdentity({ identity, certificate, path: backup, password }), {
    code: 'file-exists',
  });
  assert.deepEqual(readFileSync(backup), before);
  assert.ok(!readdirSync(folder).includes('second.p12'));
});
