/** Writes `config.toml.example` from what the keys say about themselves. Run it after a key changed. */
import { stringify } from "smol-toml";
import type { TObject } from "typebox";
import { plugins } from "../plugins/index.ts";
import { collectLeaves, type Leaf } from "../src/config/leaves.ts";
import { coreSections } from "../src/config/schema.ts";

const HEAD = `\
# Anicargo's settings: every key with its default. Keys that begin with # have none, what follows is an example.
#
# Copy it to ./config.toml or ~/.config/anicargo/config.toml and keep what you change; chmod 600 it when it holds secrets.
# Each key can also be set by the environment variable in brackets, or on the command line: --server.bind 127.0.0.1:3000.
# The command line wins over the environment, the environment over this file. Relative paths start at this file's folder.
`;

export function configExample(): string {
  const sections = [
    ...Object.entries(coreSections).map(([name, schema]) => ({ name, schema: schema as unknown as TObject })),
    ...plugins.map(({ name, config }) => ({ name, schema: config as TObject })),
  ];
  const bySection = Map.groupBy(collectLeaves(sections), (leaf) => leaf.section);
  const parts = [...bySection].map(([section, leaves]) => {
    // A table inside a section ends the section's own keys.
    const [tables, plain] = [leaves.filter(isTables), leaves.filter((leaf) => !isTables(leaf))];
    return `[${section}]\n${[...plain, ...tables].map(entry).join("\n")}`;
  });
  return [HEAD, ...parts].join("\n");
}

const isTables = ({ schema }: Leaf): boolean => schema.items?.type === "object";

function entry(leaf: Leaf): string {
  const { description, env, defaultText, example } = leaf.schema;
  const about = `# ${description}${defaultText ? `; default: ${defaultText}` : ""}${env ? ` [${env}]` : ""}\n`;
  if (isTables(leaf)) return about + commented(stringify({ [leaf.section]: { [leaf.name]: example } }));
  if (defaultText) return about + commented(stringify({ [leaf.name]: example }));
  return about + stringify({ [leaf.name]: leaf.schema.default });
}

const commented = (toml: string): string =>
  toml
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => `#${line}\n`)
    .join("");

if (import.meta.main) await Bun.write(new URL("../config.toml.example", import.meta.url), configExample());
