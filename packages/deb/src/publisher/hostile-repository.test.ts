import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Subject } from '@slipway/core';
import { describeWith } from '@slipway/testing';
import { toClearText } from '../repository/clear-text.ts';
import { parseRelease, type Release, toRelease } from '../repository/release-file.ts';
import { toSampleDeb } from '../repository/sample-deb.fixture.ts';
import { generateSigningKey, readSigningKey, type SigningKey } from '../repository/signing-key.ts';
import { runApt, updateLists, withAptRoot } from './apt-root.ts';
import { type AptWorld, release, withAptWorld } from './apt-world.fixture.ts';
import { toSourcesText } from './sources-text.ts';

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;

const suitePath = ({ folder }: AptWorld, file: string): string => join(folder, 'dists/stable', file);

/** Every file of the index of amd64 in one form, plain or .gz, at its own path and by-hash. */
const listCopies = async (world: AptWorld, isWanted: (bytes: Buffer) => boolean): Promise<string[]> => {
	const folder = suitePath(world, 'main/binary-amd64');
	const names = await readdir(folder, { recursive: true, withFileTypes: true });
	const paths = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
	const wanted = await Promise.all(paths.map(async (path) => isWanted(await readFile(path))));
	return paths.filter((_path, at) => wanted[at]);
};

const edit = async (path: string, change: (bytes: Buffer) => Buffer): Promise<void> =>
	writeFile(path, change(await readFile(path)));

const flip = (bytes: Buffer): Buffer => {
	const at = bytes.length - 12;
	return Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)));
};
const lengthen = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.from('\0\0\0')]);

const editIndexes = async (world: AptWorld, change: (bytes: Buffer) => Buffer): Promise<void> => {
	for (const path of await listCopies(world, ({ length }) => length > 0)) await edit(path, change);
};

/** Signs the served Release again as somebody could who has the key. */
const signAgain = async (world: AptWorld, change: Partial<Release>, key?: SigningKey): Promise<void> => {
	const path = suitePath(world, 'InRelease');
	const served = parseRelease(toClearText(await readFile(path)));
	const signer = key ?? (await readSigningKey(world.key.privateKey));
	const next = { ...served, serial: served.serial + 1, ...change };
	await writeFile(path, await signer.clearSign(toRelease(next), Date.now()));
	// apt asks "changed since?" in whole seconds.
	const later = Date.now() / SECOND_MS + 5;
	await utimes(path, later, later);
};

const otherKey = async (): Promise<SigningKey> =>
	readSigningKey((await generateSigningKey({ name: 'Eve', email: 'eve@example.org', days: 9 })).privateKey);

type Tamper = (world: AptWorld) => Promise<void>;

/** What was done to the repository, what apt says, and the code with which the publisher refuses to build on it. */
const cases: readonly [name: string, tamper: Tamper, aptSays: RegExp, refusal: string][] = [
	[
		'1: an index changed, same size',
		(world) => editIndexes(world, flip),
		/Hash Sum mismatch/,
		'APT_REPOSITORY_TAMPERED',
	],
	[
		'2: an index of another size',
		(world) => editIndexes(world, lengthen),
		/unexpected size|Hash Sum/,
		'APT_REPOSITORY_TAMPERED',
	],
	[
		'3: one byte of InRelease changed',
		(world) =>
			edit(suitePath(world, 'InRelease'), (bytes) => Buffer.from(bytes.toString().replace('arm64', 'arm46'))),
		/not signed|BADSIG|invalid/,
		'APT_REPOSITORY_TAMPERED',
	],
	[
		'4: signed by another key',
		async (world) => signAgain(world, {}, await otherKey()),
		/NO_PUBKEY|not signed/,
		'APT_REPOSITORY_OTHER_KEY',
	],
	[
		'5: Valid-Until passed',
		(world) => signAgain(world, { validUntil: Math.floor(Date.now() / SECOND_MS) * SECOND_MS - DAY_MS }),
		/is expired/,
		'APT_REPOSITORY_EXPIRED',
	],
	[
		'6: dated ahead',
		(world) => signAgain(world, { date: Math.ceil(Date.now() / SECOND_MS) * SECOND_MS + 2 * DAY_MS }),
		/not valid yet/,
		'APT_DATE_AHEAD',
	],
	[
		'8: no signature at all',
		async (world) => {
			await rm(suitePath(world, 'InRelease'));
			await rm(suitePath(world, 'Release.gpg'));
		},
		/is not signed/,
		'APT_REPOSITORY_UNSIGNED',
	],
	[
		'8b: InRelease without a signature',
		(world) => edit(suitePath(world, 'InRelease'), (bytes) => Buffer.from(toClearText(bytes))),
		/not signed|Clearsigned file isn't valid|NOSPLIT/,
		'APT_REPOSITORY_UNSIGNED',
	],
	[
		'8c: InRelease gone, Release.gpg of other bytes',
		async (world) => {
			await rm(suitePath(world, 'InRelease'));
			await edit(suitePath(world, 'Release'), (bytes) =>
				Buffer.from(bytes.toString().replace('arm64', 'arm46')),
			);
		},
		/not signed|BADSIG/,
		'APT_REPOSITORY_TAMPERED',
	],
	[
		'a suite in the place of another',
		(world) => signAgain(world, { suite: 'testing', codename: 'testing' }),
		/conflicting distribution|APT_NEVER/i,
		'APT_REPOSITORY_OTHER_SUITE',
	],
	[
		'both copies of an index gone',
		async (world) => {
			for (const path of await listCopies(world, () => true)) await rm(path);
		},
		/404/,
		'APT_REPOSITORY_TAMPERED',
	],
];

const withRelease = (task: (world: AptWorld, subjects: readonly Subject[]) => Promise<void>): Promise<void> =>
	withAptWorld(async (world) => {
		await task(world, await release(world, await world.publisher(), [toSampleDeb('greet', '1.0.0-1')]));
	});

describeWith('apt-get', 'a repository that somebody tampered with', () => {
	test.each(cases)('%s', (name, tamper, aptSays, refusal) =>
		withRelease(async (world, subjects) => {
			await tamper(world);
			const { context, change } = world;
			const publisher = await world.publisher();
			const builtIn = await world.publisher({ client: 'built-in' });

			// apt only warns where the suite is another one.
			if (!name.startsWith('a suite'))
				await expect(publisher.verify(subjects, 'exposed', context)).rejects.toMatchObject({
					code: 'APT_CLIENT_FAILED',
					message: expect.stringMatching(aptSays),
				});
			await expect(builtIn.verify(subjects, 'exposed', context)).rejects.toMatchObject({
				name: 'SlipwayError',
			});

			const before = await readFile(suitePath(world, 'Release')).catch(() => null);
			const sample = toSampleDeb('greet', '1.1.0-1');
			world.debs.set(sample.artifact.digest.sha256, sample);
			const { findings } = await publisher.preflight(
				{ operation: 'release', artifacts: [sample.artifact] },
				context,
			);
			const codes = findings.map(({ code }) => code);
			// A wrong date is only seen when the next one is to be set.
			if (refusal !== 'APT_DATE_AHEAD') expect(codes).toContain(refusal);
			const withdrawal = publisher.withdraw(subjects, 'exposed', { ...change, reason: 'test' });
			await expect(withdrawal).rejects.toMatchObject({ code: refusal });
			expect(await readFile(suitePath(world, 'Release')).catch(() => null)).toEqual(before);
		}),
	);

	test('12: a .deb changed in the pool', () =>
		withRelease(async (world, subjects) => {
			const path = join(world.folder, 'pool/main/g/greet/greet_1.0.0-1_all.deb');
			await edit(path, flip);
			const publisher = await world.publisher();
			await expect(publisher.verify(subjects, 'exposed', world.context)).rejects.toMatchObject({
				message: expect.stringContaining('Hash Sum mismatch'),
			});
			const builtIn = await world.publisher({ client: 'built-in' });
			await expect(builtIn.verify(subjects, 'exposed', world.context)).rejects.toMatchObject({
				message: expect.stringContaining('Hash Sum mismatch'),
			});
			await expect(publisher.verify(subjects, 'hidden', world.context)).rejects.toMatchObject({
				code: 'APT_VERIFICATION_FAILED',
			});
			const artifact = subjects[0]?.artifacts[0];
			expect(artifact && (await publisher.probe(artifact, world.context))).toMatchObject({
				state: 'mismatch',
			});
		}));

	test('10, 11: an index is read though its plain or its by-hash copy is gone', () =>
		withRelease(async (world, subjects) => {
			const publisher = await world.publisher();
			const copies = await listCopies(world, () => true);
			const gone = new Map<string, Buffer>();
			for (const isByHash of [true, false]) {
				for (const path of copies.filter((copy) => copy.includes('by-hash') === isByHash)) {
					gone.set(path, await readFile(path));
					await rm(path);
				}
				await publisher.verify(subjects, 'exposed', world.context);
				await publisher.preflight({ operation: 'status', subjects }, world.context);
				for (const [path, bytes] of gone) await writeFile(path, bytes);
			}
		}));

	test('a damaged Release.gpg harms nobody who reads InRelease, and the next release repairs it', () =>
		withRelease(async (world, subjects) => {
			await writeFile(suitePath(world, 'Release.gpg'), 'hello');
			const publisher = await world.publisher();
			await publisher.verify(subjects, 'exposed', world.context);
			await release(world, publisher, [toSampleDeb('greet', '1.1.0-1')]);
			expect(await readFile(suitePath(world, 'Release.gpg'), 'utf8')).toContain('BEGIN PGP SIGNATURE');
		}));

	test('7: an older InRelease put back is refused, and apt keeps what it has seen', () =>
		withRelease(async (world) => {
			const publisher = await world.publisher();
			const old = await readFile(suitePath(world, 'InRelease'));
			const source = {
				url: world.url,
				suite: 'stable',
				component: 'main',
				architectures: ['amd64'],
				key: world.key.publicKey,
			};
			const second = await release(world, publisher, [toSampleDeb('greet', '1.1.0-1')]);
			await withAptRoot(source, world.context, async (root) => {
				await updateLists(root);
				await writeFile(suitePath(world, 'InRelease'), old);
				await updateLists(root);
				expect((await runApt(root, ['apt-cache', 'policy', 'greet'])).stdout).toContain('Candidate: 1.1.0-1');
			});
			const { findings } = await publisher.preflight(
				{ operation: 'rollback', subjects: second },
				world.context,
			);
			expect(findings).toMatchObject([{ severity: 'error', code: 'APT_REPOSITORY_REPLAYED' }]);
			await expect(
				publisher.withdraw(second, 'exposed', { ...world.change, reason: 'test' }),
			).rejects.toMatchObject({ code: 'APT_REPOSITORY_REPLAYED' });
			await rm(suitePath(world, 'InRelease'));
			await rm(suitePath(world, 'Release'));
			await expect(
				publisher.withdraw(second, 'exposed', { ...world.change, reason: 'test' }),
			).rejects.toMatchObject({ code: 'APT_REPOSITORY_REPLAYED' });
		}));

	test('7b: after our rollback a client that saw the newer version goes back to the older one', () =>
		withRelease(async (world) => {
			const publisher = await world.publisher();
			const second = await release(world, publisher, [toSampleDeb('greet', '1.1.0-1')]);
			const source = {
				url: world.url,
				suite: 'stable',
				component: 'main',
				architectures: ['amd64'],
				key: world.key.publicKey,
			};
			await withAptRoot(source, world.context, async (root) => {
				const candidate = async (): Promise<string> => {
					await updateLists(root);
					return (
						/Candidate: (\S+)/.exec((await runApt(root, ['apt-cache', 'policy', 'greet'])).stdout)?.[1] ?? ''
					);
				};
				expect(await candidate()).toBe('1.1.0-1');
				await publisher.withdraw(second, 'exposed', { ...world.change, reason: 'test' });
				expect(await candidate()).toBe('1.0.0-1');
				await publisher.expose(second, world.change);
				expect(await candidate()).toBe('1.1.0-1');
			});
		}));

	test('9: a changed Label is an error for apt, so the publisher never changes it', () =>
		withRelease(async (world, subjects) => {
			const source = {
				url: world.url,
				suite: 'stable',
				component: 'main',
				architectures: ['amd64'],
				key: world.key.publicKey,
			};
			const publisher = await world.publisher({}, { label: 'Other' });
			const { findings } = await publisher.preflight({ operation: 'rollback', subjects }, world.context);
			expect(findings).toMatchObject([{ code: 'APT_ORIGIN_CHANGED' }]);
			await withAptRoot(source, world.context, async (root) => {
				await updateLists(root);
				await signAgain(world, {
					label: 'Other',
					date: Math.floor(Date.now() / SECOND_MS) * SECOND_MS + 3000,
				});
				await expect(updateLists(root)).rejects.toMatchObject({
					message: expect.stringContaining("changed its 'Label' value"),
				});
			});
		}));

	test('a key that has expired since is refused', () =>
		withRelease(async (world, subjects) => {
			const clock = { ...world.context.clock, now: () => Date.now() + 500 * DAY_MS };
			const publisher = await world.publisher();
			const { findings } = await publisher.preflight(
				{ operation: 'rollback', subjects },
				{ ...world.context, clock },
			);
			expect(findings.map(({ code }) => code)).toContain('APT_KEY_EXPIRED');
		}));

	test('the .sources file of users is the one that verification used', () => {
		const text = toSourcesText({
			url: 'https://example.org/apt',
			suite: 'stable',
			component: 'main',
			key: 'a\n\nb',
		});
		expect(text).toBe(
			'Types: deb\nURIs: https://example.org/apt\nSuites: stable\nComponents: main\nSigned-By:\n a\n .\n b\n',
		);
	});
});
