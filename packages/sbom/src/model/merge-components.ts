import type { Component, Hash, Scope } from './sbom.ts';

const SCOPES: readonly Scope[] = ['excluded', 'optional', 'required'];

const toStrongest = (a: Scope, b: Scope): Scope => (SCOPES.indexOf(a) >= SCOPES.indexOf(b) ? a : b);

/** Two sets of hashes can be of the same bytes: they agree wherever both know an algorithm. */
const agree = (a: readonly Hash[], b: readonly Hash[]): boolean =>
	a.every(({ algorithm, value }) =>
		b.every((other) => other.algorithm !== algorithm || other.value === value),
	);

const joinHashes = (a: readonly Hash[], b: readonly Hash[]): readonly Hash[] => [
	...a,
	...b.filter(({ algorithm }) => !a.some((known) => known.algorithm === algorithm)),
];

/** What the first says stands; the second fills in what is missing. */
const join = (a: Component, b: Component): Component => ({
	...b,
	...a,
	version: a.version ?? b.version,
	description: a.description ?? b.description,
	licence: a.licence ?? b.licence,
	supplier: a.supplier ?? b.supplier,
	file: a.file ?? b.file,
	links: a.links.length > 0 ? a.links : b.links,
	hashes: joinHashes(a.hashes, b.hashes),
	scope: toStrongest(a.scope, b.scope),
	bundled: a.bundled === true || b.bundled === true ? true : undefined,
});

/** Components by what they are: the same purl with bytes that can be the same is one component. */
export class ComponentSet {
	readonly #byRef = new Map<string, Component>();

	/** Adds a component, or joins it to the one that is there already. @returns the ref under which it lies */
	add(component: Component): string {
		const ref = this.#toRef(component);
		const known = this.#byRef.get(ref);
		this.#byRef.set(ref, known ? join(known, component) : { ...component, ref });
		return ref;
	}

	/** Sorted by ref. */
	toSorted(): readonly Component[] {
		return [...this.#byRef.values()].sort((a, b) => (a.ref < b.ref ? -1 : 1));
	}

	has(ref: string): boolean {
		return this.#byRef.has(ref);
	}

	/** Other bytes under the same purl stay apart, and the ref says which ones they are. */
	#toRef({ purl, ref, hashes }: Component): string {
		const plain = purl ?? ref;
		const known = this.#byRef.get(plain);
		if (!known || agree(known.hashes, hashes)) return plain;
		return `${plain}#${hashes.map(({ value }) => value.slice(0, 16)).join('-')}`;
	}
}
