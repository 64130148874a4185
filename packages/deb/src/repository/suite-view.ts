import { findInBlocks } from './edit-index.ts';
import { type Offer, toPointer } from './offers.ts';
import type { IndexStanza } from './packages-index.ts';
import { type PackagesIndex, readIndexes } from './read-index.ts';
import { type ReadOptions, readSuite, type Suite } from './read-suite.ts';
import type { Repository } from './repository.ts';

/** A verified suite whose indexes are read when they are first asked for. */
export interface SuiteView {
	readonly suite: Suite;
	indexes(component: string): Promise<readonly PackagesIndex[]>;
	/** Stanzas of a package in all indexes of the component, each offer once. */
	stanzas(component: string, name: string): Promise<readonly IndexStanza[]>;
	pointer(component: string, name: string): Promise<string | null>;
}

export const toOffer = ({ version, architecture, sha256 }: IndexStanza): Offer => ({
	version,
	architecture,
	sha256,
});

const toUnique = (stanzas: readonly IndexStanza[]): readonly IndexStanza[] => [
	...new Map(stanzas.map((stanza) => [toPointer([toOffer(stanza)]), stanza])).values(),
];

/** @throws SlipwayError as readSuite; the functions of the view APT_REPOSITORY_TAMPERED, STORE_* */
export const openSuite = async (
	repository: Repository,
	name: string,
	options: ReadOptions,
): Promise<SuiteView> => {
	const suite = await readSuite(repository, name, options);
	const read = new Map<string, Promise<readonly PackagesIndex[]>>();
	const indexes = (component: string): Promise<readonly PackagesIndex[]> => {
		const known = read.get(component) ?? readIndexes(repository, suite, component);
		read.set(component, known);
		return known;
	};
	const find = async (component: string, packageName: string): Promise<readonly IndexStanza[]> =>
		toUnique((await indexes(component)).flatMap(({ blocks }) => findInBlocks(blocks, packageName)));
	const found = new Map<string, Promise<readonly IndexStanza[]>>();
	const stanzas = (component: string, packageName: string): Promise<readonly IndexStanza[]> => {
		const key = `${component}/${packageName}`;
		const known = found.get(key) ?? find(component, packageName);
		found.set(key, known);
		return known;
	};
	return {
		suite,
		indexes,
		stanzas,
		pointer: async (component, packageName) =>
			toPointer((await stanzas(component, packageName)).map(toOffer)),
	};
};
