/**
 * Tests that optional properties accept `undefined`, in types and at run time: `{ memorySize: flags.slots }` needs no
 * branch.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import * as access from "@dnc/access";
import * as addressing from "@dnc/addressing";
import * as core from "@dnc/core";
import * as wasm from "@dnc/engine-wasm";
import * as tasks from "@dnc/tasks";
import * as training from "@dnc/training";
import * as tf from "@tensorflow/tfjs";
import ts from "typescript-api";
import { describe, expect, it } from "vitest";
import { entryPoints } from "../api/entry-points.mjs";
import { root } from "../pnpm.mjs";
import { member } from "./workspace.mjs";

const entries = entryPoints().map((entry) => {
  const code = /```ts\n([\s\S]*?)\n```/.exec(readFileSync(entry.snapshot, "utf8"))[1];
  return { ...entry, name: relative(root, entry.snapshot), code };
});

/** Finds optional properties without `undefined` in declarations, with their lines. */
function withoutUndefined(code) {
  const file = ts.createSourceFile("api.d.ts", code, ts.ScriptTarget.ES2022, true);
  const found = [];
  const visit = (node) => {
    const isProperty = ts.isPropertySignature(node) || ts.isPropertyDeclaration(node);
    if (isProperty && node.questionToken && !admitsUndefined(node.type)) found.push(node.getText());
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function admitsUndefined(type) {
  if (type === undefined) return false;
  const types = ts.isUnionTypeNode(type) ? type.types : [type];
  return types.some(({ kind }) => kind === ts.SyntaxKind.UndefinedKeyword || kind === ts.SyntaxKind.UnknownKeyword);
}

describe("the exported API", () => {
  // The snapshots contain all public types; api.test.mjs compares them with the declarations.
  it.each(entries)("$name: accepts undefined for every optional property", ({ code }) => {
    expect(withoutUndefined(code)).toEqual([]);
  });

  it("is checked in classes, functions and parentheses too", () => {
    const wrong = ["a?: number;", "b?: (() => undefined);", "c?: { d?: undefined; };", "e?: (number | null)[];"];
    const right = ["f?: number | undefined;", "g: undefined;", "h?: (() => void) | undefined;", "i?: unknown;"];
    expect(withoutUndefined(`interface A { ${[...wrong, ...right].join(" ")} }`)).toEqual(wrong);
    expect(withoutUndefined("declare class A { readonly a?: B; b(c?: number): void }")).toEqual(["readonly a?: B;"]);
    expect(withoutUndefined("declare function a(b: { c?: false }): void;")).toEqual(["c?: false"]);
  });

  it("compiles with undefined for every optional property, under exactOptionalPropertyTypes", () => {
    const lines = entries.flatMap(({ specifier, code }) =>
      [...code.matchAll(/^export (?:interface|type) (\w+)(?= | =)/gm)].map(
        ([, name]) =>
          `export const ${name}_${specifier.replace(/\W/g, "_")}: Left<import("${specifier}").${name}> = true;`,
      ),
    );
    expect(lines.length).toBeGreaterThan(40);
    const head = [
      "type Optional<T> = keyof { [K in keyof T as {} extends Record<K, 1> ? never : {} extends Pick<T, K> ? K : never]: 1 };",
      "type Left<T> = T extends readonly unknown[] ? true : T extends object ? ({ [K in Optional<T>]: undefined } extends Pick<T, Optional<T>> ? true : false) : true;",
      "export const wrong: Left<{ a?: number }> = false;",
    ];
    expect(complaints([...head, ...lines].join("\n"))).toEqual([]);
  });
});

/** Returns the compiler's errors in a module at the clone's root, with the built packages. */
function complaints(code) {
  const file = join(root, "undefined.mts");
  const options = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    paths: Object.fromEntries(entries.map(({ specifier, declarations }) => [specifier, [declarations]])),
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? code : readFile(name));
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, code, options.target) : getSourceFile.call(host, name, ...rest);
  return ts
    .getPreEmitDiagnostics(ts.createProgram([file], options, host))
    .map(({ messageText, start }) => [
      code.slice(start, code.indexOf("\n", start)),
      ts.flattenDiagnosticMessageText(messageText, "\n"),
    ]);
}

/** Copies an object with each of these keys set to undefined. */
function open(given, ...keys) {
  return { ...given, ...Object.fromEntries(keys.map((key) => [key, undefined])) };
}

describe("at run time", () => {
  const ofNetwork = [
    "memorySize",
    "wordSize",
    "readHeads",
    "writeHeads",
    "hiddenSize",
    "layers",
    "clipValue",
    "controller",
  ];

  it("undefined is the same as absent", async () => {
    const config = { inputSize: 3, outputSize: 2 };
    const dnc = new core.Dnc(open(config, ...ofNetwork, "seed"));
    expect(dnc.config).toEqual(new core.Dnc(config).config);
    const memory = new access.MemoryAccess(
      open({ inputSize: 3 }, "memorySize", "wordSize", "readHeads", "writeHeads", "seed"),
    );
    expect(memory.config).toEqual(new access.MemoryAccess({ inputSize: 3 }).config);
    const { DncCell } = await import("@dnc/core/layers");
    const cell = new DncCell(open({ outputSize: 2 }, ...ofNetwork, "seed", "name", "trainable")).getConfig();
    expect(cell).toEqual({ ...new DncCell({ outputSize: 2 }).getConfig(), name: cell.name });

    const [keys, strengths] = [tf.ones([1, 1, 2]), tf.ones([1, 1])];
    const weights = addressing.contentWeights(tf.ones([1, 3, 2]), keys, strengths, open({}, "strengthOp"));
    expect(weights.shape).toEqual([1, 1, 3]);
    const step = dnc.step(tf.ones([1, 3]), dnc.initialState(1), open({}, "bound", "trace"));
    expect(step.trace).toBeUndefined();
    expect(core.unroll(dnc, tf.ones([2, 1, 3]), undefined, open({}, "trace")).trace).toBeUndefined();

    wasm.configureEngine(open({}, "threads", "instructionSet"));
    const optimizer = ["learningRate", "decay", "epsilon"];
    const options = open({}, "optimizer", "loss", "maxGradNorm", "threads", "instructionSet");
    new wasm.WasmTrainer(dnc, options).dispose();
    const rmsProp = open({ type: "rmsprop" }, ...optimizer, "momentum");
    new wasm.WasmTrainer(dnc, { optimizer: rmsProp }).dispose();
    new training.RmsProp(dnc.variables, open({}, ...optimizer));

    const sizes = ["batchSize", "numBits", "minLength", "maxLength", "minRepeats", "maxRepeats"];
    expect(tasks.repeatCopy(open({}, ...sizes)).inputSize).toBe(tasks.repeatCopy().inputSize);
  });

  it("a checkpoint is saved and found with its options at undefined", async () => {
    const { encodeSafetensors } = await import(join(member("checkpoint").folder, "dist/index.js"));
    const { findCheckpoint, saveCheckpoint } = await import(join(member("checkpoint").folder, "dist/node/index.js"));
    expect(encodeSafetensors([], open({}, "metadata"))).toEqual(encodeSafetensors([]));
    const folder = mkdtempSync(join(tmpdir(), "dnc-undefined-"));
    try {
      const contents = { model: [], optimizer: [], state: { step: 1 } };
      await saveCheckpoint(folder, contents, open({}, "keep"));
      expect((await findCheckpoint(folder, "latest", open({}, "onDamaged"))).step).toBe(1);
      expect(existsSync(folder)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
