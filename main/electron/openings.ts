/**
 * What the system asks Masquerade to open: a link masquerade://join/..., or a file *.masquerade-join that holds one. It
 * comes from anywhere (a web page, a mail), so that it is only ever shown on the screen where a person decides.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { isFederationError } from '../../core/errors/federation-error.ts';
import { parseInvitation } from '../../core/joining/join-link.ts';
import { readTextFile } from '../files/files.ts';

export const LINK_SCHEME = 'masquerade';
export const JOIN_FILE_EXTENSION = 'masquerade-join';

const LINK_START = `${LINK_SCHEME}://join/`;
/** A link with nine addresses has some 400 characters. */
const LONGEST_LINK = 2_000;
const LARGEST_FILE_BYTES = 10_000;

/** The links and files among the arguments of a start; everything else there is for others. */
export function openingsIn(args: readonly string[], folder: string): readonly string[] {
  return args.flatMap((argument) => {
    if (argument.startsWith('-')) return [];
    if (isLink(argument)) return [argument];
    return isJoinFile(argument) ? [path.resolve(folder, argument)] : [];
  });
}

export type Opened =
  /** To this screen of the interface. */
  | { readonly to: string }
  /** An English sentence that says why not. */
  | { readonly refused: string };

/** opening: a link, or the path of a file. */
export async function open(opening: string): Promise<Opened> {
  try {
    return toJoin(isLink(opening) ? opening : await linkIn(opening));
  } catch (error) {
    if (isFederationError(error)) return { refused: error.message };
    throw error;
  }
}

function toJoin(link: string): Opened {
  const trimmed = link.trim();
  if (!trimmed.toLowerCase().startsWith(LINK_START) || trimmed.length > LONGEST_LINK || /\s/.test(trimmed))
    return { refused: `Cannot open this, as a link must start with ${LINK_START} and hold nothing else.` };
  parseInvitation(trimmed);
  return { to: `/join?link=${encodeURIComponent(trimmed)}` };
}

async function linkIn(file: string): Promise<string> {
  if (!isJoinFile(file)) return '';
  const size = await stat(file).then(
    (status) => (status.isFile() ? status.size : Infinity),
    () => 0,
  );
  return size > LARGEST_FILE_BYTES ? '' : readTextFile(file);
}

function isLink(text: string): boolean {
  return text.toLowerCase().startsWith(`${LINK_SCHEME}:`);
}

function isJoinFile(text: string): boolean {
  return text.toLowerCase().endsWith(`.${JOIN_FILE_EXTENSION}`);
}
