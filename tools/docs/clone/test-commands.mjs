/** Runs commands of the documentation in this clone. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { root } from "../../pnpm.mjs";
import { withVulkan } from "../../testing/vulkan.mjs";

const env = withVulkan();

/**
 * Defines a test for each command, sequentially: a command may depend on earlier ones.
 *
 * @param {import("./commands.mjs").Command[]} commands
 */
export function testCommands(commands) {
  const runs = join(root, "runs");
  /** Folders of runs, removed at the end. */
  const made = [];
  /** State that commands leave for later ones. */
  const world = {
    /** Finds the folder of a run in the trainer's output. */
    runOf(output) {
      const [, path] = /^run +(\S+)/m.exec(output);
      made.push(resolve(root, path));
      return resolve(root, path);
    },
  };
  let before;

  beforeAll(() => {
    world.HERE = mkdtempSync(join(tmpdir(), "dnc-docs-"));
    before = listed(runs);
  });

  afterAll(() => {
    rmSync(world.HERE, { recursive: true, force: true });
    for (const path of made) rmSync(path, { recursive: true, force: true });
    if (before === undefined && made.length > 0 && readdirSync(runs).length === 0) rmSync(runs, { recursive: true });
  });

  describe("the documentation's command", () => {
    it.each(commands)("$command", async (each) => {
      const { command, as = command, until, backend } = each;
      const { status = 0, says, check } = backend && !world.backends.includes(backend) ? each.refusal : each;
      const text = as.replace(/\{(\w+)\}/g, (_, name) => world[name]);
      expect(text).not.toContain("undefined");
      const ended = await inShell(text, until);
      if (!until) expect(ended.status, ended.output).toBe(status);
      for (const line of says) expect(ended.output).toMatch(line);
      check?.({ output: ended.output, world });
    });
  });
}

/**
 * Runs a command as at a prompt in the clone; sends Ctrl-C once it has printed `until`. Resolves when its output is
 * closed.
 */
function inShell(text, until) {
  return new Promise((done, fail) => {
    const child = spawn("sh", ["-c", text], { cwd: root, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let [output, isInterrupted] = ["", false];
    const take = (chunk) => {
      output += chunk;
      if (!until || isInterrupted || !until.test(output)) return;
      isInterrupted = true;
      process.kill(-child.pid, "SIGINT"); // like a terminal, to the whole group
    };
    onTestFinished(() => endGroup(child)); // after a timeout
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", fail);
    child.on("close", (status) => done({ status, output }));
  });
}

function endGroup({ pid, exitCode, signalCode }) {
  if (exitCode === null && signalCode === null) process.kill(-pid, "SIGKILL");
}

function listed(folder) {
  return existsSync(folder) ? readdirSync(folder) : undefined;
}
