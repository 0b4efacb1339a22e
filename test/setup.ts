/** Runs before every test file: nothing of the developer's own set-up may leak into a test. */
import { afterAll } from "bun:test";
import { runEnds } from "./helpers/at-end.ts";

for (const name of Object.keys(process.env)) if (name.startsWith("ANICARGO_")) delete process.env[name];

afterAll(runEnds, 30_000);
