import type { ChangeContext } from '@slipway/core';
import type { Change } from '@slipway/store';
import { toSha256 } from './packages-index.ts';
import { toByHashPath, toSuitePath } from './paths.ts';
import { readSuite, type Suite } from './read-suite.ts';
import type { ListedFile } from './release-file.ts';
import { type Repository, toTrustedKeys } from './repository.ts';
import type { SigningKey } from './signing-key.ts';
import { verifyDetached } from './verify-signature.ts';

/** Others may publish meanwhile; who is in the way of each other for so long has company that mends after them. */
const MOST_LOOKS = 20;

interface Served {
	readonly repository: Repository;
	readonly key: SigningKey;
	readonly suite: Suite;
	readonly change: ChangeContext;
}

const isListed = (bytes: Uint8Array, { size, sha256 }: ListedFile): boolean =>
	bytes.length === size && toSha256(bytes) === sha256;

/** A plain file that is not what the served Release lists is written again from its copy by hash. */
const findStale = async (
	{ repository: { store }, suite }: Served,
	[path, listed]: readonly [string, ListedFile],
): Promise<readonly Change[]> => {
	const plain = toSuitePath(suite.name, path);
	const found = await store.read(plain);
	if (found && isListed(found.bytes, listed)) return [];
	const folder = path.split('/').slice(0, -1).join('/');
	const copy = await store.read(toByHashPath(suite.name, folder, listed.sha256));
	return copy && isListed(copy.bytes, listed) ? [{ kind: 'put', path: plain, bytes: copy.bytes }] : [];
};

const isSigned = async ({ repository, suite, change }: Served): Promise<boolean> => {
	const { store } = repository;
	const [release, signature] = await Promise.all([
		store.read(toSuitePath(suite.name, 'Release')),
		store.read(toSuitePath(suite.name, 'Release.gpg')),
	]);
	if (!release || !signature) return false;
	try {
		const trust = { keys: toTrustedKeys(repository), now: change.context.clock.now() };
		const { text } = await verifyDetached(release.bytes, signature.bytes, trust);
		return text.trimEnd() === suite.text.trimEnd();
	} catch {
		return false;
	}
};

/** Release and its signature, where they are not the text of InRelease. */
const findUnsigned = async (served: Served): Promise<readonly Change[]> => {
	if (await isSigned(served)) return [];
	const { key, suite, change } = served;
	const signature = await key.detachSign(suite.text, change.context.clock.now());
	const encoder = new TextEncoder();
	return [
		{ kind: 'put', path: toSuitePath(suite.name, 'Release.gpg'), bytes: encoder.encode(signature) },
		{ kind: 'put', path: toSuitePath(suite.name, 'Release'), bytes: encoder.encode(suite.text) },
	];
};

/**
 * Makes the plain files of a suite those of its InRelease again. Where a store writes one file after the other, a writer
 * who loses at InRelease has put plain files that belong to nothing: clients that read by hash never see them, older ones
 * and those of Release with Release.gpg do. Who has lost calls this when he has nothing more to write.
 * @throws SlipwayError as readSuite, STORE_*
 */
export const mendPlain = async (
	repository: Repository,
	key: SigningKey,
	{ suite: name, change }: { readonly suite: string; readonly change: ChangeContext },
): Promise<void> => {
	for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
		const { clock, signal } = change.context;
		signal.throwIfAborted();
		const suite = await readSuite(repository, name, { now: clock.now(), acceptServed: true });
		if (!suite.release || !suite.inRelease) return;
		const served = { repository, key, suite, change };
		const stale = await Promise.all([...suite.release.files].map((listed) => findStale(served, listed)));
		const changes = [...stale.flat(), ...(await findUnsigned(served))];
		if (changes.length === 0) return;
		await repository.store.write(changes, change.guard);
	}
};
