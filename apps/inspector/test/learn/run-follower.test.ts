import { expect, it } from "vitest";
import { type FollowedRun, RunFollower } from "../../src/page/learn/run-follower.js";

/** A run's folder on a server. */
function runOf(files: Record<string, string>) {
  const state = { isDown: false, requests: 0 };
  const changes: FollowedRun[] = [];
  const checkpoints: string[] = [];
  const follower = new RunFollower({
    name: "a run",
    fetch: async (path) => {
      state.requests++;
      if (state.isDown) return { status: 0, bytes: new Uint8Array() };
      const text = files[path];
      return { status: text === undefined ? 404 : 200, bytes: new TextEncoder().encode(text ?? "") };
    },
    onChange: (run) => changes.push(run),
    onCheckpoint: (name) => checkpoints.push(name),
  });
  return { follower, state, changes, checkpoints };
}

const line = (step: number, loss: number) =>
  `${JSON.stringify({ step, loss, exact_match: 0.5, sample: `samples/step-${String(step).padStart(8, "0")}.txt` })}\n`;

it.each([{}, { "config.json": "null", "metrics.jsonl": "" }])(
  "shows a run that has nothing yet, once: %j",
  async (files) => {
    const { follower, changes } = runOf(files);
    await follower.look();
    await follower.look();
    expect(changes).toEqual([{ name: "a run", reports: [], isReachable: true, checkpoint: undefined }]);
  },
);

it("follows reports, samples and checkpoints", async () => {
  const files: Record<string, string> = { "config.json": '{"num_training_iterations":300}' };
  const { follower, checkpoints } = runOf(files);
  await follower.look();
  expect(follower.run).toMatchObject({ reports: [], iterations: 300, checkpoint: undefined });
  files["metrics.jsonl"] = line(100, 5);
  files["samples/step-00000100.txt"] = "a sample";
  files["checkpoints/latest"] = "step-00000100\n";
  await follower.look();
  expect(follower.run).toMatchObject({
    reports: [{ step: 100, loss: 5 }],
    sample: "a sample",
    checkpoint: "step-00000100",
  });
  files["checkpoints/latest"] = "step-00000200\n";
  await follower.look();
  await follower.look();
  expect(checkpoints).toEqual(["step-00000100", "step-00000200"]);
});

it("shows a run that was resumed without what was deleted", async () => {
  const files: Record<string, string> = { "metrics.jsonl": line(100, 5) + line(200, 4) + line(300, 3) };
  const { follower } = runOf(files);
  await follower.look();
  files["metrics.jsonl"] = line(100, 5) + line(200, 3.5);
  await follower.look();
  expect(follower.run.reports.map(({ step, loss }) => [step, loss])).toEqual([
    [100, 5],
    [200, 3.5],
  ]);
});

it("says that the server is away with one request, and is right again when it is back", async () => {
  const files: Record<string, string> = { "metrics.jsonl": line(100, 5) };
  const { follower, state, changes } = runOf(files);
  await follower.look();
  state.isDown = true;
  state.requests = 0;
  const before = changes.length;
  await follower.look();
  await follower.look();
  expect(state.requests).toBe(2);
  expect(changes.slice(before).map(({ isReachable }) => isReachable)).toEqual([false]);
  state.isDown = false;
  await follower.look();
  expect(follower.run.isReachable).toBe(true);
});

it("asks for no file that a line of metrics could not name", async () => {
  const asked: string[] = [];
  const text = JSON.stringify({ step: 1, loss: 1, sample: "../../secret.txt" });
  const follower = new RunFollower({
    name: "a run",
    fetch: async (path) => {
      asked.push(path);
      return { status: 200, bytes: new TextEncoder().encode(path === "metrics.jsonl" ? `${text}\n` : "{}") };
    },
    ...{ onChange: () => {}, onCheckpoint: () => {} },
  });
  await follower.look();
  expect(asked).not.toContain("../../secret.txt");
});
