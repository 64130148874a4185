import { cpSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@slipway/process';
import type { World } from '../world.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The stages of a release that need nothing but the project and the signing services. */
const COMMANDS = [['build', '--no-test'], ['reproduce'], ['sbom'], ['sign']] as const;

/** A release of an example, made by the command as a user runs it and signed by the real services. */
export interface MadeRelease {
	readonly folder: string;
	/** Paths in it of the SBOMs, and of the bundles. */
	readonly sboms: readonly string[];
	readonly bundles: readonly string[];
}

/** The example's own configuration, and how it is signed. */
const writeConfig = async (project: string, world: World): Promise<void> => {
	const services = world.sigstore.toSigningConfig({ log: 'rekor1', timestamps: true });
	writeFileSync(join(project, 'signing_config.json'), JSON.stringify(services));
	const config = await readFile(join(project, 'slipway.yml'), 'utf8');
	const sign = { services: 'signing_config.json', identity: { environment: 'JUDGES_TOKEN' } };
	writeFileSync(join(project, 'slipway.yml'), `${config}\nsign: ${JSON.stringify(sign)}\n`);
};

/**
 * A repository of its own, as a project has: what is built a second time is what was committed.
 * @returns the commit
 */
const commit = async (project: string): Promise<string> => {
	const author = ['-c', 'user.name=Judges', '-c', 'user.email=judges@example.org'];
	const commands = [
		['init', '--quiet'],
		['add', '--all'],
		[...author, 'commit', '--quiet', '--message', 'All'],
		['rev-parse', 'HEAD'],
	];
	let said = '';
	for (const command of commands) {
		const environment = { PATH: process.env.PATH, HOME: project, GIT_CONFIG_NOSYSTEM: '1' };
		const { code, stdout, stderr } = await run(['git', ...command], { cwd: project, environment });
		if (code !== 0) throw new Error(`git ${command.join(' ')}: ${stderr}`);
		said = stdout.trim();
	}
	return said;
};

/** Makes a release of examples/greet in a copy of it. @throws Error with what the command said */
export const makeRelease = async (world: World): Promise<MadeRelease> => {
	const project = join(world.folder, 'greet');
	const folder = join(world.folder, 'release');
	cpSync(join(ROOT, 'examples', 'greet'), project, { recursive: true });
	await writeConfig(project, world);
	const sha = await commit(project);
	const environment = {
		PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
		HOME: world.folder,
		JUDGES_TOKEN: world.sigstore.toTokenWith({ sha, workflow_sha: sha }),
	};
	for (const command of COMMANDS) {
		const slipway = [process.execPath, '--no-warnings', join(ROOT, 'packages/cli/src/main.ts')] as const;
		const argv = [...slipway, ...command, '--project', project, '--release', folder] as const;
		const { code, stdout, stderr } = await run(argv, { cwd: project, environment });
		if (code !== 0) throw new Error(`slipway ${command[0]} ended with ${code}: ${stdout}${stderr}`);
	}
	const list = async (name: string): Promise<string[]> =>
		(await readdir(join(folder, name))).sort().map((file) => `${name}/${file}`);
	return { folder, sboms: await list('sbom'), bundles: await list('attestations') };
};
