/**
 * A plugin of typedoc: what its configuration cannot say about a site of several packages.
 *
 * A package with several entry points shows what `.` exports on its own page, not in a module without a name. A Markdown
 * page is called by its heading, not by its file, and stands with the others of its folder. A heading keeps its code in
 * the list of a page's headings.
 */
import { relative } from "node:path";
import { Application, Comment, CommentTag, Converter, ReflectionKind } from "typedoc";
import { root } from "../pnpm.mjs";
import { keepCodeOfHeadings } from "./heading-code.mjs";

/** Headings of the navigation, by the folder of the pages. */
const GROUPS = { "docs/guide": "Guides", "docs/decisions": "Decisions", bench: "Benchmarks" };

/** Before typedoc's own plugin, which does what the tag says. */
const BEFORE_MERGING = 20_000;

/** Called by typedoc. */
export function load(app) {
  app.on(Application.EVENT_BOOTSTRAP_END, () => app.options.setValue("markdownItLoader", keepCodeOfHeadings));
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, mergeMainEntry, BEFORE_MERGING);
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, page) => nameAndPlace(page));
}

function mergeMainEntry({ project }) {
  for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
    if (module.name !== "") continue;
    module.comment = new Comment([], [new CommentTag("@mergeModuleWith", [{ kind: "text", text: "<project>" }])]);
  }
}

function nameAndPlace(page) {
  const file = relative(root, page.project.files.getReflectionPath(page)).replaceAll("\\", "/");
  const [, heading] = /^# (.*)/.exec(page.content.map(({ text }) => text).join("")) ?? [];
  if (heading === undefined) throw new Error(`${file}: expected a heading in the first line, got none`);
  page.name = heading.replaceAll("`", "");
  const folder = Object.keys(GROUPS).find((candidate) => file.startsWith(`${candidate}/`));
  page.frontmatter.group = GROUPS[folder];
}
