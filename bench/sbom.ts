import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildOwnPackage } from './own-package.ts';
import { type Bench, type BenchContext, type BenchRow, measure, toPeerRow, toSpread } from './row.ts';
import { makeLockfile } from './sbom/make-lockfile.ts';

const PACKAGES = 2300;
const RUNS = 5;

interface Project {
	readonly folder: string;
	readonly out: string;
}

/** Whoever reads the lockfile as a whole process: a program, its arguments, and what it is called. */
interface Peer {
	readonly tool: string;
	readonly versionArguments: readonly string[];
	toArguments(project: Project): readonly string[];
	/** It writes the SBOM itself, and not to standard output. */
	readonly writes?: true;
}

const PEERS: readonly Peer[] = [
	{
		tool: 'npm',
		versionArguments: ['--version'],
		toArguments: () => ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--offline'],
	},
	{
		tool: 'syft',
		versionArguments: ['--version'],
		toArguments: ({ folder, out }) => [
			'scan',
			`dir:${folder}`,
			'--output',
			`cyclonedx-json=${out}`,
			'--quiet',
		],
		writes: true,
	},
	{
		tool: 'cyclonedx-npm',
		versionArguments: ['--version'],
		toArguments: ({ out }) => ['--package-lock-only', '--output-file', out],
		writes: true,
	},
];

const makeProject = ({ tempDir }: BenchContext): Project => {
	const folder = join(tempDir, 'sbom-project');
	mkdirSync(folder, { recursive: true });
	const { manifest, lock } = makeLockfile(PACKAGES);
	writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
	writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock, null, 2));
	return { folder, out: join(tempDir, 'sbom.json') };
};

/** Offline and quiet, so that nobody waits for a server. */
const ENVIRONMENT = {
	...process.env,
	SOURCE_DATE_EPOCH: '1700000000',
	SYFT_CHECK_FOR_APP_UPDATE: 'false',
	npm_config_update_notifier: 'false',
};

const start = (program: string, args: readonly string[], cwd: string): string => {
	const { status, stdout, stderr } = spawnSync(program, args, {
		cwd,
		env: ENVIRONMENT,
		encoding: 'utf8',
		maxBuffer: 256 * 1024 * 1024,
	});
	if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.slice(-500)}`);
	return stdout;
};

/** How many components an SBOM lists, and how many of them with a digest: speed without them is worth nothing. */
const describeSbom = (text: string): string => {
	const { components = [] } = JSON.parse(text) as {
		components?: readonly { readonly hashes?: readonly object[] }[];
	};
	return `${components.length} components, ${components.filter(({ hashes = [] }) => hashes.length > 0).length} with a digest`;
};

const measurePeer = async (
	peer: Peer,
	path: string,
	project: Project,
): Promise<{ samples: readonly number[]; sbom: string }> => {
	const args = peer.toArguments(project);
	const sbom = (): string => start(path, args, project.folder);
	const text = sbom();
	const samples = await measure(RUNS, sbom);
	return { samples, sbom: describeSbom(peer.writes ? readFileSync(project.out, 'utf8') : text) };
};

/** An SBOM of a lockfile with 2,300 packages, as a whole process, beside whoever else is installed. */
export const benchSbom: Bench = async (context): Promise<readonly BenchRow[]> => {
	const project = makeProject(context);
	const args = [buildOwnPackage(), 'sbom', join(project.folder, 'package-lock.json'), '--out', project.out];
	const run = (): string => start(process.execPath, args, project.folder);
	run();
	const own: BenchRow = {
		name: `SBOM of a lockfile with ${PACKAGES} packages, one process`,
		unit: 'ms',
		...toSpread(await measure(RUNS, run)),
	};
	context.log(`slipway: ${describeSbom(readFileSync(project.out, 'utf8'))}`);
	const rows: BenchRow[] = [own];
	for (const peer of PEERS) {
		const path = context.findPeer(peer.tool);
		if (path === undefined) continue;
		// syft does not know its own version where Go built it from a module.
		const version = /\d[\d.]+\d/.exec(start(path, peer.versionArguments, project.folder))?.[0] ?? '';
		const { samples, sbom } = await measurePeer(peer, path, project);
		context.log(`${peer.tool}: ${sbom}`);
		rows.push({ ...toPeerRow(own, `${peer.tool} ${version}`.trim(), samples), wanted: { ratioAtLeast: 3 } });
	}
	return rows;
};
