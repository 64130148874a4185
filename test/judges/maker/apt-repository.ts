import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { addDebs, generateSigningKey, readSigningKey } from '@slipway/deb';
import { type Argv, run } from '@slipway/process';
import { directoryStore } from '@slipway/store';
import { toSampleDeb } from '../../../packages/deb/src/repository/sample-deb.fixture.ts';

/** A signed apt repository with one package. */
export interface AptRepository {
	/** Where InRelease, Release and Release.gpg lie. */
	readonly suite: string;
	/** The public key, in the binary form that gpgv reads. */
	readonly keyring: string;
}

export type AptKey = 'Ed25519' | 'RSA-3072';

const runGpg = async (folder: string, args: readonly string[], input?: string): Promise<string> => {
	const argv: Argv = [
		'gpg',
		'--homedir',
		folder,
		'--batch',
		'--quiet',
		'--pinentry-mode',
		'loopback',
		...args,
	];
	const options = { cwd: folder, environment: { PATH: process.env.PATH, HOME: folder } };
	const finished = await run(argv, { ...options, ...(input !== undefined && { input }) });
	if (finished.code !== 0) throw new Error(`gpg ${args[0]}: ${finished.stderr}`);
	return finished.stdout;
};

/** Ed25519 as `slipway apt keys` makes it, RSA as GnuPG does. */
const makeKey = async (kind: AptKey, home: string): Promise<{ privateKey: string; publicKey: string }> => {
	if (kind === 'Ed25519')
		return generateSigningKey({ name: 'Judges', email: 'judges@example.org', days: 30 });
	const quick = [
		'--passphrase',
		'',
		'--quick-generate-key',
		'Judges <judges@example.org>',
		'rsa3072',
		'sign',
		'30d',
	];
	await runGpg(home, quick);
	const privateKey = await runGpg(home, ['--passphrase', '', '--armor', '--export-secret-keys']);
	return { privateKey, publicKey: await runGpg(home, ['--armor', '--export']) };
};

export const makeAptRepository = async (parent: string, kind: AptKey): Promise<AptRepository> => {
	// gpg's agent listens in its home folder, and the path of a socket is short.
	const home = await mkdtemp('/tmp/slipway-gpg-');
	const folder = await mkdtemp(join(parent, 'apt-'));
	mkdirSync(join(folder, 'store'));
	const { privateKey, publicKey } = await makeKey(kind, home);
	const keyring = join(folder, 'keyring.gpg');
	writeFileSync(join(folder, 'key.asc'), publicKey);
	await runGpg(home, ['--output', keyring, '--dearmor', join(folder, 'key.asc')]);
	await run(['gpgconf', '--homedir', home, '--kill', 'all'], {
		cwd: home,
		environment: { PATH: process.env.PATH },
	});
	const log = { debug: () => {}, info: () => {}, warning: () => {} };
	const clock = { now: () => Date.now(), sleep: async () => {} };
	const context = { log, clock, tempDir: folder, signal: new AbortController().signal };
	const repository = {
		store: directoryStore(join(folder, 'store')),
		origin: 'Judges',
		label: 'Judges',
		architectures: ['amd64'],
		signingKey: await readSigningKey(privateKey),
		trustedKeys: [],
	};
	const request = {
		suite: 'stable',
		component: 'main',
		debs: [toSampleDeb('greet', '1.0-1').bytes],
		keep: 1,
	};
	await addDebs(repository, request, { context, guard: async () => {} });
	return { suite: join(folder, 'store', 'dists', 'stable'), keyring };
};
