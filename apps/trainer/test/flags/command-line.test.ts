import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "@dnc/settings";
import type { Settings } from "@dnc/settings/flags";
import { describe, expect, it } from "vitest";
import { readCommandLine } from "../../src/flags/command-line.js";
import { temporaryFolder } from "../support.js";

function settingsOf(...args: string[]): Settings {
  const request = readCommandLine(["train", ...args]);
  if (request.command !== "train") throw new Error(`expected settings, got ${request.command}`);
  return request.settings;
}

describe("dnc train", () => {
  it("has the reference's flags under their names with their defaults, and a few additional ones", () => {
    expect(settingsOf()).toStrictEqual({
      network: "dnc",
      hidden_size: 64,
      memory_size: 16,
      word_size: 16,
      num_write_heads: 1,
      num_read_heads: 4,
      clip_value: 20,
      max_grad_norm: 50,
      learning_rate: 1e-4,
      optimizer_epsilon: 1e-10,
      layers: undefined,
      masking: false,
      deallocation: false,
      sharpness: false,
      no_links: false,
      initial_memory: 0,
      no_lessons: false,
      optimizer: "rmsprop",
      decay: 0.9,
      momentum: 0,
      beta1: 0.9,
      beta2: 0.999,
      loss: undefined,
      learning_rate_schedule: "constant",
      warm_up: 0,
      final_learning_rate: undefined,
      schedule_iterations: undefined,
      schedule_interval: undefined,
      schedule_factor: undefined,
      until: undefined,
      change: false,
      batch_size: 16,
      num_bits: 4,
      min_length: 1,
      max_length: 2,
      min_repeats: 1,
      max_repeats: 2,
      num_training_iterations: 100000,
      report_interval: 100,
      checkpoint_dir: undefined,
      checkpoint_interval: -1,
      resume: undefined,
      keep_checkpoints: 5,
      controller: "lstm",
      task: "repeat-copy",
      seed: undefined,
      backend: "auto",
      engine: "auto",
      threads: undefined,
      json: false,
    });
  });

  it.each([
    [["--memory-size", "64"]],
    [["--memory_size", "64"]],
    [["--memory-size=64"]],
    [["--memory_size=64"]],
    [["--memory_size=6.4e1"]],
    [["--memory_size=3", "--memory-size=64"]],
  ])("reads %j as one flag", (args) => {
    expect(settingsOf(...args)).toEqual({ ...settingsOf(), memory_size: 64 });
  });

  it.each([
    ["--checkpoint_interval", "-1", "checkpoint_interval", -1],
    ["--checkpoint-dir", "my-runs/--a_b", "checkpoint_dir", "my-runs/--a_b"],
    ["--learning-rate", "1e-3", "learning_rate", 1e-3],
    ["--clip-value", "0", "clip_value", 0],
    ["--seed", "2147483647", "seed", 2 ** 31 - 1],
    ["--seed", "0", "seed", 0],
    ["--controller", "deep-lstm", "controller", "deep-lstm"],
    ["--task", "copy", "task", "copy"],
  ] as const)("reads %s %s", (flag, word, name, value) => {
    expect(settingsOf(flag, word)[name]).toBe(value);
    expect(settingsOf(`${flag}=${word}`)[name]).toBe(value);
  });

  it("reads variants of the network and the optimizer, whose defaults depend on each other", () => {
    expect(settingsOf("--masking").masking).toBe(true);
    expect(settingsOf("--masking", "--no-links")).toMatchObject({ masking: true, no_links: true });
    expect(settingsOf("--masking", "0.1").masking).toBe(0.1);
    expect(settingsOf("--masking=0.1").masking).toBe(0.1);
    expect(settingsOf("--masking=true").masking).toBe(true);
    expect(settingsOf("--masking=false").masking).toBe(false);
    expect(settingsOf("--initial_memory=random").initial_memory).toBe("random");
    expect(settingsOf("--initial_memory", "-1e-6").initial_memory).toBe(-1e-6);
    expect(settingsOf("--optimizer=adam")).toMatchObject({ learning_rate: 1e-3, optimizer_epsilon: 1e-8 });
    expect(settingsOf("--optimizer=adam", "--learning_rate=0.5")).toMatchObject({ learning_rate: 0.5 });
    expect(settingsOf("--layers=2")).toMatchObject({ controller: "deep-lstm", layers: 2 });
    expect(settingsOf("--network=lstm", "--layers=2")).toMatchObject({ network: "lstm", layers: 2 });
    const schedule = ["--learning_rate_schedule=linear", "--num_training_iterations=70"];
    expect(settingsOf(...schedule).schedule_iterations).toBe(70);
    expect(settingsOf("--learning-rate-schedule=step", "--num_training_iterations=70")).toMatchObject({
      ...{ schedule_interval: 7, schedule_factor: 0.5, schedule_iterations: undefined },
    });
    expect(settingsOf("--optimizer=adam", "--beta1=0", "--beta2=0.99")).toMatchObject({ beta1: 0, beta2: 0.99 });
  });

  it("reads --json", () => {
    expect(settingsOf("--json").json).toBe(true);
  });

  it.each([
    [["--memory_size=0"], "--memory_size: expected an integer of at least 1, got 0"],
    [["--memory-size", "many"], '--memory_size: expected an integer of at least 1, got "many"'],
    [["--memory_size=2.5"], "--memory_size: expected an integer of at least 1, got 2.5"],
    [["--memory_size=0x10"], '--memory_size: expected an integer of at least 1, got "0x10"'],
    [["--memory_size="], "--memory_size: expected an integer of at least 1, got nothing"],
    [["--memory_size"], "--memory_size: expected an integer of at least 1, got nothing"],
    [["--memory_size", "--json"], "--memory_size: expected a value, got the flag --json"],
    [["--checkpoint_dir", "--seed=3"], "--checkpoint_dir: expected a value, got the flag --seed=3"],
    [["--checkpoint_dir=--seed=3"], "--checkpoint_dir: expected a value, got the flag --seed=3"],
    [["--checkpoint-dir", "-h"], "--checkpoint_dir: expected a value, got the flag -h"],
    [["--backend", "--seed=3"], "--backend: expected a value, got the flag --seed=3"],
    [["--resume", "--json"], "--resume: expected a value, got the flag --json"],
    [["--config", "--json"], "--config: expected a value, got the flag --json"],
    [["--checkpoint_dir=\0"], '--checkpoint_dir: expected the name of a folder, got "\\u0000"'],
    [["--config=a\0b"], '--config: expected the name of a file, got "a\\u0000b"'],
    [["--resume=a\0b"], '--resume: expected the folder of a run, got "a\\u0000b"'],
    [
      ["--checkpoint_dir=file:///runs/x"],
      "--checkpoint_dir: expected the name of a folder, got the URL file:///runs/x",
    ],
    [["--checkpoint_dir", "s3://runs/x"], "--checkpoint_dir: expected the name of a folder, got the URL s3://runs/x"],
    [["--resume=FILE:/runs/x"], "--resume: expected the folder of a run, got the URL FILE:/runs/x"],
    [["--config=https://x/y"], "--config: expected the name of a file, got the URL https://x/y"],
    [["--memory_size=1e400"], "--memory_size: expected an integer of at least 1, got Infinity"],
    [["--learning_rate=0"], "--learning_rate: expected a number above 0, got 0"],
    [["--learning_rate=1e39"], "--learning_rate: expected a number above 0, got 1e+39"],
    [["--learning_rate=NaN"], '--learning_rate: expected a number above 0, got "NaN"'],
    [["--clip_value=-1"], "--clip_value: expected a number of at least 0, got -1"],
    [["--report_interval=0"], "--report_interval: expected an integer of at least 1, got 0"],
    [["--checkpoint_interval=-2"], "--checkpoint_interval: expected an integer of at least -1, got -2"],
    [["--checkpoint_dir="], "--checkpoint_dir: expected the name of a folder, got nothing"],
    [["--seed=2147483648"], "--seed: expected an integer from 0 to 2147483647, got 2147483648"],
    [["--backend=gpu"], '--backend: expected one of auto, cuda, webgpu, cpu, node, got "gpu"'],
    [["--controller=LSTM"], '--controller: expected one of lstm, deep-lstm, gru, feed-forward, got "LSTM"'],
    [["--engine=simd"], '--engine: expected one of auto, native, wasm, ops, got "simd"'],
    [["--threads=0"], "--threads: expected an integer from 1 to 32, got 0"],
    [["--threads=33"], "--threads: expected an integer from 1 to 32, got 33"],
    [["--json=yes"], '--json: expected no value, got "yes"'],
    [["--min_length=3"], "--min_length: expected at most max_length (2), got 3"],
    [["--max_repeats=1", "--min_repeats=2"], "--min_repeats: expected at most max_repeats (1), got 2"],
    [["--task=copy", "--max_repeats=3"], "--max_repeats: expected only with task repeat-copy, got it with task copy"],
    [["--memory_sise=3"], 'unknown flag "--memory_sise"; did you mean --memory_size?'],
    [["--Memory-Size=3"], 'unknown flag "--Memory-Size"; did you mean --memory_size?'],
    [["--resume"], "--resume: expected the folder of a run, got nothing"],
    [["--keep_checkpoints=0"], "--keep_checkpoints: expected an integer of at least 1, got 0"],
    [["--sequences=3"], 'unknown flag "--sequences"; `dnc train --help` lists them all'],
    [["-x"], 'expected a flag that begins with --, got "-x"'],
    [["64"], 'expected only flags after train, got "64"'],
    [["--config"], "--config: expected the name of a file, got nothing"],
    [["--config="], "--config: expected the name of a file, got nothing"],
    [["--initial_memory=zeros"], '--initial_memory: expected random or a number, got "zeros"'],
    [["--initial_memory=1e39"], "--initial_memory: expected random or a number, got 1e+39"],
    [["--network=lstm", "--initial_memory=1"], "--initial_memory: expected only with network dnc, got it with lstm"],
    [["--masking=1"], "--masking: expected true, false or a number from 0 to below 1, got 1"],
    [["--masking=yes"], '--masking: expected true, false or a number from 0 to below 1, got "yes"'],
    [["--momentum=1"], "--momentum: expected a number from 0 to below 1, got 1"],
    [["--decay=0.99999999"], "--decay: expected a number from 0 to below 1, got 0.99999999"],
    [["--until=0"], "--until: expected a number above 0 and at most 1, got 0"],
    [["--until=1.1"], "--until: expected a number above 0 and at most 1, got 1.1"],
    [["--optimizer=sgd"], '--optimizer: expected one of rmsprop, adam, got "sgd"'],
    [["--loss=hinge"], '--loss: expected one of sigmoid, softmax, squared, got "hinge"'],
    [["--optimizer=adam", "--momentum=0.5"], "--momentum: expected only with optimizer rmsprop, got it with adam"],
    [["--network=lstm", "--memory_size=4"], "--memory_size: expected only with network dnc, got it with lstm"],
    [["--network=lstm", "--masking"], "--masking: expected only with network dnc, got it with lstm"],
    [["--sharpness", "--no_links"], "--sharpness: expected only with links, got it with no_links"],
    [["--layers=33"], "--layers: expected an integer from 1 to 32, got 33"],
    [["--controller=gru", "--layers=2"], "--layers: expected 1 unless controller is lstm or deep-lstm, got 2"],
    [
      ["--final_learning_rate=1e-5"],
      "--final_learning_rate: expected only with learning_rate_schedule linear, cosine, step or exponential, got it with constant",
    ],
    [
      ["--learning_rate_schedule=linear", "--schedule_factor=0.1"],
      "--schedule_factor: expected only with learning_rate_schedule step or exponential, got it with linear",
    ],
    [
      ["--learning_rate_schedule=step", "--schedule_iterations=9"],
      "--schedule_iterations: expected only with learning_rate_schedule linear or cosine, got it with step",
    ],
    [
      ["--learning_rate_schedule=step", "--schedule_factor=1.5"],
      "--schedule_factor: expected a number above 0 and at most 1, got 1.5",
    ],
    [
      ["--learning_rate_schedule=exponential", "--final_learning_rate=0.1"],
      "--final_learning_rate: expected at most learning_rate (0.0001), got 0.1",
    ],
    [["--beta1=0.5"], "--beta1: expected only with optimizer adam, got it with rmsprop"],
    [["--optimizer=adam", "--beta2=1"], "--beta2: expected a number from 0 to below 1, got 1"],
    [
      ["--learning_rate_schedule=cosine", "--schedule_iterations=5", "--warm_up=5"],
      "--warm_up: expected less than the iterations of the schedule (5), got 5",
    ],
  ])("refuses %j in one sentence", (args, message) => {
    expect(() => settingsOf(...args)).toThrow(new UsageError(message));
  });

  it("resumes a run only if the command line requests it", () => {
    const config = join(temporaryFolder(), "config.json");
    writeFileSync(config, '{ "resume": "run" }');
    expect(() => settingsOf(`--config=${config}`)).toThrow(
      new UsageError(`${config}: resume: expected only on the command line, got it in a config file`),
    );
  });

  it("refuses sizes that exceed any memory", () => {
    expect(() => settingsOf("--memory_size=1000000")).toThrow(
      "too large: the link matrices (batch_size * num_write_heads * memory_size^2) would be a single tensor; " +
        "expected at most 1073741824 numbers, got 1.60e+13",
    );
    expect(() => settingsOf("--hidden_size=100000")).toThrow("too large: the controller's weights");
    expect(() => settingsOf("--batch_size=1000000000")).toThrow("too large: the link matrices");
    expect(() => settingsOf("--hidden_size=8192", "--controller=deep-lstm")).toThrow("too large: the parameters;");
  });
});
