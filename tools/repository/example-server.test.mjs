/** Runs the example server; tools/docs/accounts.mjs relies on this. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dnc, unroll } from "@dnc/core";
import * as tf from "@tensorflow/tfjs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createNetworkServer } from "../../examples/server/http-server.js";
import { readTensors } from "../../packages/checkpoint/dist/index.js";
import { networkSettings } from "../../packages/checkpoint/dist/network/index.js";
import { saveCheckpoint } from "../../packages/checkpoint/dist/node/index.js";
import { run } from "../process.mjs";
import { folderOf } from "./example-folders.mjs";

const INPUTS = [
  [1, 0, 0],
  [0, 1, 0.5],
  [0, 0, 1],
];

let network;
let server;
let url;

beforeAll(() => {
  network = new Dnc({ inputSize: 3, outputSize: 2, memorySize: 4, wordSize: 3, readHeads: 1, hiddenSize: 5, seed: 1 });
});
afterAll(() => network.dispose());

async function listen(options) {
  server = createNetworkServer(network, options);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${server.address().port}/sessions`;
}

async function send(method, address, body) {
  const response = await fetch(address, { method, body: typeof body === "string" ? body : JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, body: text && JSON.parse(text) };
}

async function openSession() {
  const { body } = await send("POST", url);
  return `${url}/${body.session}`;
}

describe("the example server", () => {
  afterEach(async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  });

  it("returns the network's output at each time step of a session", async () => {
    await listen();
    const opened = await send("POST", url);
    expect(opened).toEqual({ status: 201, body: { session: expect.any(String), inputSize: 3, outputSize: 2 } });
    const sessions = [`${url}/${opened.body.session}`, await openSession()];
    const answers = [[], []];
    for (const input of INPUTS)
      for (const [index, session] of sessions.entries()) {
        // The second session sees the same vectors in another order of channels.
        const given = index === 0 ? input : input.toReversed();
        answers[index].push((await send("POST", `${session}/steps`, { input: given })).body.output);
      }
    expect(answers[0].flat()).toBeCloseToAll(expected(INPUTS));
    expect(answers[1].flat()).toBeCloseToAll(expected(INPUTS.map((input) => input.toReversed())));
  });

  it("refuses an invalid input with a reason, and keeps the session", async () => {
    await listen({ maxBytes: 200 });
    const session = await openSession();
    const before = await send("POST", `${session}/steps`, { input: INPUTS[0] });
    const wrong = [[1, 2], [1, 2, "3"], [1, 2, null], [1, 2, 1e300], undefined];
    for (const input of wrong)
      expect(await send("POST", `${session}/steps`, { input })).toEqual({
        status: 400,
        body: { error: "input: expected 3 finite numbers" },
      });
    const error = (text) => ({ error: text });
    expect(await send("POST", `${session}/steps`, "{")).toEqual({ status: 400, body: error("body: expected JSON") });
    expect(await send("POST", `${session}/steps`, "null")).toMatchObject({ status: 400 });
    const long = await send("POST", `${session}/steps`, `{"input":[${"1,".repeat(200)}1]}`);
    expect(long).toEqual({ status: 413, body: error("body: expected at most 200 bytes") });
    expect(await send("POST", `${url}/nobody/steps`, { input: INPUTS[0] })).toMatchObject({ status: 404 });
    expect(await send("GET", url)).toMatchObject({ status: 405 });
    expect(await send("GET", url.replace("sessions", "elsewhere"))).toMatchObject({ status: 404 });
    const after = await send("POST", `${session}/steps`, { input: INPUTS[1] });
    expect([...before.body.output, ...after.body.output]).toBeCloseToAll(expected(INPUTS.slice(0, 2)));
  });

  it("limits the number of sessions, and frees the tensors of closed ones", async () => {
    await listen({ maxSessions: 2 });
    const tensors = tf.memory().numTensors;
    const sessions = [await openSession(), await openSession()];
    expect(await send("POST", url)).toMatchObject({ status: 503 });
    for (const session of sessions) await send("POST", `${session}/steps`, { input: INPUTS[0] });
    const open = tf.memory().numTensors;
    expect(open).toBeGreaterThan(tensors);
    for (const session of sessions) await send("POST", `${session}/steps`, { input: INPUTS[1] });
    expect(tf.memory().numTensors).toBe(open);
    expect(await send("DELETE", sessions[0])).toEqual({ status: 204, body: "" });
    expect(await send("DELETE", sessions[0])).toMatchObject({ status: 404 });
    expect(await send("POST", url)).toMatchObject({ status: 201 });
    server.emit("close");
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it("closes an idle session", async () => {
    await listen({ idleSeconds: 0.05 });
    const tensors = tf.memory().numTensors;
    const session = await openSession();
    await expect.poll(() => tf.memory().numTensors).toBe(tensors);
    expect(await send("POST", `${session}/steps`, { input: INPUTS[0] })).toMatchObject({ status: 404 });
  });
});

describe("the commands of the example server", () => {
  it("serve a saved network to the client", async () => {
    const place = mkdtempSync(join(tmpdir(), "dnc-server-"));
    const state = { step: 1, config: networkSettings(network.config) };
    await saveCheckpoint(join(place, "checkpoints"), {
      model: await readTensors(network.variables),
      optimizer: [],
      state,
    });
    const serving = spawn(process.execPath, ["server.js", place, "0"], { cwd: folderOf("server") });
    try {
      let output = "";
      serving.stdout.on("data", (chunk) => (output += chunk));
      const address = () => /^(http:\/\/127\.0\.0\.1:\d+\/sessions)$/m.exec(output)?.[1];
      await expect.poll(address, { timeout: 60_000 }).toBeDefined();
      const client = await run([process.execPath, "client.js", address()], { cwd: folderOf("server") });
      expect(client.output).toMatch(/^([01] [01] [01] -> [01]\.\d\d [01]\.\d\d\n){5}$/);
      const closed = once(serving, "close");
      serving.kill("SIGTERM");
      expect((await closed)[0]).toBe(0);
    } finally {
      serving.kill("SIGKILL");
      rmSync(place, { recursive: true, force: true });
    }
  });
});

/** Computes the network's outputs for a sequence, as probabilities. */
function expected(inputs) {
  return tf.tidy(() => {
    const { outputs } = unroll(network, tf.tensor3d(inputs.flat(), [inputs.length, 1, 3]));
    return Array.from(tf.sigmoid(outputs).dataSync());
  });
}

expect.extend({
  toBeCloseToAll(received, wanted) {
    const pass =
      received.length === wanted.length && received.every((value, at) => Math.abs(value - wanted[at]) < 1e-5);
    return { pass, message: () => `expected [${wanted}], got [${received}]` };
  },
});
