/** A Ray cluster of a head and worker nodes on this machine, for tests. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Seconds until a cluster answers. */
const PATIENCE = 90;

/**
 * Starts the head of a cluster. Nodes have addresses of their own, all loopback.
 *
 * @param {string} ray - path of its program.
 * @param {string} folder - for its files.
 * @param {number} dashboard - port of its dashboard.
 * @param {{ cpus?: number, token?: string }} options - `cpus` of the head, default: 1; `token` that it asks for, default: none.
 */
export async function startCluster(ray, folder, dashboard, { cpus: headCpus = 1, token } = {}) {
  const port = await freePort();
  const nodes = [];
  const start = (number, cpus, flags) => {
    const common = [
      "--block",
      `--num-cpus=${cpus}`,
      `--node-ip-address=127.0.0.${number + 2}`,
      "--disable-usage-stats",
    ];
    const child = spawn(ray, ["start", ...common, ...flags], {
      ...{ stdio: "ignore", detached: true, env: environment(token) },
    });
    nodes.push(child);
    return child;
  };
  const head = ["--head", `--port=${port}`, `--dashboard-port=${dashboard}`, "--dashboard-host=127.0.0.1"];
  start(0, headCpus, [...head, `--temp-dir=${folder}`]);
  const url = `http://127.0.0.1:${dashboard}`;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  await until("the head answers", async () => (await fetch(`${url}/api/version`, { headers })).ok);
  return {
    url,
    /** Reads all jobs, as Ray describes them. */
    jobs: async () => (await fetch(`${url}/api/jobs/`, { headers })).json(),
    /** Adds a node. @param {number} cpus @returns a function that kills it with everything that runs on it. */
    async addNode(cpus) {
      const before = await aliveNodes(url);
      const child = start(nodes.length, cpus, [`--address=127.0.0.2:${port}`]);
      await until("the node has joined", async () => (await aliveNodes(url)) > before);
      return () => killTree(child.pid);
    },
    /** Ends every node. */
    async stop() {
      for (const { pid } of nodes.reverse()) killTree(pid);
      await sleep(500);
    },
  };
}

function environment(token) {
  const auth = token === undefined ? { RAY_AUTH_MODE: "disabled" } : { RAY_AUTH_MODE: "token", RAY_AUTH_TOKEN: token };
  return { ...process.env, ...auth, RAY_USAGE_STATS_ENABLED: "0", RAY_DEDUP_LOGS: "0" };
}

async function aliveNodes(url) {
  const { data } = await (await fetch(`${url}/api/v0/nodes`)).json();
  return data.result.result.filter(({ state }) => state === "ALIVE").length;
}

/** Waits until a condition holds. */
export async function until(what, condition, seconds = PATIENCE) {
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {
    if (await Promise.resolve(condition()).catch(() => false)) return;
    await sleep(100);
  }
  throw new Error(`expected within ${seconds} s: ${what}`);
}

/** Kills a process and all that it has started, as a machine that is switched off. */
function killTree(pid) {
  const children = new Map();
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    const parent = parentOf(name);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [pid];
  for (const each of tree) tree.push(...(children.get(each) ?? []));
  for (const each of tree) {
    try {
      process.kill(each, "SIGKILL");
    } catch {
      // It has ended already.
    }
  }
}

function parentOf(pid) {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(line.slice(line.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return 0;
  }
}

/** Finds a port of this machine that is free. @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
