/**
 * What a page may do: nothing but show the interface. It goes nowhere, opens nothing, asks for nothing; main heeds a
 * message only from the top frame of the interface itself. Decisions here, without Electron; guard.ts puts them in place.
 */
import { isInterfaceAddress } from './protocol.ts';

/** Sites that the interface links to: papers, standards, licences. Opened in the person's own browser. */
export const LINKED_SITES: readonly string[] = [
  'arxiv.org',
  'creativecommons.org',
  'datatracker.ietf.org',
  'doi.org',
  'eprint.iacr.org',
  'openfontlicense.org',
  'www.rfc-editor.org',
  'yann.lecun.com',
];

/** WebFrameMain, as far as it is needed here; null when the frame is gone. */
export interface Frame {
  readonly url: string;
  readonly parent: unknown;
}

/** Whether a message is the interface's own: of the top frame, whose address is read, not compared as text. */
export function isInterfaceFrame(frame: Frame | null): boolean {
  return frame !== null && frame.parent === null && isInterfaceAddress(frame.url);
}

/** The interface loads itself anew, as its screens offer where a part of it could not be fetched. */
export function isReload(shownAddress: string, wantedAddress: string): boolean {
  const page = (address: string): string => address.replace(/#.*$/s, '');
  return isInterfaceAddress(wantedAddress) && page(wantedAddress) === page(shownAddress);
}

/** The address to hand to the person's browser, or undefined where it must not be opened. */
export function externalLink(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.port !== '')
    return undefined;
  return LINKED_SITES.includes(url.hostname) ? url.href : undefined;
}

/** Copying a join code, and the whole screen on a projector; by default nothing. */
const granted: readonly string[] = ['clipboard-sanitized-write', 'fullscreen'];

export function isPermitted(permission: string, requestingAddress: string): boolean {
  return granted.includes(permission) && isInterfaceAddress(requestingAddress);
}

/** A file that the interface made: only that may be downloaded. */
export function isOwnFile(address: string): boolean {
  return address.startsWith('blob:') && isInterfaceAddress(address.slice('blob:'.length));
}

/** What may be loaded at all: the interface, and what it made itself. `tools`: Chromium's developer tools. */
export function isLoadable(address: string, tools: boolean): boolean {
  if (isInterfaceAddress(address) || isOwnFile(address)) return true;
  const scheme = address.slice(0, address.indexOf(':') + 1).toLowerCase();
  return scheme === 'data:' || (tools && scheme === 'devtools:');
}
