import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRelease } from '@slipway/archive';
import { type Context, SlipwayError, STAGES } from '@slipway/core';
import { startSigstore } from '@slipway/rehearsal/sigstore';
import { isWhole } from '@slipway/testing';
import { verifyReleaseFolder } from '@slipway/verify';
import {
	listFiles,
	type Mutation,
	toAddition,
	toJoint,
	toJsonMutations,
	toPlainMutations,
	toSwap,
	withCopy,
} from './mutations.fixture.ts';
import {
	addVsa,
	makeSignedRelease,
	type Signing,
	signKeyless,
	signWithKey,
} from './signed-release.fixture.ts';

/** Places that are tried in a JSON file, evenly spread. */
const FIELDS = isWhole() ? { manifest: 100, others: 12 } : { manifest: 10, others: 2 };
/** Places of other files that each file is put into. */
const NEIGHBOURS = isWhole() ? 2 : 1;
/** In short every fifth: of each file another change. */
const thin = <T>(all: readonly T[]): readonly T[] =>
	isWhole() ? all : all.filter((_, index) => index % 5 === 0);

let root: string;
let context: Context;
beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), 'chain-'));
	context = {
		log: { debug: () => {}, info: () => {}, warning: () => {} },
		clock: { now: () => Date.now(), sleep: (ms) => sleep(ms) },
		tempDir: root,
		signal: new AbortController().signal,
	};
});
afterAll(() => rm(root, { recursive: true, force: true }));

const verify = async (folder: string, signing: Signing) =>
	verifyReleaseFolder(await readRelease(folder), { ...signing, clock: context.clock });

/** What reads a manifest calls it so; one that lists other artifacts is named by the artifact that it does not list. */
const isNamed = (message: string, { path, or = path }: Mutation): boolean =>
	message.includes(path) ||
	message.includes(or) ||
	(path === 'manifest.json' && /the manifest|slipway\.manifest|artifacts\//.test(message));

/** What became of one change: refused by name is what has to be. */
const tryMutation = async (folder: string, signing: Signing, mutation: Mutation): Promise<string> =>
	withCopy(folder, async (copy) => {
		await mutation.apply(copy);
		try {
			await verify(copy, signing);
			return `accepted: ${mutation.name}`;
		} catch (thrown) {
			if (!(thrown instanceof SlipwayError)) throw thrown;
			return isNamed(thrown.message, mutation) ? 'refused' : `unnamed: ${mutation.name}: ${thrown.message}`;
		}
	});

const tryAll = async (
	folder: string,
	signing: Signing,
	mutations: readonly Mutation[],
): Promise<string[]> => {
	const outcomes: string[] = [];
	for (const mutation of mutations) outcomes.push(await tryMutation(folder, signing, mutation));
	return outcomes.filter((outcome) => outcome !== 'refused');
};

/** Three Releases that an attacker may hold besides: another version, other bytes, and an earlier run with the same bytes. */
interface World {
	readonly signing: Signing;
	readonly folder: string;
	readonly others: Readonly<Record<string, string>>;
	readonly files: readonly string[];
}

const makeWorld = async (signing: Signing, name: string): Promise<World> => {
	const make = async (of: string, wanted: { version: string; salt?: string }) => {
		const release = await makeSignedRelease(join(root, `${name}-${of}`), signing, { ...wanted, context });
		await addVsa(release, signing, context);
		return release.folder;
	};
	const folder = await make('ours', { version: '1.0.0' });
	const others = {
		'older version': await make('older', { version: '0.9.0' }),
		'other bytes': await make('bytes', { version: '1.0.0', salt: 'x' }),
		'earlier run': await make('run', { version: '1.0.0' }),
	};
	return { signing, folder, others, files: await listFiles(folder) };
};

/** The file of the other Release that has this place there: names hold the version. */
const toPlace = (path: string, what: string): string =>
	what === 'older version' ? path.replaceAll('1.0.0', '0.9.0') : path;

/** Without those files that both have in common: exchanging equal bytes changes nothing. */
const toSwaps = async ({ folder, files, others }: World): Promise<Mutation[]> => {
	const swaps: Mutation[] = [];
	for (const [what, other] of Object.entries(others)) {
		for (const path of files) {
			const from = toPlace(path, what);
			const [ours, theirs] = await Promise.all([readFile(join(folder, path)), readFile(join(other, from))]);
			if (!ours.equals(theirs)) swaps.push(toSwap(`swap with ${what}:`, path, other, from));
		}
	}
	return swaps;
};

const toBundle = (record: string): string =>
	record.replace(/^records\/(.*)\.json$/, 'attestations/stage-$1.sigstore.json');

const toDrop = (path: string): Mutation => ({
	name: `drop ${path}`,
	path,
	apply: (folder) => rm(join(folder, path)),
});

const toPairs = ({ files, others }: World): Mutation[] =>
	files
		.filter((path) => path.startsWith('records/'))
		.flatMap((path) => [
			toJoint(`drop ${path} and its signature`, [toDrop(path), toDrop(toBundle(path))]),
			...Object.entries(others).map(([what, other]) =>
				toJoint(`swap ${path} and its signature with ${what}`, [
					toSwap('', path, other),
					toSwap('', toBundle(path), other),
				]),
			),
		]);

const ADDED = [
	toAddition('extra.txt', 'x'),
	toAddition('artifacts/extra.tgz', 'x'),
	toAddition('sbom/extra.cdx.json', '{}'),
	toAddition('gate/extra.json', '{}'),
	toAddition('records/extra.json', '{}'),
	toAddition('records/build-plan9-mips.json', {
		copyOf: `records/build-${process.platform}-${process.arch}.json`,
	}),
	toAddition('records/build-linux-x64.json.tmp', ''),
	toAddition('attestations/extra.sigstore.json', { copyOf: 'attestations/provenance.sigstore.json' }),
	toAddition('attestations/provenance-2.sigstore.json', { copyOf: 'attestations/provenance.sigstore.json' }),
	toAddition('attestations/npm-none.tgz.sigstore.json', { copyOf: 'attestations/provenance.sigstore.json' }),
	toAddition('attestations/revocation-x.sigstore.json', { copyOf: 'attestations/provenance.sigstore.json' }),
	toAddition('attestations/stage-x.sigstore.json', { copyOf: 'attestations/provenance.sigstore.json' }),
	toAddition('attestations/deep/x.sigstore.json', { copyOf: 'attestations/provenance.sigstore.json' }),
	toAddition('attestations/vsa.json', '{}'),
];

const VSA = 'attestations/vsa.sigstore.json';

/**
 * Nothing else may be accepted. A summary of an earlier check is no link of the chain: it is made after the last record,
 * nothing rests on it, and without it everything is checked again. Blanks around what is signed in it change nothing
 * that it says.
 */
const HARMLESS = [`delete ${VSA}`, `lengthen ${VSA}`, `lay out anew ${VSA}`];

describe('with a key', () => {
	let world: World;
	beforeAll(async () => {
		world = await makeWorld(await signWithKey(context), 'key');
	});
	const run = (mutations: readonly Mutation[]) => tryAll(world.folder, world.signing, mutations);

	test('the whole chain holds', async () => {
		const found = await verify(world.folder, world.signing);
		expect(found.stages.map(({ stage }) => stage)).toEqual(STAGES);
		expect(found.attestations).toHaveLength(
			world.files.filter((path) => path.startsWith('attestations/')).length,
		);
		expect(found).toMatchObject({
			project: 'greet',
			version: '1.0.0',
			buildLevel: 1,
			gatePolicy: { isSame: true },
		});
	});

	test('no file can be deleted, cut, changed, linked or renamed', async () => {
		const tried = thin(world.files.flatMap(toPlainMutations));
		const harmless = HARMLESS.slice(0, 2).filter((harm) => tried.some(({ name }) => name === harm));
		expect(await run(tried)).toEqual(harmless.map((name) => `accepted: ${name}`));
	});

	test('no file can be swapped with that of another version, of other bytes, or of an earlier run', async () => {
		expect(await run(thin(await toSwaps(world)))).toEqual([]);
	});

	test('no record can be dropped or swapped together with its signature', async () => {
		expect(await run(thin(toPairs(world)))).toEqual([]);
	});

	test('nothing can be added', async () => {
		expect(await run(ADDED)).toEqual([]);
	});

	test('no file can take the place of its neighbour', async () => {
		const neighbours = world.files.flatMap((path) => {
			const folder = path.split('/').slice(0, -1).join('/');
			const beside = world.files.filter(
				(other) => other !== path && other.split('/').slice(0, -1).join('/') === folder,
			);
			return beside.slice(0, NEIGHBOURS).map((other) => toSwap('swap', path, world.folder, other));
		});
		expect(await run(thin(neighbours))).toEqual([]);
	});

	test.each(['manifest.json', 'records', 'sbom', 'gate'])(
		'no field of a JSON file can be changed or dropped: %s',
		async (part) => {
			const paths = world.files.filter((path) => path.startsWith(part) && path.endsWith('.json'));
			const mutations = await Promise.all(
				paths.map(async (path) =>
					toJsonMutations(
						path,
						await readFile(join(world.folder, path)),
						part === 'manifest.json' ? FIELDS.manifest : FIELDS.others,
					),
				),
			);
			const accepted = await run(mutations.flat());
			expect(accepted).toEqual([]);
		},
		900_000,
	);
});

describe('with certificates, a log and timestamps', () => {
	test('the whole chain holds, and no file can be changed or swapped with that of an earlier run', async () => {
		const sigstore = await startSigstore();
		try {
			const signing = await signKeyless(sigstore, context);
			const world = await makeWorld(signing, 'keyless');
			const found = await verify(world.folder, signing);
			expect(found.stages.map(({ stage }) => stage)).toEqual(STAGES);
			expect(found.attestations.every(({ signedAt, logs }) => signedAt !== null && logs.length === 1)).toBe(
				true,
			);
			const swaps = await toSwaps({ ...world, others: { 'earlier run': world.others['earlier run'] ?? '' } });
			const flips = world.files.flatMap((path) => toPlainMutations(path).slice(5, 6));
			expect(await tryAll(world.folder, signing, [...thin(swaps), ...thin(flips)])).toEqual([]);
		} finally {
			await sigstore.stop();
		}
	});
});
