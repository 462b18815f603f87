/** `masquerade identity`: this machine's RSA key; shown, made, kept safe in a backup, and how it is protected. */
import process from 'node:process';
import { Option, type Command } from 'commander';
import { fromHex } from '../../core/bytes/bytes.ts';
import { formatFingerprint } from '../../core/crypto/fingerprint.ts';
import { FederationError, invalidSetting } from '../../core/errors/federation-error.ts';
import { callerPath } from '../files/caller-path.ts';
import { backUpIdentity, restoreIdentity, SHORTEST_PASSWORD } from '../identity/backup.ts';
import { identityExists } from '../identity/identity-errors.ts';
import { readSecretLine } from '../identity/protection.ts';
import { describeFolder } from '../storage/describe-folder.ts';
import type { IdentityRow, Store, StoreSecret } from '../storage/store.ts';
import { toJson, type CommandContext } from './context.ts';
import { addStoreOptions, openCommandStore, type StoreOptions } from './session-options.ts';

const BACKUP_PASSWORD_VARIABLE = 'MASQUERADE_BACKUP_PASSWORD';

const examples = `
Examples:
  masquerade identity show                                 fingerprint, size, protection; needs no passphrase
  masquerade identity create --passphrase-file secret.txt  made by itself at the first session otherwise
  masquerade identity backup me.p12 --backup-password-file backup.txt
  masquerade identity restore me.p12 --backup-password-file backup.txt --replace
  masquerade identity change-passphrase --new-passphrase-file secret.txt
  masquerade identity change-passphrase --passphrase-file secret.txt --new-passphrase-file better.txt

A backup is PKCS#12 (AES-256, 600,000 iterations), which OpenSSL and key stores read; its password has at least
${SHORTEST_PASSWORD} characters. Passwords and passphrases come from files or the environment (MASQUERADE_PASSPHRASE,
${BACKUP_PASSWORD_VARIABLE}), never from an argument that other processes could read.`;

const protections: Readonly<Record<StoreSecret['kind'], string>> = {
  passphrase: 'encrypted with a passphrase',
  'wrapping-key': 'encrypted with wrapping.key beside it: whoever reads this folder has the identity',
  'operating-system': 'encrypted with a key that the operating system keeps',
};

interface Shown {
  readonly folder: string;
  readonly row: IdentityRow;
  readonly protection: StoreSecret['kind'];
}

function printed({ folder, row, protection }: Shown, options: StoreOptions, did?: string): string {
  const fingerprint = formatFingerprint(fromHex(row.fingerprint));
  const { bits, createdAt } = row;
  if (options.json) return toJson({ folder, bits, fingerprint, createdAt, protection });
  return [
    ...(did === undefined ? [] : [did]),
    `Identity     RSA-${bits}, made ${createdAt}`,
    `Fingerprint  ${fingerprint}`,
    `Kept in      ${folder}`,
    `Private key  ${protections[protection]}`,
  ].join('\n');
}

function shown(store: Store, row: IdentityRow): Shown {
  return { folder: store.folder, row, protection: store.protection };
}

async function withStore(
  options: StoreOptions,
  context: CommandContext,
  use: (store: Store) => Promise<string>,
): Promise<void> {
  const store = await openCommandStore(options, context);
  try {
    context.print(await use(store));
  } finally {
    store.close();
  }
}

export function addIdentityCommand(program: Command, context: CommandContext): void {
  const identity = program
    .command('identity')
    .description("this machine's signing key: show it, create it, back it up, protect it")
    .addHelpText('after', examples);
  addShow(identity, context);
  addCreate(identity, context);
  addBackup(identity, context);
  addRestore(identity, context);
  addChangePassphrase(identity, context);
}

function addShow(identity: Command, { print }: CommandContext): void {
  addStoreOptions(identity.command('show'))
    .description('the fingerprint, and how the private key is kept')
    .action((options: StoreOptions & { dataDir: string }) => {
      const folder = callerPath(options.dataDir);
      const { identity: row, protection } = describeFolder(folder);
      if (row === undefined || protection === undefined) throw noIdentity(folder);
      print(printed({ folder, row, protection }, options));
    });
}

function addCreate(identity: Command, context: CommandContext): void {
  addStoreOptions(identity.command('create'))
    .description('makes an RSA key pair; there is one for each data folder')
    .addOption(new Option('--rsa-bits <bits>', 'size of the key').choices(['2048', '3072']).default('2048'))
    .action((options: StoreOptions & { rsaBits: string }) =>
      withStore(options, context, async (store) => {
        const [present] = store.identities();
        if (present !== undefined) throw identityExists(groups(present), 'identity show tells about it');
        const { row } = await store.identity(options.rsaBits === '3072' ? 3072 : 2048);
        return printed(shown(store, row), options);
      }),
    );
}

function addBackup(identity: Command, context: CommandContext): void {
  addStoreOptions(identity.command('backup <file>'))
    .description('writes the identity to a PKCS#12 file under a password')
    .option('--backup-password-file <file>', `the password (or in ${BACKUP_PASSWORD_VARIABLE})`)
    .action((file: string, options: StoreOptions & { backupPasswordFile?: string }) =>
      withStore(options, context, async (store) => {
        const password = await backupPassword(options.backupPasswordFile);
        const [present] = store.identities();
        if (present === undefined) throw noIdentity(store.folder);
        const { identity: current, row } = await store.identity();
        const path = callerPath(file);
        await backUpIdentity({ identity: current, certificate: row.certificate, path, password });
        return printed(
          shown(store, row),
          options,
          `The backup is in ${path}. Keep its password somewhere else.`,
        );
      }),
    );
}

function addRestore(identity: Command, context: CommandContext): void {
  addStoreOptions(identity.command('restore <file>'))
    .description('makes the identity of a PKCS#12 file the one of this folder')
    .option('--backup-password-file <file>', `the password (or in ${BACKUP_PASSWORD_VARIABLE})`)
    .option('--replace', 'also when there is another; that one is kept for the sessions that name it')
    .action((file: string, options: StoreOptions & { backupPasswordFile?: string; replace?: true }) =>
      withStore(options, context, async (store) => {
        const restored = await restoreIdentity({
          path: callerPath(file),
          password: await backupPassword(options.backupPasswordFile),
          now: new Date(),
        });
        const row = store.addIdentity(restored.identity, restored.certificate, options.replace === true);
        return printed(shown(store, row), options, 'The identity is restored.');
      }),
    );
}

function addChangePassphrase(identity: Command, context: CommandContext): void {
  addStoreOptions(identity.command('change-passphrase'))
    .description('protects all keys of the data folder with another passphrase, or without one')
    .option('--new-passphrase-file <file>', 'the new passphrase')
    .option('--no-passphrase', 'with wrapping.key in the folder instead')
    .action((options: StoreOptions & { newPassphraseFile?: string; passphrase: boolean }) =>
      withStore(options, context, async (store) => {
        await store.changeProtection(await newSecret(options));
        const { row } = await store.identity();
        return printed(shown(store, row), options, 'The protection has changed.');
      }),
    );
}

async function newSecret(options: {
  readonly newPassphraseFile?: string;
  readonly passphrase: boolean;
}): Promise<StoreSecret> {
  const { newPassphraseFile, passphrase } = options;
  if ((newPassphraseFile === undefined) === passphrase) {
    const found = passphrase ? 'not given' : 'given together with --no-passphrase';
    throw invalidSetting(
      '--new-passphrase-file',
      found,
      'a file with one line, or replaced by --no-passphrase',
    );
  }
  if (newPassphraseFile === undefined) return { kind: 'wrapping-key' };
  return {
    kind: 'passphrase',
    passphrase: await readSecretLine(callerPath(newPassphraseFile), '--new-passphrase-file'),
  };
}

async function backupPassword(file: string | undefined): Promise<string> {
  if (file !== undefined) return readSecretLine(callerPath(file), '--backup-password-file');
  const password = process.env[BACKUP_PASSWORD_VARIABLE];
  if (password) return password;
  throw invalidSetting(
    '--backup-password-file',
    'not given',
    `a file with one line (or ${BACKUP_PASSWORD_VARIABLE} in the environment)`,
  );
}

function groups(row: IdentityRow): string {
  return formatFingerprint(fromHex(row.fingerprint));
}

function noIdentity(folder: string): FederationError<'file-not-found'> {
  return new FederationError(
    'file-not-found',
    `Cannot find an identity in ${folder}. Make one with: masquerade identity create, or take part in a session.`,
    { details: { path: folder }, blame: 'user', action: 'correct' },
  );
}
