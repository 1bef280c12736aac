import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../pnpm.mjs";
import { installAlone, packPackages } from "../repository/packed.mjs";
import { siblings } from "../repository/workspace.mjs";
import { TUTORIAL } from "./accounts.mjs";
import { readBlocks } from "./page.mjs";
import { packagesOf, runPage } from "./run-page.mjs";

const blocks = readBlocks(readFileSync(join(root, TUTORIAL), "utf8"));
const codeOf = (file) => blocks.find((block) => block.file === file).code;

describe("the guide to a custom task", () => {
  let place;
  let project;
  let ran;

  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), "dnc-own-task-"));
    project = join(place, "project");
    const needed = ["tasks", "core", "training", "checkpoint", "engine-wasm"];
    const all = new Set(needed.flatMap((name) => [`@dnc/${name}`, ...siblings(name)]).map((name) => name.slice(5)));
    const tarballs = packPackages([...all], place);
    installAlone("tasks", project, tarballs, { ours: ["core", "training", "checkpoint", "engine-wasm"] });
    ran = runPage(blocks, project);
  });

  afterAll(() => rmSync(place, { recursive: true, force: true }));

  it("installs what its programs import, and nothing else", () => {
    const imported = blocks.flatMap(({ code }) =>
      [...code.matchAll(/(?: from|^import) "((?!node:)[^"]+)"/gm)].map(([, name]) => name),
    );
    const packages = imported.map((name) => name.split("/").slice(0, 2).join("/"));
    expect(packagesOf(blocks)).toEqual([...new Set(packages)].sort());
    const { dependencies } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
    expect(packagesOf(blocks)).toEqual(Object.keys(dependencies).sort());
  });

  it("trains in a program of thirty lines", () => {
    expect(codeOf("train.mjs").trimEnd().split("\n").length).toBeLessThanOrEqual(30);
  });

  it("shows the data as they are made", () => {
    const shown = blocks.find(({ language }) => language === "json").code;
    const data = readFileSync(join(project, "data.jsonl"), "utf8");
    expect(data.slice(0, shown.length)).toBe(shown);
    const lines = data.split("\n");
    expect([lines.length, new Set(lines).size]).toEqual([10_000, 10_000]);
  });

  it("starts with an untrained network and ends with one that is right on new sequences", () => {
    const reports = ran
      .at(-1)
      .output.split("\n")
      .flatMap((line) => line.match(/^(\d+) loss (\S+) exact match (\d+)$/)?.slice(1) ?? [])
      .map(Number);
    const [first, last] = [reports.slice(0, 3), reports.slice(-3)];
    expect(first[0]).toBe(0);
    expect(Math.abs(first[1] - 10 * Math.LN2)).toBeLessThan(0.5);
    expect(first[2]).toBeLessThan(50);
    expect(last[0]).toBe(5000);
    expect(last[1]).toBeLessThan(0.5);
    expect(last[2]).toBeGreaterThanOrEqual(475);
  });

  it("shows inputs, targets and the network's output at the end", () => {
    const { output } = ran.at(-1);
    const [words, ...grid] = blocks
      .findLast(({ language }) => language === "text")
      .code.trim()
      .split("\n");
    expect(output.split("\n").map((line) => line.trim())).toContain(words);
    expect(output).toContain(grid.join("\n"));
    const [targets, answers] = output.split("Targets:\n")[1].split("\n\nModel Output:\n");
    expect(targets.split("\n")).toHaveLength(words.split(" ").length);
    expect(answers.trim()).toBe(targets);
  });
});
