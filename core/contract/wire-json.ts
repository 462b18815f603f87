/**
 * The contract as text, for hosts that speak over a WebSocket: JSON in which a Uint8Array is { "$bytes": base64 }. A
 * structured clone needs none of this.
 */

const key = '$bytes';

export function toWireText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part instanceof Uint8Array ? { [key]: toBase64(part) } : part,
  );
}

/** Throws SyntaxError where it is not JSON. */
export function fromWireText(text: string): unknown {
  return JSON.parse(text, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null) return part;
    const bytes = (part as Readonly<Record<string, unknown>>)[key];
    return typeof bytes === 'string' && Object.keys(part).length === 1 ? fromBase64(bytes) : part;
  });
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  // a model has a million: Uint8Array.from() takes ten times as long, in which no page moves
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
