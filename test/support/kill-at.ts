/**
 * Loaded before the command line in a test's process (--import): `kill -9` of itself at the very event that the test
 * names, before anything after that event happens. MASQUERADE_TEST_KILL_AT: the fields of the line that `--json` prints.
 */
const fields = JSON.parse(process.env['MASQUERADE_TEST_KILL_AT'] ?? '{}') as Readonly<
  Record<string, unknown>
>;
const wanted: readonly (readonly [string, unknown])[] = Object.entries(fields);
const write: (text: string) => boolean = process.stdout.write.bind(process.stdout);

function fits(line: string): boolean {
  if (!line.startsWith('{')) return false;
  const event = JSON.parse(line) as Readonly<Record<string, unknown>>;
  return wanted.every(([name, value]) => event[name] === value);
}

process.stdout.write = (chunk: Uint8Array | string): boolean => {
  const isDone = write(String(chunk));
  if (wanted.length > 0 && fits(String(chunk))) process.kill(process.pid, 'SIGKILL');
  return isDone;
};

export {};
