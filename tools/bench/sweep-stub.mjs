/**
 * A stub of Ray's Jobs REST API for `sweep.mjs`, in a process of its own so that its work is not counted. Its time is virtual: `POST /advance`
 * lets jobs write the reports that are due. Prints its port.
 */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const [latency, seconds, reports] = process.argv.slice(2).map(Number);

const jobs = new Map();
let [now, bytes] = [0, 0];

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  if (request.url === "/advance") {
    advance(Number(body));
    response.end(String(bytes));
    return;
  }
  await sleep(latency);
  const text = JSON.stringify(request.method === "POST" ? submit(JSON.parse(body)) : [...jobs.values()].map(listed));
  bytes += text.length + body.length;
  response.end(text);
});

function submit(job) {
  jobs.set(job.submission_id, {
    job,
    began: now,
    written: 0,
    folder: job.entrypoint.split(" ").at(-1),
    status: "RUNNING",
  });
  return { submission_id: job.submission_id, job_id: job.submission_id };
}

function advance(ms) {
  now += ms;
  for (const entry of jobs.values()) {
    if (entry.status !== "RUNNING") continue;
    const due = Math.min(reports, Math.floor(((now - entry.began) / (1000 * seconds)) * reports));
    if (due > entry.written) report(entry, due);
    if (due < reports) continue;
    const checkpoint = join(entry.folder, `checkpoints/step-${String(reports).padStart(8, "0")}`);
    mkdirSync(checkpoint, { recursive: true });
    writeFileSync(join(checkpoint, "state.json"), "{}");
    entry.status = "SUCCEEDED";
  }
}

function report(entry, due) {
  mkdirSync(entry.folder, { recursive: true });
  while (entry.written < due) {
    const step = ++entry.written;
    // As long as a line of a real run.
    const line = { step, loss: 1 / step, exact_match: 0.5, gradient_norm: 0.1234567890123, iterations: 100 };
    const speed = { iterations_per_second: 123.4567890123, seconds: step, sample: `samples/step-${step}.txt` };
    appendFileSync(join(entry.folder, "metrics.jsonl"), `${JSON.stringify({ ...line, ...speed })}\n`);
  }
}

/** A job as a real Ray 2.60 lists it, with the same fields. */
function listed({ job, began, status }) {
  return {
    ...{ type: "SUBMISSION", job_id: null, driver_info: null, ...job, status },
    ...{ message: status === "RUNNING" ? "Job is currently running." : "Job finished successfully.", error_type: null },
    ...{ start_time: 1795823796448 + began, end_time: null, driver_agent_http_address: "http://127.0.0.1:52365" },
    ...{ driver_node_id: "0".repeat(56), driver_exit_code: null },
  };
}

server.listen(0, "127.0.0.1", () => console.log(server.address().port));
