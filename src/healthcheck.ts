/** `anicargo healthcheck`: asks the running server, for containers and monitors. */
import { type CommandDef, command } from "./command.ts";
import type { LoadedConfig } from "./config/load.ts";
import { EXIT } from "./errors.ts";
import { localUrl } from "./lib/bind-address.ts";

const TIMEOUT_MS = 5_000;
/** A degraded server serves: restarting the container would not mend what is wrong with a feature. */
const HEALTHY = new Set(["ok", "degraded"]);

export const healthcheckCommand = (load: () => Promise<LoadedConfig>): CommandDef =>
  command({
    description: "Asks the running server whether it is well: exit code 0 or 1, for containers",
    examples: ["healthcheck", "healthcheck --json"],
    run: async ({ json, terminal }) => {
      const { core } = await load();
      const url = `${localUrl(core.server.bind)}/api/health`;
      const answer = await ask(url);
      if (json) terminal.printJson(answer);
      else terminal.print(answer.status);
      return HEALTHY.has(answer.status) ? EXIT.done : EXIT.failed;
    },
  });

async function ask(url: string): Promise<{ status: string; url: string; [key: string]: unknown }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { url, ...((await response.json()) as { status: string }) };
  } catch (error) {
    return { url, status: "unreachable", error: error instanceof Error ? error.message : String(error) };
  }
}
