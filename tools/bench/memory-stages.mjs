/**
 * Prints the memory of a process that trains, stage by stage, a JSON object per line, in MB (10^6 bytes):
 * `node tools/bench/memory-stages.mjs native L 2` names engine, workload and threads. Linux only: mappings are from /proc/self/smaps.
 */
import { readFileSync } from "node:fs";
import { resourceUsage } from "node:process";
import { setUp } from "../setup.mjs";

const [engine = "native", name = "L", threads = "2"] = process.argv.slice(2);

await setUp();
print("node");
// Internal to the trainer, hence imported by path: TensorFlow.js as the trainer loads it.
const { tf } = await import("../../apps/trainer/dist/tensorflow.js");
tf.enableProdMode();
print("TensorFlow.js");
const { WORKLOADS } = await import("./workloads.mjs");
const { createSubject } = await import("./measure.mjs");
print("packages");
await tf.setBackend("cpu");
const subject = await createSubject(engine, WORKLOADS[name], { threads: Number(threads) });
print("network and trainer");
subject.makeBatches();
await subject.ready();
print("batches and threads");
for (const [first, last] of [
  [0, 1],
  [1, 8],
]) {
  for (let index = first; index < last; index++) await subject.step(index);
  print(`${last} iterations`);
}

function print(stage) {
  const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
  const numbers = { rss, peak: 1024 * resourceUsage().maxRSS, heapTotal, heapUsed, external, ...mappings() };
  const megabytes = Object.entries(numbers).map(([key, bytes]) => [key, Math.round(bytes / 1e5) / 10]);
  console.log(
    JSON.stringify({ engine, workload: name, threads: Number(threads), stage, ...Object.fromEntries(megabytes) }),
  );
}

/** Resident bytes of files and of everything else, which is V8's heap and what is allocated outside of it. */
function mappings() {
  const resident = { files: 0, anonymous: 0 };
  let kind = "files";
  for (const line of readFileSync("/proc/self/smaps", "utf8").split("\n")) {
    const mapping = line.match(/^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \S+ *(.*)$/);
    if (mapping) kind = mapping[1].startsWith("/") ? "files" : "anonymous";
    const size = line.match(/^Rss: +(\d+) kB/);
    if (size) resident[kind] += 1024 * Number(size[1]);
  }
  return resident;
}
