/**
 * Messages for a channel that clones them by structure and takes a view's whole buffer along (Electron's ports; Node's
 * own channels take the view alone): eight bytes of a pool of 8 kB, or weights in a WebAssembly memory of 12 MB.
 */

type View = ArrayBufferView;

const kinds: Readonly<Record<string, new (buffer: ArrayBuffer) => View>> = {
  DataView,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};

/**
 * The same message, in which every view fills its buffer: those that do not are copied, and with them whatever leads to
 * them; all else is shared. Arrays and plain objects are looked into. Node's Buffers that are copied become Uint8Arrays.
 */
export function withOwnBuffers<Message>(message: Message): Message {
  return own(message) as Message;
}

function own(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return fills(value) ? value : copy(value);
  if (Array.isArray(value)) {
    const owned = value.map(own);
    return owned.some((item, index) => item !== value[index]) ? owned : value;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, own(item), item] as const);
  if (entries.every(([, owned, item]) => owned === item)) return value;
  return Object.fromEntries(entries.map(([key, owned]) => [key, owned]));
}

/** A shared buffer cannot be cloned at all. */
function fills(view: View): boolean {
  return view.buffer instanceof ArrayBuffer && view.byteLength === view.buffer.byteLength;
}

function copy(view: View): View {
  const bytes = new Uint8Array(view.byteLength);
  bytes.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  // a Buffer says that it is a Uint8Array
  const kind = (view as unknown as Readonly<Record<symbol, string>>)[Symbol.toStringTag] ?? '';
  return new (kinds[kind] ?? Uint8Array)(bytes.buffer);
}
