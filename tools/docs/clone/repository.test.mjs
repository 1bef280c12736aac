/** Runs the commands that the documentation shows for a clone: those for whoever works in the repository. */
import { IN_REPOSITORY } from "./commands-in-repository.mjs";
import { testCommands } from "./test-commands.mjs";

testCommands(IN_REPOSITORY);
