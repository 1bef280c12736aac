declare module "virtual:theme.css";
declare module "*.css";
declare module "virtual:versions" {
  /** Versions of what trains in the page, by package. */
  const versions: Readonly<Record<string, string>>;
  export default versions;
}
interface ImportMeta {
  /** Vite's: the modules of a pattern of paths, which are loaded with the module. */
  glob<Module>(pattern: string, options: { eager: true; import: "default" }): Record<string, Module>;
}
