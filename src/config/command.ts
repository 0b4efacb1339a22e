import { type CommandDef, command } from "../command.ts";
import type { LoadedConfig } from "./load.ts";
import { settingLines, settingsJson } from "./print.ts";

/** `anicargo config` */
export const configCommand = (load: () => Promise<LoadedConfig>): CommandDef =>
  command({
    description: "Prints every effective setting and where it comes from; secrets are masked",
    examples: ["config", "config --json"],
    run: async ({ json, terminal }) => {
      const { settings, file, warnings } = await load();
      terminal.note(file ? `configuration file: ${file}` : "no configuration file");
      for (const warning of warnings) terminal.note(`warning: ${warning}`);
      if (json) terminal.printJson(settingsJson(settings));
      else for (const line of settingLines(settings)) terminal.print(line);
    },
  });
