/** A registry on 127.0.0.1: Verdaccio, empty and without an upstream registry. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { npmCommand } from "../pnpm.mjs";
import { run } from "../process.mjs";

const LONGEST_START = 60_000;

/**
 * Starts a registry. Every account may publish; packages in `only` may be published only by `maintainer`.
 *
 * @param {string} folder - folder of its storage, which is created.
 * @param {{ only?: string[] }} [options]
 * @returns {Promise<{ url: string, userconfig: (name: string) => Promise<string>, stop: () => Promise<void> }>}
 *   `userconfig` creates an account and returns the npm configuration file of a logged-in user who gets `@dnc` from here and everything else from this machine's registry.
 */
export async function startRegistry(folder, { only = [] } = {}) {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const packages = {
    ...Object.fromEntries(only.map((name) => [name, { access: "$all", publish: "maintainer" }])),
    "@dnc/*": { access: "$all", publish: "$authenticated" },
  };
  const settings = {
    storage: join(folder, "storage"),
    // It verifies the password in every request of an installation: few rounds of hashing take a millisecond, the usual ten 90.
    auth: { htpasswd: { file: join(folder, "htpasswd"), max_users: 10, rounds: 4 } },
    // Longer than a test blocks its process, which would then use a connection that the registry has closed.
    server: { keepAliveTimeout: 600 },
    web: { enable: false },
    packages,
    log: { type: "file", path: join(folder, "log"), level: "warn" },
  };
  const config = join(folder, "config.yaml");
  writeFileSync(config, JSON.stringify(settings)); // JSON is YAML
  const program = createRequire(import.meta.url).resolve("verdaccio/bin/verdaccio");
  const child = spawn(process.execPath, [program, "--config", config, "--listen", url], { stdio: "ignore" });
  const closed = new Promise((resolve) => child.once("close", resolve));
  const stop = async () => {
    child.kill();
    await closed;
  };
  try {
    await answering(url, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, userconfig: (name) => userconfig(name, { url, folder }), stop };
}

async function answering(url, child) {
  const end = Date.now() + LONGEST_START;
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`the registry ended with status ${child.exitCode}`);
    if (
      await fetch(`${url}-/ping`).then(
        (response) => response.ok,
        () => false,
      )
    )
      return;
    await sleep(100);
  }
  throw new Error("the registry does not answer");
}

async function userconfig(name, { url, folder }) {
  const response = await fetch(`${url}-/user/org.couchdb.user:${name}`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name, password: `${name}-password` }),
  });
  const { token } = await response.json();
  if (token === undefined) throw new Error(`the registry made no account ${name}: status ${response.status}`);
  const file = join(folder, `${name}.npmrc`);
  const lines = [
    await machineSettings(),
    `@dnc:registry=${url}`,
    `${url.slice("http:".length)}:_authToken=${token}`,
    "fund=false",
    "update-notifier=false",
    "logs-max=0",
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

/** Reads the npm settings of this machine's user. */
async function machineSettings() {
  const { output } = await run([...npmCommand(), "config", "get", "userconfig"]);
  const file = output.trim().split("\n").at(-1);
  return existsSync(file) ? readFileSync(file, "utf8").trim() : "";
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
