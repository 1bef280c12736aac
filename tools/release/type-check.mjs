/**
 * Type-checks a project as `tsc -p FILE` does, but only in files that match a pattern:
 * `node type-check.mjs FILE PATTERN`. Declarations in other files are used, but not checked. Prints one diagnostic per
 * line, like tsc; status 1 if there are any.
 */
import { relative } from "node:path";
import ts from "typescript";

const [file, pattern] = process.argv.slice(2);
const unread = (diagnostic) => {
  throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
};
const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: unread };
const { fileNames, options, errors } = ts.getParsedCommandLineOfConfigFile(file, {}, host);
const program = ts.createProgram(fileNames, options);
const isMeant = ({ fileName }) => new RegExp(pattern).test(relative(process.cwd(), fileName));
const meant = program.getSourceFiles().filter(isMeant);
const found = [
  ...errors,
  ...[...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()].filter(
    ({ file: of }) => !of || isMeant(of),
  ),
  ...meant.flatMap((source) => [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]),
];
const names = {
  getCurrentDirectory: () => process.cwd(),
  getCanonicalFileName: (name) => name,
  getNewLine: () => "\n",
};
process.stdout.write(ts.formatDiagnostics(found, names));
process.exitCode = found.length > 0 ? 1 : 0;
