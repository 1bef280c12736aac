/** Runs the examples of a package's README in a project with the packages that the README installs. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pnpm.mjs";
import { run } from "../process.mjs";
import { compile } from "../testing/compiler.mjs";
import { withVulkan } from "../testing/vulkan.mjs";
import { readReadme, withRequire } from "./readme.mjs";

/**
 * Files whose complaints count: the examples, and our packages' declarations. The declarations of TensorFlow.js have errors
 * and conflict with TypeScript's WebGPU types. A complaint about an option has no file.
 */
const OURS = /^([\w-]+\.m?ts\(|(.*[/\\])?node_modules[/\\]@dnc[/\\]|error )/;

/** TypeScript settings of projects to test. */
export const RESOLUTIONS = {
  NodeNext: { extension: "mts", options: { module: "NodeNext", moduleResolution: "NodeNext" } },
  Bundler: { extension: "ts", options: { module: "ESNext", moduleResolution: "Bundler" } },
};

/**
 * Writes a README's examples into a project: `example-0.mjs`, the same with `require` as `example-0.cjs`, both also as
 * TypeScript, and the files that the README names.
 *
 * @param {string} folder - folder of the package.
 * @param {string} project - project in which it is installed.
 * @returns {{ name: string, code: string, where?: string, before: string[] }[]} `before`: files that Node imports first.
 */
export function writeExamples(folder, project) {
  const { examples, files } = readReadme(folder);
  for (const [name, code] of Object.entries(files)) writeFileSync(join(project, name), code);
  return examples.map(({ code, where }, index) => {
    const name = `example-${index}`;
    writeFileSync(join(project, `${name}.mjs`), code);
    writeFileSync(join(project, `${name}.cjs`), withRequire(code));
    for (const extension of ["mts", "ts"]) writeFileSync(join(project, `${name}.${extension}`), code);
    return { name, code, where, before: Object.keys(files) };
  });
}

/** Runs a file of the project with this Node, which finds no packages of this clone. @returns {Promise<{ status: number, output: string }>} */
export function runFile(project, file, before = []) {
  const imports = before.map((name) => `--import=./${name}`);
  const { NODE_PATH: _, ...env } = withVulkan();
  return run([process.execPath, ...imports, file], { cwd: project, env });
}

/**
 * Type-checks files of a project strictly: files for Node only with Node's types, all others without.
 *
 * @param {string} project
 * @param {keyof RESOLUTIONS} resolution
 * @param {{ name: string, where?: string }[]} files - names without the extension, which depends on the resolution.
 * @returns {Promise<string[]>} errors in these files and in our packages' declarations.
 */
export async function typeErrors(project, resolution, files) {
  const forNode = files.filter(({ where }) => where === "node");
  const others = files.filter(({ where }) => where !== "node");
  return [
    ...(await complaints(project, resolution, { files: others, types: [] })),
    ...(await complaints(project, resolution, { files: forNode, types: ["node"] })),
  ];
}

async function complaints(project, resolution, { files, types }) {
  if (files.length === 0) return [];
  const { extension, options } = RESOLUTIONS[resolution];
  const config = {
    compilerOptions: {
      ...options,
      target: "ES2022",
      lib: ["ES2022", "DOM", "DOM.Iterable"],
      types,
      typeRoots: [join(root, "node_modules/@types")],
      strict: true,
      noEmit: true,
    },
    files: files.map(({ name }) => `${name}.${extension}`),
  };
  const file = `tsconfig.${resolution}.json`;
  writeFileSync(join(project, file), JSON.stringify(config));
  return (await compile(["-p", file], project)).filter((line) => OURS.test(line));
}
