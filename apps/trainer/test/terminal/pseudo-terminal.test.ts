/** Tests `dnc train` on a pseudo-terminal; needs the build. */
// biome-ignore-all lint/suspicious/noControlCharactersInRegex: these are the codes of a terminal.
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { SMALL, temporaryFolder } from "../support.js";

const COMMAND = fileURLToPath(new URL("../../bin/dnc.js", import.meta.url));
const FLAGS = Object.entries(SMALL).map(([name, value]) => `--${name}=${value}`);
const hasScript = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") === true;

/** Runs `dnc train` on a terminal of 80 columns; `typed` returns what is typed next, once, for all of the output so far. */
function train(flags: readonly string[], environment: object, typed?: (output: string) => string | undefined) {
  const words = [process.execPath, COMMAND, "train", "--checkpoint_dir=run", "--backend=cpu", ...FLAGS, ...flags];
  const command = `stty cols 80 rows 24; exec ${words.map((word) => `'${word}'`).join(" ")}`;
  const env = {
    ...process.env,
    NO_COLOR: "",
    FORCE_COLOR: undefined,
    TERM: "xterm-256color",
    ...environment,
    npm_lifecycle_event: undefined,
    npm_command: undefined,
    CI: undefined,
  };
  const cwd = temporaryFolder();
  const child = spawn("script", ["-qefc", command, join(cwd, "typescript")], { cwd, env: env as NodeJS.ProcessEnv });
  return new Promise<{ status: number | null; output: string }>((resolve, reject) => {
    let output = "";
    let isTyped = false;
    child.stdout.on("data", (data) => {
      output += data;
      const text = isTyped ? undefined : typed?.(output);
      if (text === undefined) return;
      isTyped = true;
      child.stdin.write(text);
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, output: output.replaceAll("\r\n", "\n") }));
  });
}

describe.skipIf(!hasScript)("dnc train on a terminal (needs script; the package util-linux)", () => {
  it("has no escape codes with NO_COLOR but those of the line that it rewrites", async () => {
    const { status, output } = await train(["--num_training_iterations=30", "--report_interval=10"], { NO_COLOR: "1" });
    expect(status).toBe(0);
    expect(output.replaceAll(/\r|\x1b\[K/g, "")).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
    const titles = output.match(/iteration \d+\/30/g) ?? [];
    expect([titles[0], titles.at(-1)]).toEqual(["iteration 10/30", "iteration 30/30"]);
    expect(output).toMatch(/^ {2}start +1/m);
    expect(output).toMatch(/\nNext:\n.*dnc\.js report run\n.*dnc\.js eval run\n/);
    expect(output.endsWith("\n")).toBe(true);
  });

  it("has colours, which end where they begin", async () => {
    const { output } = await train(["--num_training_iterations=5"], {});
    const [on, off] = [/\x1b\[(1|2|7|31|32)m/g, /\x1b\[(22|27|39)m/g].map((code) => output.match(code)?.length ?? 0);
    expect(on).toBeGreaterThan(5);
    expect(on).toBe(off);
  });

  it("leaves a clean screen after Ctrl-C", async () => {
    const { status, output } = await train(["--report_interval=50"], { NO_COLOR: "1" }, (text) =>
      text.includes("it/s") ? "\x03" : undefined,
    );
    expect(status).toBe(0);
    const [, rest = ""] = output.split("SIGINT: ending and saving the run");
    expect(rest).toMatch(/Ended early, everything saved: \d+ of 100000/);
    expect(rest).toMatch(/\nNext:\n.* report run\n.* eval run\n.* train --resume=run\n$/);
    // Whatever stands on a row is cleared before another text begins there.
    for (const row of output.split("\n")) {
      const texts = row.split("\r").filter((text) => text.replaceAll("\x1b[K", "") !== "");
      expect(texts.slice(0, -1).every((text) => text.endsWith("\x1b[K") || text.includes("^C"))).toBe(true);
    }
  });
});
