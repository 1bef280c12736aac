/** Gives tests access to a name that a module does not export: `import("...?inside=name")` exports it as `inside`. */
const INSIDE_QUERY = /[?&]inside=(\w+)/;

/** A plugin of Vite. */
export const inside = {
  name: "inside",
  enforce: "post",
  transform(code, id) {
    const [, name] = INSIDE_QUERY.exec(id) ?? [];
    return name === undefined ? undefined : { code: `${code}\nexport { ${name} as inside };\n`, map: null };
  },
};
