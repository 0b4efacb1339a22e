/** A small HTTP proxy that wants a login: forwards what is plain, tunnels the rest. */
import { createServer, request } from "node:http";
import { connect, type Socket } from "node:net";

export interface TestProxy {
  /** With user and password. */
  url: string;
  /** What went through it: `GET http://…` or `CONNECT host:port`. */
  asked: string[];
  stop(): Promise<void>;
}

export async function testProxy(user: string, password: string): Promise<TestProxy> {
  const asked: string[] = [];
  const open = new Set<Socket>();
  const login = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

  const server = createServer((incoming, outgoing) => {
    if (incoming.headers["proxy-authorization"] !== login) return outgoing.writeHead(407).end();
    asked.push(`${incoming.method} ${incoming.url}`);
    const { "proxy-authorization": _, ...headers } = incoming.headers;
    const onward = request(incoming.url!, { method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  server.on("connect", (incoming, socket: Socket) => {
    if (incoming.headers["proxy-authorization"] !== login) {
      return socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
    }
    asked.push(`CONNECT ${incoming.url}`);
    const { hostname, port } = new URL(`http://${incoming.url}`);
    const onward = connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      socket.pipe(onward).pipe(socket);
    });
    for (const end of [socket, onward]) {
      open.add(end);
      end.on("error", () => {});
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    asked,
    stop: async () => {
      for (const socket of open) socket.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}
