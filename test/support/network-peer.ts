/** A participant in a process of its own, to be stopped and continued by signals: argv is port and pin (hex). */
import { fromHex } from '../../core/bytes/bytes.ts';
import { openDialer } from '../../main/network/dialer.ts';
import { testIdentity } from './identities.ts';

const [, , port, pin] = process.argv;
openDialer({
  endpoints: [{ host: '127.0.0.1', port: Number(port) }],
  pin: { transportKeyHash: fromHex(pin!) },
  identity: testIdentity(1).publicKey.spki,
  maxMessageBytes: 2 ** 24,
  timing: { backoffMs: 20, longestBackoffMs: 200 },
  handlers: {
    connected: () => process.send?.('connected'),
    message: (_connection, bytes) => process.send?.(bytes.length),
    disconnected: (reason) => process.send?.(reason),
  },
});
