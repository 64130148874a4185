import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Statement } from '@slipway/core/attestation';
import { type Argv, run } from '@slipway/process';
import { type BundleKind, toServiceChoice } from '../bundle/kinds.ts';
import type { Party, World } from '../world.ts';
import type { Maker } from './maker.ts';

const PASSWORD = 'judges';

const ATTEMPTS = 3;

/** The real log on its in-memory storage answers 500 now and then when several ask at once; what it means is asked again. */
const runCosign = async (argv: Argv, folder: string): Promise<void> => {
	const environment = { PATH: process.env.PATH, HOME: folder, COSIGN_PASSWORD: PASSWORD };
	let finished = await run(argv, { cwd: folder, environment });
	for (let attempt = 1; attempt < ATTEMPTS && finished.stderr.includes('status 500'); attempt += 1)
		finished = await run(argv, { cwd: folder, environment });
	if (finished.code !== 0) throw new Error(`${argv.slice(0, 2).join(' ')}: ${finished.stderr.trim()}`);
};

const writeJson = (file: string, value: object): string => {
	writeFileSync(file, JSON.stringify(value));
	return file;
};

/** Only its own encrypted form of a key is one that cosign signs with. */
const importKey = async (program: string, folder: string, keyFile: string): Promise<string> => {
	const argv = [program, 'import-key-pair', '--yes', '--key', keyFile, '--output-key-prefix', 'own'] as const;
	await runCosign(argv, folder);
	return join(folder, 'own.key');
};

const KINDS: readonly BundleKind[] = [
	{ signer: 'keyless', witnesses: 'Rekor v1 + TSA' },
	{ signer: 'keyless', witnesses: 'Rekor v2 + TSA' },
	{ signer: 'keyless', witnesses: 'TSA' },
	{ signer: 'P-256', witnesses: 'Rekor v1 + TSA' },
	{ signer: 'P-256', witnesses: 'Rekor v2 + TSA' },
	{ signer: 'RSA-3072', witnesses: 'Rekor v1 + TSA' },
];

interface Order {
	readonly kind: BundleKind;
	readonly party: Party;
	readonly statement: Statement;
}

const attest = async (
	program: string,
	world: World,
	{ kind, party, statement }: Order,
): Promise<Uint8Array> => {
	const folder = mkdtempSync(join(world.folder, 'cosign-'));
	const key = world.findKey(kind, party);
	const signer = key
		? ['--key', await importKey(program, folder, key.file)]
		: ['--identity-token', world.toToken(party)];
	const config = world.sigstore.toSigningConfig(toServiceChoice(kind));
	const bundle = join(folder, 'bundle.json');
	const argv: Argv = [
		program,
		'attest-blob',
		'--yes',
		'--signing-config',
		writeJson(join(folder, 'signing_config.json'), config),
		'--trusted-root',
		world.sigstore.trustedRootFile,
		'--statement',
		writeJson(join(folder, 'statement.json'), statement),
		'--bundle',
		bundle,
		...signer,
	];
	await runCosign(argv, folder);
	return readFileSync(bundle);
};

/** `cosign attest-blob`, a process each. */
export const toCosignMaker = (program: string, world: World): Maker => ({
	name: 'cosign attest-blob',
	kinds: KINDS,
	statements: ['provenance'],
	sign: (kind, party, statements) =>
		Promise.all(statements.map((statement) => attest(program, world, { kind, party, statement }))),
});
