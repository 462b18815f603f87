/** Whether there is multicast on the loopback interface, at a port of this test process's own. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export const multicastGroup = '224.0.0.251';
export const loopback = {
  interfaces: ['127.0.0.1'],
  port: 20_000 + (process.pid % 10_000),
  everyMs: 200,
};

export async function hasMulticast(): Promise<boolean> {
  const port = loopback.port + 1;
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  try {
    socket.bind(port, '0.0.0.0');
    await once(socket, 'listening');
    socket.addMembership(multicastGroup, '127.0.0.1');
    socket.setMulticastInterface('127.0.0.1');
    socket.send('x', port, multicastGroup);
    await once(socket, 'message', { signal: AbortSignal.timeout(2_000) });
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
