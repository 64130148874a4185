import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Statement } from '@slipway/core/attestation';
import { run } from '@slipway/process';
import { type BundleKind, toServiceChoice } from '../bundle/kinds.ts';
import type { Party, World } from '../world.ts';
import type { Maker } from './maker.ts';

const KINDS: readonly BundleKind[] = [
	{ signer: 'keyless', witnesses: 'Rekor v1 + TSA' },
	{ signer: 'keyless', witnesses: 'Rekor v2 + TSA' },
];

interface Order {
	readonly kind: BundleKind;
	readonly party: Party;
	readonly statement: Statement;
}

const writeJson = (file: string, value: object): string => {
	writeFileSync(file, JSON.stringify(value));
	return file;
};

const attest = async (
	program: string,
	world: World,
	{ kind, party, statement }: Order,
): Promise<Uint8Array> => {
	const folder = mkdtempSync(join(world.folder, 'sigstore-python-'));
	const bundle = join(folder, 'bundle.json');
	const config = {
		mediaType: 'application/vnd.dev.sigstore.clienttrustconfig.v0.1+json',
		trustedRoot: world.sigstore.trustedRoot,
		signingConfig: world.sigstore.toSigningConfig(toServiceChoice(kind)),
	};
	const finished = await run(
		[
			program,
			'--trust-config',
			writeJson(join(folder, 'config.json'), config),
			'attest',
			'--identity-token',
			world.toToken(party),
			'--predicate',
			writeJson(join(folder, 'predicate.json'), statement.predicate),
			'--predicate-type',
			statement.predicateType,
			'--bundle',
			bundle,
			world.subjects.artifact.file,
		],
		{ cwd: folder, environment: { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1' } },
	);
	if (finished.code !== 0) throw new Error(`sigstore attest: ${finished.stderr.trim()}`);
	return readFileSync(bundle);
};

/** `sigstore attest`, which writes the statement itself: about the file, with the predicate that it is given. */
export const toSigstorePythonMaker = (program: string, world: World): Maker => ({
	name: 'sigstore attest',
	kinds: KINDS,
	statements: ['provenance'],
	sign: (kind, party, statements) =>
		Promise.all(statements.map((statement) => attest(program, world, { kind, party, statement }))),
});
