/**
 * What tells this machine from another to which a folder is copied, and stays the same over restarts. Host names do not
 * on macOS, where they follow the network; they serve only where nothing better is found.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

let known: string | undefined;

export function machineId(): string {
  known ??= systemId() ?? `${process.platform} ${hostname()}`;
  return known;
}

function systemId(): string | undefined {
  switch (process.platform) {
    case 'darwin':
      return parsePlatformUuid(output('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice']));
    case 'win32': {
      const reg = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'reg.exe');
      const key = 'HKLM\\SOFTWARE\\Microsoft\\Cryptography';
      return parseMachineGuid(output(reg, ['query', key, '/v', 'MachineGuid']));
    }
    default:
      return firstLine('/etc/machine-id') ?? firstLine('/var/lib/dbus/machine-id');
  }
}

/** From the words of macOS's ioreg. */
export function parsePlatformUuid(text: string): string | undefined {
  return /"IOPlatformUUID" = "([0-9A-F-]{36})"/i.exec(text)?.[1];
}

/** From the words of Windows's reg. */
export function parseMachineGuid(text: string): string | undefined {
  return /MachineGuid\s+REG_SZ\s+([0-9a-f-]{36})/i.exec(text)?.[1];
}

function output(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, {
      encoding: 'utf8',
      timeout: 10_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}

function firstLine(path: string): string | undefined {
  try {
    const [line = ''] = readFileSync(path, 'utf8').split('\n');
    return line.trim() === '' ? undefined : line.trim();
  } catch {
    return undefined;
  }
}
