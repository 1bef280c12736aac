/**
 * Times each kernel of a training iteration on the WebGPU engine by itself, and prints one line of JSON:
 *
 *     node tools/bench/gpu-kernels.mjs --workload=M
 *
 * A kernel's time is the difference between many dispatches and a few in one submission, divided by their difference in number:
 * submitting and waiting cancel out. Exit status: 0 done, 1 if there is no GPU, 2 if the command is wrong.
 */
import "../node-version.mjs";
import { script } from "../flags.mjs";
import { median } from "./quantiles.mjs";
import { DATA_SEED, TRAINER_OPTIONS, WORKLOADS } from "./workloads.mjs";

const FLAGS = {
  workload: { kind: "choice", choices: Object.keys(WORKLOADS), default: "S", help: "network and batch" },
  dispatches: { kind: "integer", min: 2, default: 32, help: "dispatches of a kernel in one submission" },
  rounds: { kind: "integer", min: 1, default: 5, help: "submissions of each kind, of which the median is taken" },
};
/** Dispatches of the shorter submission. */
const FEW = 1;

/** @param {{ workload: string, dispatches: number, rounds: number }} options @returns {Promise<number>} the exit status. */
async function main({ workload, dispatches, rounds }) {
  const { setUp } = await import("../setup.mjs");
  await setUp();
  // Internal to the trainer and the engine, hence imported by path; in a bundle packages lie elsewhere.
  const { probeBackend } = await import("../../apps/trainer/dist/backends/select-backend.js");
  const { tf } = await import("../../apps/trainer/dist/tensorflow.js");
  const started = await probeBackend("webgpu");
  if (!started.works) {
    console.error(`gpu-kernels: ${started.reason}; ${started.fix}`);
    return 1;
  }
  const { device } = tf.backend();
  const { network, kernels } = await createNetwork(device, WORKLOADS[workload]);
  const us = {};
  for (const [name, run] of Object.entries(kernels)) {
    await submit(device, run, 1); // compiles
    const times = { few: [], many: [] };
    for (let round = 0; round < rounds; round++) {
      times.few.push(await submit(device, run, FEW));
      times.many.push(await submit(device, run, dispatches));
    }
    us[name] = Number(((1000 * (median(times.many) - median(times.few))) / (dispatches - FEW)).toFixed(2));
  }
  const { threads, barriers, workgroupBytes, spilled } = network.generated;
  const sum = Number(
    Object.values(us)
      .reduce((total, each) => total + each, 0)
      .toFixed(1),
  );
  const facts = { threads, barriers, workgroup_bytes: workgroupBytes, not_in_workgroup_memory: spilled };
  console.log(JSON.stringify({ workload, device: started.description, us, us_sum: sum, ...facts }));
  return 0;
}

/** Creates a network with a batch, and what dispatches each of its kernels. */
async function createNetwork(device, workload) {
  const { createRandom } = await import("@dnc/tasks");
  const { completeOptimizerOptions, networkSizes } = await import("@dnc/core/engine");
  const { workloadParts } = await import("./subject.mjs");
  const inside = (file) => import(new URL(file, import.meta.resolve("@dnc/engine-webgpu")).href);
  const [{ Network }, { DeviceOptimizer }, { updateKernel }, { FLAGS: flags, RESULT_SIZE }] = await Promise.all(
    ["network.js", "optimizer.js", "wgsl/update.js", "wgsl/update.js"].map(inside),
  );
  const { core, batch } = workloadParts(workload);
  const { timeSteps, batchSize, inputs, targets, mask } = batch(0);
  const network = new Network(device, networkSizes(core.config));
  const { dims, gradients, pack, forward, outputTraining, backward } = network.generated;
  const more = { targets: targets.length + mask.length, results: flags + RESULT_SIZE };
  network.prepare({ timeSteps, batchSize, history: true, zeroState: true }, more);
  const optimizer = completeOptimizerOptions(TRAINER_OPTIONS.optimizer);
  const state = new DeviceOptimizer(device, network.buffers, optimizer, dims.parameterCount);
  state.write();
  state.writeSettings(1);
  const random = createRandom(DATA_SEED);
  const parameters = Float32Array.from({ length: dims.parameterCount }, () => random.integer(-500, 500) / 1e4);
  for (const [name, offset, numbers] of [
    ["parameters", 0, parameters],
    ["inputs", 0, inputs],
    ["targets", 0, targets],
    ["targets", targets.byteLength, mask],
  ])
    device.queue.writeBuffer(network.buffers.get(name), offset, numbers);
  network.writeDims();
  const update = updateKernel(dims, gradients.groups, { optimizer, maxGradNorm: TRAINER_OPTIONS.maxGradNorm });
  const kernels = {
    pack: (pass) => network.run(pass, pack.kernel, pack.groups),
    forward: (pass) => network.run(pass, forward, batchSize),
    output: (pass) => network.run(pass, outputTraining, batchSize, timeSteps),
    backward: (pass) => network.run(pass, backward, batchSize),
    gradients: (pass) => network.run(pass, gradients.kernel, gradients.groups),
    update: (pass) => network.run(pass, update.kernel, update.groups),
  };
  return { network, kernels };
}

/** Dispatches a kernel several times in one submission. @returns {Promise<number>} milliseconds until it is done. */
async function submit(device, run, dispatches) {
  const start = performance.now();
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  for (let each = 0; each < dispatches; each++) run(pass);
  pass.end();
  device.queue.submit([encoder.finish()]);
  await device.queue.onSubmittedWorkDone();
  return performance.now() - start;
}

const status = await script({ name: "gpu-kernels", call: "node tools/bench/gpu-kernels.mjs", flags: FLAGS }, main);
// Exit at once: the driver has threads of its own and may crash during a normal exit.
process.stdout.write("", () => process.exit(status));
