import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { useTensorflow, withCopy } from "../compat/copy.mjs";
import { resolveJest } from "../compat/jest.mjs";
import { resolveNode } from "../compat/node.mjs";
import { ON_NODE, ON_TENSORFLOW } from "../compat/quick.mjs";
import { countsOf, environment, runScripts } from "../compat/suite.mjs";
import { groupsOf, mergedGroups } from "../compat/tensorflow.mjs";
import { ownErrors, resolveTypescript } from "../compat/typescript.mjs";
import { admits, beginsWith, compareVersions, lowestOf, newestOf } from "../compat/versions.mjs";
import { root } from "../pnpm.mjs";

describe("versions", () => {
  it("are in the order of their numbers", () => {
    expect(["4.10.0", "4.9.1", "4.9.0", "10.0.0"].sort(compareVersions)).toEqual([
      "4.9.0",
      "4.9.1",
      "4.10.0",
      "10.0.0",
    ]);
  });

  it.each([
    ["^4.2.0", "4.2.0", ["4.2.0", "4.22.0"], ["4.1.9", "5.0.0", "4.23.0-rc.0"]],
    [">=20.19", "20.19.0", ["20.19.0", "26.1.0"], ["20.18.9"]],
    ["4.22.0", "4.22.0", ["4.22.0"], ["4.22.1", "4.21.0"]],
  ])("%s begins with %s and admits the right versions", (range, lowest, inside, outside) => {
    expect(lowestOf(range)).toBe(lowest);
    for (const version of inside) expect(admits(range, version), version).toBe(true);
    for (const version of outside) expect(admits(range, version), version).toBe(false);
  });

  it("refuse a range of another kind rather than guess", () => {
    for (const range of ["~4.0.0", "^0.1.0", "4.x", "^4.0.0 || ^5.0.0", "workspace:^"])
      expect(() => lowestOf(range)).toThrow(`range: expected one such as 1.2.3, ^1.2.3 or >=1.2, got "${range}"`);
  });

  it("have a newest, which is not a pre-release", () => {
    const versions = ["4.9.0", "4.22.0", "4.23.0-rc.0", "4.10.0"];
    expect(newestOf(versions)).toBe("4.22.0");
    expect(newestOf(versions, (version) => beginsWith(version, "4.1"))).toBeUndefined();
    expect(newestOf(versions, (version) => beginsWith(version, "4.10"))).toBe("4.10.0");
  });
});

describe("--node", () => {
  const versions = ["18.20.0", "20.18.3", "20.19.0", "20.19.6", "20.20.2", "22.1.0", "26.10.0", "26.9.0"];

  it.each([
    ["lowest", "20.19.0"],
    ["newest", "26.10.0"],
    ["20", "20.20.2"],
    ["20.19", "20.19.6"],
    ["22.1.0", "22.1.0"],
  ])("%s is %s", (wanted, version) => {
    expect(resolveNode(wanted, ">=20.19", versions)).toBe(version);
  });

  it.each(["18", "20.18.3", "2", "27", "latest"])("%s is refused", (wanted) => {
    expect(() => resolveNode(wanted, ">=20.19", versions)).toThrow(
      `--node: expected a version of Node >=20.19, got "${wanted}"`,
    );
  });
});

describe("--tensorflow", () => {
  const versions = ["3.21.0", "4.0.0", "4.10.0", "4.22.0", "4.23.0-rc.0", "5.0.0"];
  const peers = {
    core: { "@tensorflow/tfjs-core": "^4.0.0", "@tensorflow/tfjs-layers": "^4.10.0", other: "^1.0.0" },
    tasks: { "@tensorflow/tfjs-core": "^4.0.0" },
    engine: { "@tensorflow/tfjs-core": "^4.22.0" },
    report: {},
  };

  it("does not test a package that does not need it", () => {
    const packages = ["lowest", "highest", "4.22.0"].flatMap((wanted) => groupsOf(wanted, peers, versions));
    expect(packages.flatMap(({ packages }) => packages)).not.toContain("report");
  });

  it("lowest is the first that all peer ranges of a package admit, for each package", () => {
    expect(groupsOf("lowest", peers, versions)).toEqual([
      { version: "4.0.0", packages: ["tasks"] },
      { version: "4.10.0", packages: ["core"] },
      { version: "4.22.0", packages: ["engine"] },
    ]);
  });

  it("highest is the newest in the range that is not a pre-release", () => {
    expect(groupsOf("highest", peers, versions)).toEqual([
      { version: "4.22.0", packages: ["core", "tasks", "engine"] },
    ]);
  });

  it("a version is tested with the packages that admit it, and refused if none does", () => {
    expect(groupsOf("4.10.0", peers, versions)).toEqual([{ version: "4.10.0", packages: ["core", "tasks"] }]);
    for (const wanted of ["3.21.0", "4.5.5", "5.0.0"])
      expect(() => groupsOf(wanted, peers, versions)).toThrow(
        `--tensorflow: expected a version that a peer range admits, got "${wanted}"`,
      );
  });

  it("tests a version only once", () => {
    const groups = ["lowest", "highest"].flatMap((wanted) => groupsOf(wanted, peers, versions));
    expect(mergedGroups(groups).map(({ version, packages }) => [version, packages.length])).toEqual([
      ["4.0.0", 1],
      ["4.10.0", 1],
      ["4.22.0", 3],
    ]);
  });
});

describe("--jest", () => {
  it("is the newest or a version, no pre-release", () => {
    const versions = ["29.7.0", "30.5.2", "30.6.0-alpha.1"];
    expect(resolveJest("newest", versions)).toBe("30.5.2");
    expect(resolveJest("29", versions)).toBe("29.7.0");
    expect(() => resolveJest("31", versions)).toThrow('--jest: expected a version of jest, got "31"');
  });
});

describe("--typescript", () => {
  it("is a version or a prefix", () => {
    const versions = ["4.9.5", "5.0.2", "5.0.4", "5.9.3", "6.1.0-beta"];
    expect(resolveTypescript("lowest", versions)).toBe("5.0.4");
    expect(resolveTypescript("newest", versions)).toBe("5.9.3");
    expect(() => resolveTypescript("8", versions)).toThrow('--typescript: expected a version of TypeScript, got "8"');
  });

  it("counts errors of our packages and their users, not those of others", () => {
    const ours = [
      "node_modules/.pnpm/@dnc+core@file/node_modules/@dnc/core/dist/dnc.d.ts(1,2): error TS2315: Type 'A' is not generic.",
      "consumer.ts(3,1): error TS2578: Unused '@ts-expect-error' directive.",
      "error TS5023: Unknown compiler option 'module'.",
    ];
    const theirs = [
      "node_modules/.pnpm/@tensorflow+tfjs-core@4.0.0/node_modules/@tensorflow/tfjs-core/dist/a.d.ts(1,1): error TS1: B.",
      "../lib/lib.dom.d.ts(24,1): error TS6200: Definitions conflict.",
    ];
    expect(ownErrors([...ours, ...theirs, "  24 more"].join("\n"))).toEqual(ours);
  });
});

describe("a suite", () => {
  it("is counted by its last line", () => {
    expect(countsOf("noise\n12 passed, 0 failed\n")).toEqual({ passed: 12, failed: 0, skipped: 0 });
    expect(countsOf("3 skipped: 3 need a browser\n1 passed, 2 failed")).toEqual({ passed: 1, failed: 2, skipped: 3 });
    for (const output of ["", "12 passed, 0 failed\nError: no more", "Tests  12 passed"])
      expect(countsOf(output)).toBeUndefined();
  });

  it("counts tests by their output, other scripts as one, and a failure without counts", async () => {
    const fails = "console.log('3 passed, 0 failed'); process.exitCode = 1";
    const scripts = [fails, "0", "process.exit(2)"].map((code) => ["-e", code]);
    const { output, ...counts } = await runScripts(root, process.execPath, scripts);
    expect(counts).toEqual({ passed: 4, failed: 2, skipped: 0 });
    expect(output).toBe("3 passed, 0 failed\n");
    const ended = runScripts(root, process.execPath, [["-e", "process.exit(130)"]]);
    await expect(ended).rejects.toThrow("interrupted");
  });

  it("finds the chosen Node first, and nothing of the clone", () => {
    const path = [join(root, "node_modules/.bin"), "/usr/bin"].join(delimiter);
    const given = { Path: path, npm_package_name: "dnc-workspace", NODE: "/usr/bin/node", HOME: "/home" };
    const made = environment("/somewhere/bin/node", given);
    expect(made.Path).toBe(["/somewhere/bin", "/usr/bin"].join(delimiter));
    expect(made).toMatchObject({ HOME: "/home" });
    expect(Object.keys(made)).not.toContain("NODE");
    expect(Object.keys(made)).not.toContain("npm_package_name");
  });
});

describe("a copy of the workspace", () => {
  const tracked = (cwd) => execFileSync("git", ["ls-files"], { cwd, encoding: "utf8" }).trim().split("\n");

  it("has the tracked files, and is removed", async () => {
    let copy;
    await withCopy(
      async (place) => {
        copy = place;
        const here = tracked(root).filter((file) => existsSync(join(root, file)));
        expect(tracked(place)).toEqual(expect.arrayContaining(here));
        expect(existsSync(join(place, "node_modules"))).toBe(false);
      },
      { built: false },
    );
    expect(existsSync(copy)).toBe(false);
    // The shared folders still exist.
    expect(existsSync(join(root, ".tools/pnpm-store"))).toBe(true);
  });

  it("can use another TensorFlow.js, with only the packages that are tested with it", async () => {
    await withCopy(
      async (place) => {
        useTensorflow(place, { version: "4.0.0", packages: ["core", "access"] });
        const named = readFileSync(join(place, "pnpm-workspace.yaml"), "utf8").match(/"@tensorflow\/tfjs[\w-]*": .*/g);
        expect(named.filter((line) => !line.endsWith(": false"))).toEqual([
          '"@tensorflow/tfjs": 4.0.0',
          '"@tensorflow/tfjs-backend-cpu": 4.0.0',
          '"@tensorflow/tfjs-backend-webgpu": 4.0.0',
          '"@tensorflow/tfjs-core": 4.0.0',
          '"@tensorflow/tfjs-layers": 4.0.0',
        ]);
        expect(named).toHaveLength(7);
        const { devDependencies } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
        const names = Object.keys(devDependencies).filter((name) => /^@(dnc|tensorflow)\//.test(name));
        const kept = ["@dnc/access", "@dnc/core", "@tensorflow/tfjs", "@tensorflow/tfjs-core"];
        expect(names).toEqual(kept);
        expect(devDependencies.typescript).toBeDefined();
        expect(existsSync(join(place, "apps/trainer"))).toBe(false);
        expect(existsSync(join(place, "packages/tasks"))).toBe(false);
        expect(existsSync(join(place, "examples/page"))).toBe(false);
        expect(existsSync(join(place, "packages/core/src/dnc.ts"))).toBe(true);
      },
      { built: false },
    );
  });
});

describe("the quick form", () => {
  it.each([...ON_NODE, ...ON_TENSORFLOW])("has tests in %s", (beginning) => {
    const tests = execFileSync("git", ["ls-files", "*.test.ts"], { cwd: root, encoding: "utf8" }).split("\n");
    expect(tests.filter((file) => file.startsWith(beginning)).length).toBeGreaterThan(0);
  });
});

describe("npm run test:compat", () => {
  const compat = (...args) =>
    spawnSync(process.execPath, ["tools/compat.mjs", ...args], { cwd: root, encoding: "utf8" });

  it.each([
    [["--node"], "--node: expected a value, got nothing."],
    [["--tensorflow="], '--tensorflow: expected a value, got "".'],
    [["--quick=yes"], '--quick: expected no value, got "yes".'],
    [["--nodes=20"], "unknown flag --nodes, expected one of --node, --tensorflow, --typescript, --jest, --quick."],
  ])("refuses %j in one sentence", (args, sentence) => {
    const { status, stderr } = compat(...args);
    expect([status, stderr]).toEqual([2, `compat: ${sentence}\n`]);
  });

  it("reports what the quick form leaves out", () => {
    const { status, stdout } = compat("--help");
    expect(status).toBe(0);
    expect(stdout).toMatch(/--quick leaves out:\n {2}on the newest Node: .*\n {2}with the lowest TensorFlow\.js: /);
  });
});
