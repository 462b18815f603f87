/** `masquerade identity create | show`: this machine's RSA key, in a file whose private half is encrypted. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { createIdentity, describeIdentity, type IdentityDescription } from '../identity/identity-file.ts';
import { chosenProtection, type DescribedProtection } from '../identity/protection.ts';
import { toJson, type CommandContext } from './context.ts';

const defaultPath = (): string => join(homedir(), '.masquerade', 'identity.json');

function describeProtection(protection: DescribedProtection): string {
  return protection.kind === 'passphrase'
    ? 'The private key is encrypted with a passphrase.'
    : `The private key is encrypted with the key in ${protection.keyPath}: whoever reads both files has the identity.`;
}

function printed(it: IdentityDescription, json: true | undefined): string {
  const { path, bits, fingerprint, protection } = it;
  if (json) return toJson({ path, bits, fingerprint, protection });
  return [
    `RSA-${bits} identity in ${path}`,
    `Fingerprint  ${fingerprint}`,
    describeProtection(protection),
  ].join('\n');
}

export function addIdentityCommand(program: Command, { print }: CommandContext): void {
  const identity = program.command('identity').description("this machine's signing key: create it, show it");

  identity
    .command('create')
    .description('makes an RSA key pair; refuses to overwrite one')
    .option('--file <file>', 'where to keep it', defaultPath())
    .addOption(new Option('--rsa-bits <bits>', 'size of the key').choices(['2048', '3072']).default('2048'))
    .option(
      '--passphrase-file <file>',
      'encrypt with the passphrase in this file (or in MASQUERADE_PASSPHRASE)',
    )
    .option('--json', 'one JSON object')
    .action(async (options: { file: string; rsaBits: string; passphraseFile?: string; json?: true }) => {
      const { description } = await createIdentity({
        path: options.file,
        bits: options.rsaBits === '3072' ? 3072 : 2048,
        protection: await chosenProtection({
          passphraseFile: options.passphraseFile,
          environment: process.env,
        }),
      });
      print(printed(description, options.json));
    });

  identity
    .command('show')
    .description('the fingerprint of an identity, and how its private key is kept')
    .option('--file <file>', 'where it is kept', defaultPath())
    .option('--json', 'one JSON object')
    .action(async (options: { file: string; json?: true }) => {
      print(printed(await describeIdentity({ path: options.file }), options.json));
    });
}
