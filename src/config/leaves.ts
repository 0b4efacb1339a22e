/** The configuration as one list of keys, whoever owns them. */
import type { TObject, TSchema } from "typebox";
import type { About } from "../lib/setting.ts";

/** A section of the file and who owns it; a plugin's is named after the plugin. */
export interface Section {
  name: string;
  schema: TObject;
}

/** A key's schema with all it says about itself. */
export type LeafSchema = TSchema &
  Partial<About<unknown>> & {
    type?: string;
    enum?: readonly string[];
    minimum?: number;
    maximum?: number;
    minLength?: number;
    items?: LeafSchema;
    properties?: Record<string, LeafSchema>;
  };

export interface Leaf {
  /** As people write it: `server.bind`. */
  key: string;
  /** The section of the file. */
  section: string;
  name: string;
  /** Whose config object holds the value. */
  owner: string;
  schema: LeafSchema;
}

/** All keys in the order of their sections; throws when two have one name or one environment variable. */
export function collectLeaves(sections: readonly Section[]): Leaf[] {
  const leaves = sections.flatMap(({ name: owner, schema }) =>
    Object.entries(schema.properties as Record<string, LeafSchema>).map(([name, leaf]): Leaf => {
      const section = leaf.section ?? owner;
      return { key: `${section}.${name}`, section, name, owner, schema: leaf };
    }),
  );
  for (const names of [leaves.map(({ key }) => key), leaves.flatMap(({ schema }) => schema.env ?? [])]) {
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice) throw new Error(`the configuration key ${twice} is declared twice`);
  }
  return leaves;
}
