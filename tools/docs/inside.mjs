/** What a module has without exporting it, for tests: `import("...?inside=name")` also has it, as `inside`. */
const ASKED = /[?&]inside=(\w+)/;

/** A plugin of Vite. */
export const inside = {
  name: "inside",
  enforce: "post",
  transform(code, id) {
    const [, name] = ASKED.exec(id) ?? [];
    return name === undefined ? undefined : { code: `${code}\nexport { ${name} as inside };\n`, map: null };
  },
};
