import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toDebFileName } from '../package/deb-name.ts';
import { type SampleDeb, toSampleDeb } from './sample-deb.fixture.ts';
import type { GeneratedKey } from './signing-key.ts';

/** One package of an old repository, and where it was put. */
interface Placed {
	readonly suite: string;
	readonly component: string;
	readonly deb: SampleDeb;
	readonly file: string;
}

const place = (
	suite: string,
	component: string,
	[name, version, architecture]: [string, string, string],
): Placed => ({
	suite,
	component,
	deb: toSampleDeb(name, version, { architecture }),
	file: toDebFileName(name, version, architecture),
});

/** Two suites, two components, two architectures and packages for all. */
const CONTENT: readonly Placed[] = [
	place('stable', 'main', ['greet', '1.0-1', 'amd64']),
	place('stable', 'main', ['greet', '1.0-1', 'arm64']),
	place('stable', 'main', ['tally', '2.0-1', 'all']),
	place('stable', 'extra', ['sum', '3.0-1', 'all']),
	place('testing', 'main', ['greet', '1.1~rc1-1', 'amd64']),
];

export type OldTool = 'reprepro' | 'aptly';

export interface OldRequest {
	/** Empty. */
	readonly folder: string;
	readonly key: GeneratedKey;
}

const execute = promisify(execFile);

const toRunner =
	(environment: Readonly<Record<string, string>>) =>
	async (program: string, ...args: string[]): Promise<void> => {
		await execute(program, args, { env: { PATH: process.env.PATH, ...environment } });
	};

const writeDebs = async (folder: string): Promise<void> => {
	for (const { deb, file, suite, component } of CONTENT) {
		await mkdir(join(folder, suite, component), { recursive: true });
		await writeFile(join(folder, suite, component, file), deb.bytes);
	}
};

const toDistribution = (suite: string, codename: string, key: string): string =>
	`Origin: Example\nLabel: Example\nSuite: ${suite}\nCodename: ${codename}\nVersion: 12\nArchitectures: amd64 arm64\nComponents: main extra\nDescription: The example archive\nSignWith: ${key}\nButAutomaticUpgrades: yes\nNotAutomatic: yes\n`;

const publishByReprepro = async (
	{ folder, key }: OldRequest,
	environment: Record<string, string>,
): Promise<string> => {
	const run = toRunner(environment);
	const base = join(folder, 'reprepro');
	await mkdir(join(base, 'conf'), { recursive: true });
	const distributions = ['stable', 'testing'].map((suite) => toDistribution(suite, suite, key.fingerprint));
	await writeFile(join(base, 'conf/distributions'), distributions.join('\n'));
	for (const { suite, component, file } of CONTENT)
		await run(
			'reprepro',
			'-b',
			base,
			'-C',
			component,
			'includedeb',
			suite,
			join(folder, 'debs', suite, component, file),
		);
	const served = join(folder, 'public');
	for (const name of ['dists', 'pool']) await cp(join(base, name), join(served, name), { recursive: true });
	return served;
};

const publishByAptly = async (
	{ folder, key }: OldRequest,
	environment: Record<string, string>,
): Promise<string> => {
	const run = toRunner(environment);
	const base = join(folder, 'aptly');
	await mkdir(base);
	await writeFile(
		join(base, 'aptly.conf'),
		JSON.stringify({ rootDir: base, architectures: ['amd64', 'arm64'] }),
	);
	const aptly = (...args: string[]) => run('aptly', `-config=${join(base, 'aptly.conf')}`, ...args);
	for (const suite of ['stable', 'testing']) {
		const components = [
			...new Set(CONTENT.filter((one) => one.suite === suite).map(({ component }) => component)),
		];
		for (const component of components) {
			await aptly('repo', 'create', `-component=${component}`, `${suite}-${component}`);
			await aptly('repo', 'add', `${suite}-${component}`, join(folder, 'debs', suite, component));
		}
		await aptly(
			...['publish', 'repo', '-batch', `-gpg-key=${key.fingerprint}`, '-origin=Example', '-label=Example'],
			...[`-distribution=${suite}`, '-architectures=amd64,arm64', `-component=${components.join(',')}`],
			...components.map((component) => `${suite}-${component}`),
		);
	}
	return join(base, 'public');
};

/** Publishes the same packages by a real old tool. @returns the root that is served */
export const publishByOldTool = async (tool: OldTool, request: OldRequest): Promise<string> => {
	const { folder, key } = request;
	const home = join(folder, 'gnupg');
	await mkdir(home, { mode: 0o700 });
	await writeFile(join(folder, 'key.asc'), key.privateKey);
	const environment = { GNUPGHOME: home, HOME: folder };
	const run = toRunner(environment);
	await run('gpg', '--batch', '--quiet', '--import', join(folder, 'key.asc'));
	try {
		await writeDebs(join(folder, 'debs'));
		return await (tool === 'reprepro' ? publishByReprepro : publishByAptly)(request, environment);
	} finally {
		await run('gpgconf', '--kill', 'all');
	}
};

export const readServed = (folder: string, path: string): Promise<Buffer> => readFile(join(folder, path));
