/** Takes the place of tools/setup.mjs in a bundle, where everything is there. */
export async function setUp() {}
