/** Boards with the moves of a network. */
import { Dnc } from "@dnc/core";
import { blockBoards } from "@dnc/report";
import { copy, createRandom, miniShrdlu, shortestPath } from "@dnc/tasks";
import { expect, it } from "vitest";
import { blockPictures } from "../../src/commands/block-pictures.js";

it("has the goals of four episodes, and a board for the start and for each action", async () => {
  const task = miniShrdlu();
  const network = new Dnc({ inputSize: task.inputSize, outputSize: task.targetSize, seed: 3 });
  const boards = (await blockPictures(network, task, createRandom(2))) ?? [];
  network.dispose();
  expect(boards).toHaveLength(4);
  for (const { goals, frames } of boards) {
    const needed = Number(/go; (\d) moves? needed/.exec(goals.join())?.[1]);
    expect(frames).toHaveLength(1 + needed + 6);
    expect(frames[0]?.caption).toBe("start");
    expect(frames.slice(1).every(({ caption }) => /^(pass|\d>\d!?) \d\/\d$/.test(caption ?? ""))).toBe(true);
    expect(blockBoards(frames, { title: "An episode" }).match(/<rect/g)).toHaveLength(3 * frames.length);
  }
});

it.each([
  ["sequences", copy()],
  ["other episodes", shortestPath()],
])("is nothing for %s", async (_name, task) => {
  const network = new Dnc({ inputSize: task.inputSize, outputSize: task.targetSize, seed: 1 });
  expect(await blockPictures(network, task, createRandom(1))).toBeUndefined();
  network.dispose();
});
