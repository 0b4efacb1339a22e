/**
 * Builds the executable: `bun run build [--target linux-x64] [--outfile dist/anicargo]`.
 *
 * Targets: linux-x64 (default: this machine's), linux-x64-baseline (no AVX2: older NAS), linux-arm64, linux-x64-musl,
 * linux-arm64-musl, darwin-x64, darwin-arm64. The musl ones carry no PostgreSQL and use an installed one.
 */
import { parseArgs } from "node:util";
import { prepare, preparePlugins } from "./prepare.ts";

const host = `${process.platform}-${process.arch}`;
const { values } = parseArgs({
  options: { target: { type: "string", default: host }, outfile: { type: "string", default: "dist/anicargo" } },
});

/** The baseline build takes the ordinary PostgreSQL; musl has none. */
const postgresOf = (target: string) => (/musl/.test(target) ? "none" : target.replace("-baseline", ""));

/** Packages for one platform are installed for that platform alone, so for another one they have to be asked for. */
function install(target: string): void {
  const [os, cpu] = target.split("-");
  const command = [process.execPath, "install", "--frozen-lockfile", "--silent", `--os=${os}`, `--cpu=${cpu}`];
  if (!Bun.spawnSync(command, { stdout: "inherit", stderr: "inherit" }).success) process.exit(1);
}

const foreign = !values.target.startsWith(host);
if (foreign) install(values.target);
console.log(await prepare(postgresOf(values.target)));
for (const line of await preparePlugins()) console.log(line);
const commit = Bun.spawnSync(["git", "rev-parse", "--short", "HEAD"], { stderr: "ignore" }).stdout.toString().trim();

const built = Bun.spawnSync(
  [
    process.execPath,
    "build",
    "src/main.ts",
    "--compile",
    ...(values.target === host ? [] : [`--target=bun-${values.target}`]),
    `--outfile=${values.outfile}`,
    // Whole --minify renames what Elysia's macros look up by name.
    "--minify-whitespace",
    "--minify-syntax",
    "--sourcemap",
    // Otherwise the binary obeys the bunfig.toml and the .env of the folder it is started in.
    "--no-compile-autoload-dotenv",
    "--no-compile-autoload-bunfig",
    `--define=ANICARGO_COMMIT=${JSON.stringify(commit || "unknown")}`,
  ],
  { stdout: "inherit", stderr: "inherit" },
);
if (foreign) install(host);
if (values.target !== host) await prepare(host); // leave the checkout ready for this machine's tests
if (!built.success) process.exit(built.exitCode ?? 1);

const mebibytes = (Bun.file(values.outfile).size / 2 ** 20).toFixed(1);
console.log(`${values.outfile} (${values.target}, ${mebibytes} MiB)`);
