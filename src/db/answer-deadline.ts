/**
 * postgres.js waits for an answer as long as the socket is open, and a frozen server (stopped, swapped out, its disk
 * gone) keeps it open for ever. `statement_timeout` cannot help, since it is the server that would have to act. So the
 * socket itself counts: what is written must be followed by something read, or the connection is given up, its
 * queries fail and the pool makes a new one. Silence with nothing asked (LISTEN) is fine.
 */
import net from "node:net";

/** What postgres.js hands to its `socket` option. */
interface SocketTarget {
  host: string[];
  port: number[];
  path: string | false;
  ssl: unknown;
}

/**
 * For the `socket` option of postgres.js. Under TLS the plain socket's traffic is not ours to see: there only
 * `statement_timeout` and TCP's keep-alive hold.
 * @param milliseconds from a write to the next read
 */
export function answerDeadline(milliseconds: number): (target: SocketTarget) => net.Socket {
  let attempt = 0;
  return ({ host, port, path, ssl }) => {
    // Of several hosts the next one at every attempt, as postgres.js would do.
    const turn = attempt++ % host.length;
    const socket = new net.Socket();
    // Later, since a refusal that comes at once would meet nobody who listens for it yet.
    setImmediate(() => (path ? socket.connect(path) : socket.connect(port[turn]!, host[turn]!)));
    // postgres.js reads the name to verify from here.
    if (ssl) return Object.assign(socket, { host: host[turn] });

    let timer: Timer | undefined;
    const answered = () => {
      clearTimeout(timer);
      timer = undefined;
    };
    const giveUp = () =>
      socket.destroy(Object.assign(new Error("the database does not answer"), { code: "ETIMEDOUT" }));
    // Not before: connecting resets `write` in Bun, and has postgres.js's own deadline.
    socket.on("connect", () => {
      const write = socket.write as (...args: unknown[]) => boolean;
      socket.write = (...args: unknown[]) => {
        timer ??= setTimeout(giveUp, milliseconds);
        return write.apply(socket, args);
      };
    });
    return socket.on("data", answered).on("close", answered);
  };
}
