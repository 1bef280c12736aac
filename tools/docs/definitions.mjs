/** Finds the functions that a source file defines. */
import { readFileSync } from "node:fs";
import ts from "typescript-api";

/**
 * Whether a source file defines a function, a class or a constant of this name, or a method as `Class.method`.
 *
 * @param path - path of a file in C or in TypeScript, including WGSL functions in its strings.
 * @param name - name such as `contentWeights` or `Dnc.step`.
 */
export function defines(path, name) {
  const text = readFileSync(path, "utf8");
  if (!path.endsWith(".ts")) return namesInC(text).has(name);
  return namesInTypeScript(text).has(name) || new RegExp(`\\bfn ${name}\\(`).test(text);
}

/** Lists the functions of a C file: definitions begin at the start of a line, as the formatter writes them. */
function namesInC(text) {
  const heads = text.matchAll(
    /^(?:static |INLINE )*(?:void|float|double|int|f4|\w+) \*?(?:EXPORT\()?(\w+)\)?\([^;{}]*\{/gm,
  );
  return new Set([...heads].map(([, name]) => name));
}

function namesInTypeScript(text) {
  const source = ts.createSourceFile("source.ts", text, ts.ScriptTarget.Latest);
  const found = new Set();
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement)) found.add(statement.name?.text);
    if (ts.isVariableStatement(statement))
      for (const { name } of statement.declarationList.declarations) found.add(name.getText(source));
    if (!ts.isClassDeclaration(statement)) continue;
    found.add(statement.name?.text);
    for (const member of statement.members)
      if (member.name) found.add(`${statement.name?.text}.${member.name.getText(source)}`);
  }
  return found;
}
