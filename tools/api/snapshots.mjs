/** The public API as text: every export with its whole signature, from the built declarations. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CompilerState, Extractor, ExtractorConfig } from "@microsoft/api-extractor";
import { root } from "../pnpm.mjs";
import { entryPoints } from "./entry-points.mjs";

/** As tsconfig.base.json has it, with the globals of Node and of the browser. */
const COMPILER_OPTIONS = {
  module: "NodeNext",
  moduleResolution: "NodeNext",
  target: "ES2022",
  lib: ["ES2023", "DOM"],
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
};

/** What the extractor says about comments: those are checked elsewhere, and a new wording is no change of the API. */
const ABOUT_COMMENTS = /^ *\/\/ (@public|\(undocumented\)|\(No @packageDocumentation).*\n/gm;

/**
 * What each entry point exports, sorted by name: signatures, fields of types, public members of classes. Types of other
 * packages are named, not shown. All entry points share one program, because most of the time goes into TensorFlow.js's types.
 *
 * @returns the text of each snapshot, by its file.
 * @throws Error if a declaration does not compile.
 */
export function apiSnapshots() {
  const entries = entryPoints();
  const place = mkdtempSync(join(tmpdir(), "dnc-api-"));
  try {
    const declarations = entries.map((entry) => entry.declarations);
    let compilerState;
    return new Map(
      entries.map((entry) => {
        const config = extractorConfig(entry, declarations, place);
        compilerState ??= CompilerState.create(config, { additionalEntryPoints: declarations });
        Extractor.invoke(config, { localBuild: true, compilerState, messageCallback: throwErrors });
        return [entry.snapshot, snapshot(entry, readFileSync(config.reportFilePath, "utf8"))];
      }),
    );
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function extractorConfig({ folder, declarations }, files, place) {
  return ExtractorConfig.prepare({
    packageJsonFullPath: join(folder, "package.json"),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: declarations,
      compiler: { overrideTsconfig: { compilerOptions: COMPILER_OPTIONS, files } },
      apiReport: {
        enabled: true,
        reportFileName: "api.md",
        reportFolder: place,
        reportTempFolder: join(place, "draft"),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: "lf",
      messages: {
        compilerMessageReporting: { default: { logLevel: "error" } },
        extractorMessageReporting: { default: { logLevel: "none" } },
        tsdocMessageReporting: { default: { logLevel: "none" } },
      },
    },
  });
}

function throwErrors(message) {
  message.handled = true; // else it is printed
  if (message.logLevel === "error") throw new Error(message.text);
}

function snapshot({ specifier }, report) {
  const [, code] = /```ts\n+([\s\S]*?)\n*```/.exec(report.replaceAll(ABOUT_COMMENTS, ""));
  return `# \`${specifier}\`

All that this entry point exports, written by \`npm run api\`.

\`\`\`ts
${code}
\`\`\`
`;
}
