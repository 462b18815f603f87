/**
 * Where Masquerade keeps its files, for every command and window: the data folder (database, wrapping key) and the
 * state folder, which a copy of the data folder does not take along (session-marks.ts).
 *
 * |         | data                                       | state                                            |
 * |---------|--------------------------------------------|--------------------------------------------------|
 * | set by  | MASQUERADE_DATA_DIR                        | MASQUERADE_STATE_DIR                             |
 * | Linux   | $XDG_DATA_HOME/masquerade                  | $XDG_STATE_HOME/masquerade                       |
 * |         | or ~/.local/share/masquerade               | or ~/.local/state/masquerade                     |
 * | macOS   | ~/Library/Application Support/Masquerade   | ~/Library/Application Support/Masquerade State   |
 * | Windows | %APPDATA%\Masquerade                       | %LOCALAPPDATA%\Masquerade\State                  |
 */
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import process from 'node:process';
import { callerPath } from '../files/caller-path.ts';

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const here = (): Surroundings => ({
  platform: process.platform,
  home: homedir(),
  environment: process.env,
});

export function defaultDataFolder(surroundings: Surroundings = here()): string {
  const { platform, home, environment } = surroundings;
  const chosen = environment['MASQUERADE_DATA_DIR'];
  if (chosen) return callerPath(chosen);
  if (platform === 'win32') {
    return win32.join(environment['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming'), 'Masquerade');
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Masquerade');
  return posix.join(baseFolder(environment['XDG_DATA_HOME'], home, 'share'), 'masquerade');
}

export function defaultStateFolder(surroundings: Surroundings = here()): string {
  const { platform, home, environment } = surroundings;
  const chosen = environment['MASQUERADE_STATE_DIR'];
  if (chosen) return callerPath(chosen);
  if (platform === 'win32') {
    const local = environment['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local');
    return win32.join(local, 'Masquerade', 'State');
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Masquerade State');
  return posix.join(baseFolder(environment['XDG_STATE_HOME'], home, 'state'), 'masquerade');
}

/** The XDG base directory specification: a relative path counts as not set. */
function baseFolder(chosen: string | undefined, home: string, kind: 'share' | 'state'): string {
  return chosen !== undefined && posix.isAbsolute(chosen) ? chosen : posix.join(home, '.local', kind);
}
