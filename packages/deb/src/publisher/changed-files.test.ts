import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeWith, testAtLength } from '@slipway/testing';
import { toSampleDeb } from '../repository/sample-deb.fixture.ts';
import { runApt, updateLists, withAptRoot } from './apt-root.ts';
import { release, toSource } from './apt-world.fixture.ts';
import { toSourcesText } from './sources-text.ts';
import {
	DAY_MS,
	edit,
	flip,
	listCopies,
	SECOND_MS,
	signAgain,
	suitePath,
	withRelease,
} from './tampering.fixture.ts';

describeWith('apt-get', 'files that changed, and what clients have seen', () => {
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

	testAtLength('10, 11: an index is read though its plain or its by-hash copy is gone', () =>
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
		}),
	);

	testAtLength(
		'a damaged Release.gpg harms nobody who reads InRelease, and the next release repairs it',
		() =>
			withRelease(async (world, subjects) => {
				await writeFile(suitePath(world, 'Release.gpg'), 'hello');
				const publisher = await world.publisher();
				await publisher.verify(subjects, 'exposed', world.context);
				await release(world, publisher, [toSampleDeb('greet', '1.1.0-1')]);
				expect(await readFile(suitePath(world, 'Release.gpg'), 'utf8')).toContain('BEGIN PGP SIGNATURE');
			}),
	);

	test('7: an older InRelease put back is refused, and apt keeps what it has seen', () =>
		withRelease(async (world) => {
			const publisher = await world.publisher();
			const old = await readFile(suitePath(world, 'InRelease'));
			const source = toSource(world);
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

	testAtLength('7b: after our rollback a client that saw the newer version goes back to the older one', () =>
		withRelease(async (world) => {
			const publisher = await world.publisher();
			const second = await release(world, publisher, [toSampleDeb('greet', '1.1.0-1')]);
			const source = toSource(world);
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
		}),
	);

	testAtLength('9: a changed Label is an error for apt, so the publisher never changes it', () =>
		withRelease(async (world, subjects) => {
			const source = toSource(world);
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
		}),
	);

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
