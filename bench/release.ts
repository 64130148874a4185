// A whole release of examples/greet to npm and apt, from its sources, beside what one would write in a shell for it. Both
// as whole processes, warm (each has run once before), against registries that hold the previous version and nothing else.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateSigningKey } from '@slipway/deb';
import { type LoopbackServer, serveLoopback, toFolderHandler } from '@slipway/http';
import { startNpmFront, startVerdaccio } from '@slipway/rehearsal/npm-registry';
import { parse } from 'yaml';
import { buildOwnPackage } from './own-package.ts';
import { type Measured, measureProcess } from './process.ts';
import { type Bench, type BenchRow, inTurns, toPeerRow, toSpread } from './row.ts';

const ROOT = join(import.meta.dirname, '..');
const TURNS = 6;
const PREVIOUS = '0.1.0';

interface World {
	readonly folder: string;
	readonly project: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly apt: LoopbackServer;
	readonly registry: string;
	stop(): Promise<void>;
}

/** What both keep from one run to the next: code that Node compiled, npm's cache, the key. */
interface Warm {
	readonly home: string;
	readonly keyFile: string;
	readonly keyId: string;
}

const prepareWarm = async (folder: string): Promise<Warm> => {
	const home = join(folder, 'home');
	mkdirSync(join(home, 'gnupg'), { recursive: true, mode: 0o700 });
	const { privateKey } = await generateSigningKey({
		name: 'bench',
		email: 'bench@localhost.localdomain',
		days: 30,
	});
	const keyFile = join(home, 'key.asc');
	writeFileSync(keyFile, privateKey, { mode: 0o600 });
	const environment = { PATH: process.env.PATH, HOME: home, GNUPGHOME: join(home, 'gnupg') };
	await measureProcess(['gpg', '--batch', '--quiet', '--import', keyFile], { cwd: home, environment });
	const { stdout } = await measureProcess(['gpg', '--batch', '--with-colons', '--list-secret-keys'], {
		cwd: home,
		environment,
	});
	return { home, keyFile, keyId: /^fpr:+([0-9A-F]{40}):/m.exec(stdout)?.[1] ?? '' };
};

const toEnvironment = ({ home }: Warm, registry: string) => ({
	PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
	HOME: home,
	GNUPGHOME: join(home, 'gnupg'),
	LANG: 'C.UTF-8',
	SOURCE_DATE_EPOCH: '1700000000',
	NODE_COMPILE_CACHE: join(home, 'compiled'),
	npm_config_registry: registry,
	npm_config_userconfig: join(home, '.npmrc'),
	npm_config_cache: join(home, '.npm'),
	npm_config_update_notifier: 'false',
	npm_config_audit: 'false',
	npm_config_fund: 'false',
});

const publishPrevious = async (project: string, folder: string, environment: World['environment']) => {
	const copy = join(folder, 'previous');
	cpSync(project, copy, { recursive: true });
	const manifest = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8'));
	writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...manifest, version: PREVIOUS }));
	await measureProcess(['npm', 'publish', '--ignore-scripts'], { cwd: copy, environment });
};

/** A registry and a web server of its own for each run. */
const openWorld = async (folder: string, warm: Warm): Promise<World> => {
	rmSync(folder, { recursive: true, force: true });
	const project = join(folder, 'project');
	cpSync(join(ROOT, 'examples/greet'), project, { recursive: true });
	for (const name of ['.slipway', 'dist']) rmSync(join(project, name), { recursive: true, force: true });
	mkdirSync(join(folder, 'apt'));
	const settings = { folder: join(folder, 'registry'), uplink: undefined, neverProxy: ['greet'] };
	const verdaccio = await startVerdaccio(settings, join(warm.home, 'compiled'));
	const front = await startNpmFront({ upstream: verdaccio });
	const apt = await serveLoopback(toFolderHandler(join(folder, 'apt')));
	const environment = toEnvironment(warm, `${front.origin}/`);
	writeFileSync(
		join(warm.home, '.npmrc'),
		`//${new URL(front.origin).host}/:_authToken=${verdaccio.token}\n`,
		{ mode: 0o600 },
	);
	await publishPrevious(project, folder, environment);
	const stop = async () => {
		await Promise.all([front.stop(), apt.close()]);
		await verdaccio.stop();
	};
	return { folder, project, environment, apt, registry: front.origin, stop };
};

const writeConfig = ({ project, folder, apt, registry }: World, { keyFile }: Warm): void => {
	const config = parse(readFileSync(join(project, 'slipway.yml'), 'utf8'));
	const { npm, apt: aptTarget } = config.targets;
	const targets = {
		npm: { ...npm, registry },
		apt: {
			...aptTarget,
			store: { directory: join(folder, 'apt') },
			url: apt.origin,
			'signing-key': { file: keyFile },
		},
	};
	writeFileSync(join(project, 'slipway.yml'), JSON.stringify({ ...config, targets }));
};

/** What one would write: no check of what was published, nothing that can be undone. */
const toScript = ({ folder, registry }: World, { keyId }: Warm): string => {
	const [tree, apt] = [join(folder, 'tree'), join(folder, 'apt')];
	const control = [
		'Package: greet',
		'Version: 1.2.0-1',
		'Architecture: all',
		'Section: utils',
		'Priority: optional',
		'Maintainer: Ada Example <ada@example.org>',
		'Depends: nodejs (>= 18)',
		'Description: says hello',
	];
	return `set -e
node --disable-warning=ExperimentalWarning build.ts
node --test test/greeting.test.ts
npm pack --ignore-scripts --silent --pack-destination ..
npm publish --ignore-scripts --silent --registry ${registry}/ ../greet-*.tgz
mkdir -p ${tree}/DEBIAN ${tree}/usr/lib/greet ${tree}/usr/bin ${apt}/conf
cp package.json ${tree}/usr/lib/greet/
cp -r dist ${tree}/usr/lib/greet/
ln -s ../lib/greet/dist/main.js ${tree}/usr/bin/greet
printf '%s\\n' ${control.map((line) => `'${line}'`).join(' ')} > ${tree}/DEBIAN/control
dpkg-deb --root-owner-group --build ${tree} ${folder}/greet.deb
printf '%s\\n' 'Origin: Example' 'Codename: stable' 'Architectures: amd64 arm64' 'Components: main' 'SignWith: ${keyId}' > ${apt}/conf/distributions
reprepro --silent --basedir ${apt} includedeb stable ${folder}/greet.deb
`;
};

type Run = (world: World, warm: Warm) => Promise<Measured>;

const toSlipway =
	(command: string): Run =>
	(world, warm) => {
		writeConfig(world, warm);
		const argv = [process.execPath, command, 'release', '--json', '--quiet'];
		return measureProcess(argv, { cwd: world.project, environment: world.environment });
	};

const runShell: Run = (world, warm) => {
	writeFileSync(join(world.folder, 'release.sh'), toScript(world, warm));
	return measureProcess(['sh', join(world.folder, 'release.sh')], {
		cwd: world.project,
		environment: world.environment,
	});
};

const runInWorld = async (run: Run, folder: string, warm: Warm): Promise<Measured> => {
	const world = await openWorld(folder, warm);
	try {
		return await run(world, warm);
	} finally {
		await world.stop();
	}
};

type Contestant = () => Promise<Measured>;

/** Each once to warm up; the agent that gpg starts for reprepro ends with them. */
const measureBoth = async (contestants: Readonly<Record<string, Contestant>>, { home }: Warm) => {
	try {
		await inTurns(1, contestants);
		return await inTurns(TURNS, contestants);
	} finally {
		const environment = { PATH: process.env.PATH, GNUPGHOME: join(home, 'gnupg') };
		await measureProcess(['gpgconf', '--kill', 'all'], { cwd: home, environment });
	}
};

const NEEDED = ['npm', 'dpkg-deb', 'reprepro', 'gpg'];

export const benchRelease: Bench = async ({ tempDir, findPeer, log }) => {
	const missing = NEEDED.filter((name) => !findPeer(name));
	if (missing.length > 0) {
		log(`not measured: ${missing.join(', ')} not installed`);
		return [];
	}
	const runSlipway = toSlipway(buildOwnPackage());
	const warm = await prepareWarm(tempDir);
	const folder = join(tempDir, 'run');
	const contestants = {
		slipway: () => runInWorld(runSlipway, folder, warm),
		shell: () => runInWorld(runShell, folder, warm),
	};
	const { slipway = [], shell = [] } = await measureBoth(contestants, warm);
	const own: BenchRow = {
		name: 'a whole release of examples/greet to npm and apt, verified as a consumer',
		unit: 'ms',
		...toSpread(slipway.map(({ ms }) => ms)),
	};
	const peer = 'shell: npm pack, npm publish, dpkg-deb, reprepro; nothing verified';
	return [
		own,
		{
			...toPeerRow(
				own,
				peer,
				shell.map(({ ms }) => ms),
			),
			wanted: { ratioAtLeast: 1 / 0.7 },
		},
	];
};
