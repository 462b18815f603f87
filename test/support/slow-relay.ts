/**
 * A TCP relay as a process of its own: hands on what comes in small pieces, each later than the one before it by a
 * random time, and stands still now and then. A bad line as far as a program above TCP can imitate one: order and
 * content stay, as TCP would have restored them. Arguments: address to listen at, address and port to hand on to.
 * Prints the port that it listens at.
 */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { randomStream } from '../../core/random/stream.ts';

const [host, targetHost = '', targetPort = ''] = process.argv.slice(2);
const pieceBytes = 8_192;
const longestDelayMs = 40;
/** One piece of so many ... */
const stallEvery = 24;
/** ... waits so long. */
const stallMs = 700;

const random = randomStream(1, 'slow-relay');

function handOn(from: Socket, to: Socket): void {
  let last = Promise.resolve();
  from.on('data', (chunk: Buffer) => {
    from.pause();
    for (let at = 0; at < chunk.length; at += pieceBytes) {
      const piece = chunk.subarray(at, at + pieceBytes);
      const waitMs = random.nextBelow(stallEvery) === 0 ? stallMs : random.nextBelow(longestDelayMs);
      last = last
        .then(() => new Promise((resolve) => setTimeout(resolve, waitMs)))
        .then(() => void to.write(piece));
    }
    void last.then(() => from.resume());
  });
  from.on('error', () => undefined);
  from.on('close', () => {
    void last.then(() => to.end());
  });
}

const server = createServer((caller) => {
  const called = connect(Number(targetPort), targetHost);
  handOn(caller, called);
  handOn(called, caller);
});
server.listen(0, host, () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
