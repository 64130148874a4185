const WORDS = [
	'array',
	'stream',
	'parse',
	'token',
	'color',
	'path',
	'event',
	'cache',
	'hash',
	'glob',
	'yaml',
	'http',
	'queue',
];
const LICENCES = [
	'MIT',
	'MIT',
	'MIT',
	'MIT',
	'MIT',
	'ISC',
	'Apache-2.0',
	'BSD-3-Clause',
	'(MIT OR CC0-1.0)',
	'Apache 2.0',
];
const DIRECT = 80;

interface Entry {
	readonly version: string;
	readonly resolved: string;
	readonly integrity: string;
	readonly license: string;
	readonly dev?: true;
	readonly dependencies: Record<string, string>;
	readonly engines: object;
}

/** Numbers that look random and are the same on every run (Park and Miller). */
const toRandom = (seed: number): ((below: number) => number) => {
	const state = { value: seed };
	return (below) => {
		state.value = (state.value * 48_271) % 2_147_483_647;
		return state.value % below;
	};
};

const toName = (index: number): string => {
	const word = `${WORDS[index % 13]}-${WORDS[Math.floor(index / 13) % 13]}-${index}`;
	return index % 5 === 0 ? `@scope-${index % 17}/${word}` : word;
};

const toEntry = (name: string, index: number, random: (below: number) => number): Entry => {
	const version = `${1 + (index % 7)}.${index % 13}.${index % 5}`;
	return {
		version,
		resolved: `https://registry.example.org/${name}/-/${name.split('/').at(-1)}-${version}.tgz`,
		integrity: `sha512-${Buffer.from(Array.from({ length: 64 }, () => random(256))).toString('base64')}`,
		license: LICENCES[random(LICENCES.length)] ?? 'MIT',
		...(isForDevelopment(index) && { dev: true as const }),
		dependencies: {},
		engines: { node: '>=18' },
	};
};

/** Packages form trees below the direct ones; every third tree is only for development. */
const toTree = (index: number): number => (index < DIRECT ? index : index % DIRECT);
const isForDevelopment = (index: number): boolean => toTree(index) % 3 === 0;
const toParent = (index: number): number => {
	const row = Math.floor(index / DIRECT);
	return toTree(index) + DIRECT * Math.floor((row - 1) / 3);
};

/**
 * A package.json and package-lock.json (version 3) of a project with so many packages below 80 direct ones, shaped as real
 * ones are: every package is needed by another one, some by many, one in twelve lies nested in a second version.
 */
export const makeLockfile = (packages: number): { readonly manifest: object; readonly lock: object } => {
	const random = toRandom(20_261_121);
	const hoisted = Array.from({ length: Math.ceil((packages * 11) / 12) }, (_, index) => toName(index));
	const entries = hoisted.map((name, index) => toEntry(name, index, random));
	const placed: Record<string, Entry> = Object.fromEntries(
		hoisted.map((name, index) => [`node_modules/${name}`, entries[index] as Entry]),
	);
	for (const [index, name] of hoisted.entries()) {
		const version = `^${entries[index]?.version}`;
		if (index >= DIRECT) (entries[toParent(index)] as Entry).dependencies[name] = version;
		// A second parent in the same tree, further up.
		const other = index - DIRECT * (1 + random(4));
		if (other >= 0) (entries[other] as Entry).dependencies[name] = version;
	}
	for (let index = hoisted.length; index < packages; index += 1) {
		const parent = random(hoisted.length);
		const name = hoisted[(parent + DIRECT * 7) % hoisted.length] ?? '';
		const nested = { ...toEntry(name, parent, random), version: `0.${index % 9}.${index % 11}` };
		placed[`node_modules/${hoisted[parent]}/node_modules/${name}`] = nested;
		(entries[parent] as Entry).dependencies[name] = `^${nested.version}`;
	}
	const direct = hoisted
		.slice(0, DIRECT)
		.map((name, index) => ({ name, index, range: `^${entries[index]?.version}` }));
	const toRanges = (wanted: boolean): object =>
		Object.fromEntries(
			direct
				.filter(({ index }) => isForDevelopment(index) === wanted)
				.map(({ name, range }) => [name, range]),
		);
	const manifest = {
		name: 'bench-project',
		version: '1.0.0',
		license: 'MIT',
		dependencies: toRanges(false),
		devDependencies: toRanges(true),
	};
	const { name, version } = manifest;
	return {
		manifest,
		lock: { name, version, lockfileVersion: 3, requires: true, packages: { '': manifest, ...placed } },
	};
};
