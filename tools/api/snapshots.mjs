/** The public API as text: every export with its complete signature, from the built declarations. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CompilerState, Extractor, ExtractorConfig } from "@microsoft/api-extractor";
import { root } from "../pnpm.mjs";
import { entryPoints } from "./entry-points.mjs";

/** Options as in tsconfig.base.json, with the globals of Node and of the browser. */
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

/** Lines of the extractor about comments. They are left out: a new wording does not change the API. */
const ABOUT_COMMENTS = /^ *\/\/ (@public|\(undocumented\)|\(No @packageDocumentation).*\n/gm;

/**
 * Extracts the exports of each entry point, sorted by name: signatures, fields of types, public members of classes.
 * Types of other packages appear by name only. All entry points share one program, because most of the time is spent on
 * the types of TensorFlow.js.
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
  message.handled = true; // otherwise it is printed
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
