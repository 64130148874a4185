import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Release } from '@slipway/archive';
import type { Statement } from '@slipway/core/attestation';
import { readOwnBundle } from '../bundle/read-own-bundle.ts';
import { toSignError } from '../code.ts';
import type { StatementSigner } from '../statement-signer.ts';
import { type BundleFacts, type ExpectedSigner, findHeld, toBundleFacts } from './held-bundles.ts';
import type { WantedBundle } from './wanted-bundles.ts';

/** How a Release is signed. */
export interface SigningMeans {
	/** Opened when there is something to sign. */
	readonly openSigner: () => Promise<StatementSigner>;
	readonly expected: ExpectedSigner;
	/** Verifies a bundle under the keys that verifiers trust; one that lies there and does not hold is signed anew. */
	readonly verify?: ((bundle: Uint8Array) => unknown) | undefined;
	/** Called with each new bundle before it is put in its place: what lies there was uploaded. */
	readonly upload?: ((bundle: Uint8Array) => Promise<unknown>) | undefined;
}

export interface SignedBundles {
	readonly signed: readonly BundleFacts[];
	readonly kept: readonly BundleFacts[];
}

/** Makes the statements one by one and passes on those whose bundle is missing, stale or by somebody else. */
async function* findMissing(
	release: Release,
	wanted: readonly WantedBundle[],
	{
		means: { expected, verify },
		onKept,
		onMissing,
	}: {
		readonly means: SigningMeans;
		readonly onKept: (held: BundleFacts) => void;
		readonly onMissing: (path: string) => void;
	},
): AsyncGenerator<Statement, void, undefined> {
	for (const each of wanted) {
		const statement = await each.toStatement();
		const held = await findHeld(release, { wanted: each, statement, expected, verify });
		if (held) {
			onKept(held);
			continue;
		}
		onMissing(each.path);
		yield statement;
	}
}

async function* prepend<Item>(first: Item, rest: AsyncIterable<Item>): AsyncGenerator<Item, void, undefined> {
	yield first;
	yield* rest;
}

/** Beside the Release, on the same file system: a folder that is renamed out of, or thrown away. */
const withFolderBeside = async <T>(folder: string, task: (temporary: string) => Promise<T>): Promise<T> => {
	const temporary = join(dirname(folder), `.${basename(folder)}-sign-${randomUUID()}`);
	await mkdir(temporary);
	try {
		return await task(temporary);
	} finally {
		await rm(temporary, { recursive: true, force: true });
	}
};

const toFacts = (path: string, bundle: Uint8Array, expected: ExpectedSigner): BundleFacts => {
	const own = readOwnBundle(bundle, expected.kind === 'key' ? expected : undefined);
	if (own) return toBundleFacts(path, own);
	throw toSignError(
		'SIGN_SIGNATURE_WRONG',
		`expected a bundle for ${path} that can be read back, got another one`,
		{
			hint: 'Nothing was put into the Release. Sign again; if it happens twice, the services or the key answer with something else than they should.',
		},
	);
};

/** All bundles are there before the first one is put in its place. */
const moveAll = async (
	release: Release,
	temporary: string,
	signed: readonly BundleFacts[],
): Promise<void> => {
	const { mtime } = await stat(join(release.folder, 'manifest.json'));
	await mkdir(join(release.folder, 'attestations'), { recursive: true });
	for (const { path } of signed) {
		const made = join(temporary, basename(path));
		await utimes(made, mtime, mtime);
		await rename(made, join(release.folder, path));
	}
};

const signAll = async (
	statements: AsyncIterable<Statement>,
	means: SigningMeans,
	place: { readonly temporary: string; readonly paths: string[] },
): Promise<BundleFacts[]> => {
	const signer = await means.openSigner();
	const signed: BundleFacts[] = [];
	for await (const bundle of signer.attestAll(statements)) {
		const path = place.paths.shift() ?? '';
		signed.push(toFacts(path, bundle, means.expected));
		await means.upload?.(bundle);
		await writeFile(join(place.temporary, basename(path)), bundle, { mode: 0o644 });
	}
	return signed;
};

/**
 * Sees to it that the wanted bundles lie in a Release: valid ones stay as they are, the others are signed. Until all are
 * signed none is put in its place.
 * @throws SlipwayError SIGN_*
 */
export const signBundles = async (
	release: Release,
	wanted: readonly WantedBundle[],
	means: SigningMeans,
): Promise<SignedBundles> => {
	const kept: BundleFacts[] = [];
	const paths: string[] = [];
	const missing = findMissing(release, wanted, {
		means,
		onKept: (held) => kept.push(held),
		onMissing: (path) => paths.push(path),
	});
	const first = await missing.next();
	if (first.done) return { signed: [], kept };
	const signed = await withFolderBeside(release.folder, async (temporary) => {
		const all = await signAll(prepend(first.value, missing), means, { temporary, paths });
		await moveAll(release, temporary, all);
		return all;
	});
	return { signed, kept };
};
