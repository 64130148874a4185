// node test/github-world-child.ts FILE [OWNER/NAME [GIT_FOLDER]]: all of GitHub as one process. Writes what a job finds in
// its environment into FILE, one NAME=VALUE a line, when it is up; ends with SIGTERM.
import { rename, writeFile } from 'node:fs/promises';
import { startGitHubWorld } from './github-world.ts';

const [file = 'github.env', repository = 'acme/greet', gitFolder] = process.argv.slice(2);
const world = await startGitHubWorld({ repository, gitFolder });
const lines = Object.entries(world.environment).map(([name, value]) => `${name}=${value}\n`);
await writeFile(`${file}.part`, lines.join(''), { mode: 0o600 });
await rename(`${file}.part`, file);
for (const signal of ['SIGTERM', 'SIGINT'] as const)
	process.once(signal, () => void world.stop().finally(() => process.exit(0)));
