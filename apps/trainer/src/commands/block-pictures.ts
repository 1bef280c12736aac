/** Boards of new episodes with the moves of a network, for the page of a run. */
import type { Dnc, LstmNetwork } from "@dnc/core";
import type { BlockSequence } from "@dnc/report";
import type { CompleteTask } from "@dnc/settings";
import {
  type BlockEpisodes,
  blockEpisodeBoards,
  blockEpisodeGoals,
  type Episodes,
  isEpisodeTask,
  type Random,
} from "@dnc/tasks";
import { rollOut } from "@dnc/training";

/** Number of episodes. */
const EPISODES = 4;

/**
 * Lets a network act in new episodes.
 *
 * @returns a few of them, board by board; undefined for a task without boards.
 */
export async function blockPictures(
  network: Dnc | LstmNetwork,
  task: CompleteTask,
  random: Random,
): Promise<readonly BlockSequence[] | undefined> {
  if (!isEpisodeTask(task)) return undefined;
  const episodes: Episodes & Partial<BlockEpisodes> = task.startEpisodes(random, { batchSize: EPISODES });
  if (episodes.episodes === undefined) return undefined;
  await rollOut(network, episodes);
  return episodes
    .episodes()
    .map((episode) => ({ goals: blockEpisodeGoals(episode), frames: blockEpisodeBoards(episode) }));
}
