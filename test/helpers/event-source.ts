/** A client of server-sent events that shows what came over the wire. */
export interface ServerEvent {
  event: string;
  data: string;
}

export interface EventSourceClient {
  status: number;
  headers: Headers;
  events: ServerEvent[];
  /** Everything, comments included. */
  text(): string;
  /** Resolves when the server ended the stream. */
  ended: Promise<void>;
  /** Hangs up. */
  close(): void;
}

export async function openEvents(open: (signal: AbortSignal) => Promise<Response>): Promise<EventSourceClient> {
  const hangUp = new AbortController();
  const response = await open(hangUp.signal);
  const events: ServerEvent[] = [];
  let text = "";
  let parsed = 0;
  const ended = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf("\n\n", parsed); end !== -1; end = text.indexOf("\n\n", parsed)) {
        const event = parse(text.slice(parsed, end));
        if (event) events.push(event);
        parsed = end + 2;
      }
    }
  })();
  ended.catch(() => {});
  return {
    status: response.status,
    headers: response.headers,
    events,
    text: () => text,
    ended,
    close: () => hangUp.abort(),
  };
}

function parse(block: string): ServerEvent | undefined {
  const fields = block.split("\n").filter((line) => !line.startsWith(":"));
  if (fields.length === 0) return;
  const of = (name: string) =>
    fields.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
  return { event: of("event")[0] ?? "message", data: of("data").join("\n") };
}
