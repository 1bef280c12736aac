/**
 * A typedoc plugin for a site of several packages: settings that the configuration does not support.
 *
 * The exports of `.` of a package with several entry points are on the package's page, not in a module without a name.
 * A Markdown page is named after its heading, not its file, and grouped with the others of its folder. Code in headings
 * is kept in a page's list of headings.
 */
import { relative } from "node:path";
import { Application, Comment, CommentTag, Converter, ReflectionKind } from "typedoc";
import { root } from "../pnpm.mjs";
import { keepCodeOfHeadings } from "./heading-code.mjs";

/** Headings of the navigation, by the folder of the pages. */
const GROUPS = { "docs/guide": "Guides", "docs/decisions": "Decisions", bench: "Benchmarks" };

/** Priority: before typedoc's own plugin, which applies the tag. */
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
