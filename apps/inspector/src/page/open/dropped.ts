import type { GivenFile } from "./given-file.js";

/** Most files of a folder that are looked at. */
const MAX_FILES = 2000;

/** Lists the files that were dropped on the page, those in folders too. */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly GivenFile[]> {
  // The list is empty after the first pause, so all entries are taken at once.
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry?.()).filter((entry) => !!entry);
  const files: GivenFile[] = [];
  for (const entry of entries) await collect(entry, files);
  return files;
}

/** Lists files that were picked. */
export function pickedFiles(files: Iterable<File>): readonly GivenFile[] {
  return Array.from(files, (file) => givenFile(file.webkitRelativePath || file.name, async () => file));
}

async function collect(entry: FileSystemEntry, files: GivenFile[]): Promise<void> {
  if (files.length >= MAX_FILES) return;
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    const file = () => new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    files.push(givenFile(path, file));
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return;
    for (const each of batch) await collect(each, files);
  }
}

function givenFile(path: string, file: () => Promise<File>): GivenFile {
  return { path, bytes: async () => new Uint8Array(await (await file()).arrayBuffer()) };
}
