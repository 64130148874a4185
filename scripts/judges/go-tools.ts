import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { runNicely } from './run-nicely.ts';
import { isStamped, JUDGES_FOLDER, toBinPath, toStamp } from './stamp.ts';
import type { Tool } from './tool.ts';

/** Programs of others, by the version of their Go module; Go's checksum database vouches for the bytes. */
const MODULES = {
	cosign: 'github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3',
	'rekor-server': 'github.com/sigstore/rekor/cmd/rekor-server@v1.4.3',
	syft: 'github.com/anchore/syft/cmd/syft@v1.52.0',
	fulcio: 'github.com/sigstore/fulcio@v1.8.8',
	'rekor-tiles': 'github.com/sigstore/rekor-tiles/v2/cmd/rekor-server/posix@v2.3.0',
} as const;

const SERVERS_FOLDER = join(import.meta.dirname, '..', '..', 'test', 'judges', 'servers');

/** A server whose parts are others' and whose few lines of `main` are ours: its go.sum pins every byte. */
const OWN_SERVERS = ['memlog', 'tsa'];

const CORES = String(availableParallelism());
const GO_ENVIRONMENT = {
	GOTOOLCHAIN: 'local',
	CGO_ENABLED: '0',
	GOMAXPROCS: CORES,
	GOFLAGS: '-buildvcs=false',
};

const installModule = async (module: string, product: string): Promise<void> => {
	mkdirSync(dirname(product), { recursive: true });
	mkdirSync(JUDGES_FOLDER, { recursive: true });
	// The name that Go gives the program is its folder's, which may say nothing (`posix`): installed aside, then renamed.
	const aside = mkdtempSync(join(JUDGES_FOLDER, 'go-'));
	try {
		await runNicely(['go', 'install', '-p', CORES, '-ldflags', '-s -w', module], {
			environment: { ...GO_ENVIRONMENT, GOBIN: aside },
		});
		const [program] = readdirSync(aside);
		if (!program) throw new Error(`expected go install ${module} to leave a program, it left none`);
		renameSync(join(aside, program), product);
	} finally {
		rmSync(aside, { recursive: true, force: true });
	}
};

const buildServer = async (name: string): Promise<void> => {
	mkdirSync(join(JUDGES_FOLDER, 'bin'), { recursive: true });
	await runNicely(['go', 'build', '-p', CORES, '-ldflags', '-s -w', '-o', toBinPath(name), '.'], {
		cwd: join(SERVERS_FOLDER, name),
		environment: GO_ENVIRONMENT,
	});
};

/** A program by the version of its Go module. @param product path of the program; default: among the judges */
export const toModuleTool = (
	[name, module]: readonly [string, string],
	product: string = toBinPath(name),
): Tool => {
	const stamp = toStamp(module);
	return {
		name,
		what: module,
		stamp,
		isInstalled: () => isStamped(name, { stamp, product }),
		install: () => installModule(module, product),
	};
};

const toServerTool = (name: string): Tool => {
	const files = ['go.mod', 'go.sum', 'main.go'].map((file) => readFileSync(join(SERVERS_FOLDER, name, file)));
	const stamp = toStamp(...files);
	return {
		name,
		what: `test/judges/servers/${name}`,
		stamp,
		isInstalled: () => isStamped(name, { stamp, product: toBinPath(name) }),
		install: () => buildServer(name),
	};
};

/** The versions that are asked for, for the table. */
export const GO_VERSIONS: Readonly<Record<string, string>> = Object.fromEntries(
	Object.entries(MODULES).map(([name, module]) => [name, module.slice(module.lastIndexOf('@v') + 2)]),
);

export const GO_TOOLS: readonly Tool[] = [
	...Object.entries(MODULES).map((entry) => toModuleTool(entry)),
	...OWN_SERVERS.map(toServerTool),
];
